import type { Database } from "./database.ts";
import { migrations } from "./schema.ts";

/**
 * Brings the schema to the present version; of several processes at once one does.
 *
 * @throws RangeError if a later version wrote it
 */
export const migrate = async (db: Database): Promise<void> => {
  const { schema } = db;
  await db.transaction(async (sql) => {
    // One migration at a time per database; it is rare and short.
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('pointsman migrations', 0))`;
    const [found] = await sql`SELECT to_regclass(${`${schema}.version`}) IS NOT NULL AS known`;
    if (found?.["known"] !== true) {
      // In steps of their own: a user who may not make schemas can be given one.
      const [space] = await sql`SELECT to_regnamespace(${schema}) IS NOT NULL AS known`;
      if (space?.["known"] !== true) await sql.unsafe(`CREATE SCHEMA ${schema}`);
      await sql.unsafe(
        `CREATE TABLE ${schema}.version (version INTEGER NOT NULL);
         INSERT INTO ${schema}.version VALUES (0)`,
      );
    }
    const [row] = await sql.unsafe(`SELECT version FROM ${schema}.version`);
    const version = Number(row?.["version"]);
    if (version > migrations.length) {
      throw new RangeError(
        `the schema ${schema} has version ${version}, this one knows up to ${migrations.length}: it was written by a later one`,
      );
    }
    if (version === migrations.length) return;
    for (const step of migrations.slice(version)) await sql.unsafe(step(schema));
    await sql.unsafe(`UPDATE ${schema}.version SET version = ${migrations.length}`);
  });
};
