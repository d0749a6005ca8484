/** A schema has no instance, or none was found within the bounds; the maker then tries another way. */
export class Unsatisfiable extends Error {
  override readonly name = "Unsatisfiable";
}
