import { writeFileSync } from "node:fs";
import { configJsonSchema } from "../src/config/config-json-schema.ts";

// Run after a change of the configuration's schema; a test holds the file to it.
writeFileSync(new URL("../pointsman.schema.json", import.meta.url), configJsonSchema());
