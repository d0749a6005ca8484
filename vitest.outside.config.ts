import { defineConfig, mergeConfig } from "vitest/config";
import shared from "./vitest.config.ts";

/** Tests that need something from outside: servers (`services`) or Python clients (`clients`). */
const kinds = { services: "service", clients: "client" } as const;
const kind = process.env["POINTSMAN_TESTS"] === "clients" ? kinds.clients : kinds.services;

export default mergeConfig(
  { ...shared, test: { ...shared.test, include: [], exclude: [] } },
  defineConfig({
    test: {
      include: [`packages/*/src/**/*.${kind}.test.ts`, `test/**/*.${kind}.test.ts`],
      exclude: ["**/node_modules/**"],
    },
  }),
);
