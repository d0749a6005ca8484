#!/usr/bin/env node
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `pointsman needs Node.js 22.19 or newer; this is ${process.versions.node}.\n`,
  );
  process.exit(1);
}

// Compiled code is kept between starts.
nodeModule.enableCompileCache();

// In a checkout the sources run as they are; in an installed package only dist exists.
const source = new URL("../src/main.ts", import.meta.url);
if (existsSync(fileURLToPath(source))) {
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, "@pointsman/source"] }),
  });
  await import(source.href);
} else {
  await import(new URL("../dist/main.js", import.meta.url).href);
}
