import { defineConfig } from "vitest/config";

const conditions = ["@pointsman/source", "module", "node", "import", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
    // They need something from outside: see vitest.outside.config.ts.
    exclude: ["**/node_modules/**", "**/*.service.test.ts", "**/*.client.test.ts"],
    environment: "node",
    pool: "forks",
    // No test changes what others share; a worker a file would cost more than the tests.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
