/** Writes `data/models.json` out of `data/models.yaml`, which is what people edit. */
import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";

const data = new URL("../data/", import.meta.url);
const map: unknown = parse(readFileSync(new URL("models.yaml", data), "utf8"));
writeFileSync(new URL("models.json", data), `${JSON.stringify(map)}\n`);
