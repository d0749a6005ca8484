import type { Catalog } from "./catalog.ts";
import { compileCatalog } from "./compile-catalog.ts";
import { readSources } from "./source/read-sources.ts";

/**
 * Reads and compiles the data that this package ships: synchronous, some 30 ms, once per process
 * (keep the result). Reads nothing else and sends nothing.
 *
 * @throws if the package's data files are missing or broken
 */
export const loadCatalog = (): Catalog => compileCatalog(readSources());
