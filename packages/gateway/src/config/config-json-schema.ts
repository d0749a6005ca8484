import { z } from "zod";
import { configSchema } from "./config-schema.ts";

/** JSON Schema (2020-12) of the file, for editors. What spans several values is not in it. */
export const configJsonSchema = (): string => {
  const schema = z.toJSONSchema(configSchema, { io: "input", reused: "inline" });
  return `${JSON.stringify({ title: "pointsman.yaml", ...schema }, null, 2)}\n`;
};
