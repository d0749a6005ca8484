import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

/** The lines of a text file, gunzipped if its name ends in `.gz`. */
export async function* readLines(file: string): AsyncGenerator<string> {
  const bytes = createReadStream(file);
  const input = file.endsWith(".gz") ? bytes.pipe(createGunzip()) : bytes;
  // A pipe does not hand on errors of its source.
  if (input !== bytes) bytes.on("error", (error) => input.destroy(error));
  yield* createInterface({ input, crlfDelay: Infinity });
}
