import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askFrom } from "./ask-gateway.ts";
import { bundleSizeOf } from "./bundle-size.ts";
import { compare } from "./compare.ts";
import { watchDashboard } from "./dashboard.ts";
import type { Decisions } from "./decisions.ts";
import { execute } from "./execute.ts";
import { installPacked, installRuntimes } from "./prepare.ts";
import { absenceOf, allMustRun, chromium, others, reference, workerd } from "./runtimes.ts";
import type { Runtime } from "./runtimes.ts";
import { runWorkerExample } from "./worker-example.ts";

/**
 * `npm run test:runtimes`: the packed core, installed without dependencies, must decide the same in every
 * runtime, and stay small as a bundle; the packed client must hear the same of a gateway.
 */
const results = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };

const say = (name: string, verdict: string, detail: string): void => {
  process.stdout.write(`${name.padEnd(12)} ${verdict.padEnd(8)} ${detail}\n`);
};

/** Runs one check, says how it went and counts it. */
const check = async (name: string, body: () => Promise<string>): Promise<void> => {
  try {
    say(name, "ok", await body());
    results.numPassedTests += 1;
  } catch (error) {
    say(name, "FAILED", error instanceof Error ? error.message : String(error));
    results.numFailedTests += 1;
  }
};

/** The same for what has nothing to say but how long it took. */
const timed = (name: string, body: () => Promise<void>): Promise<void> =>
  check(name, async () => {
    const startedAt = performance.now();
    await body();
    return `installed in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  });

/** The same for what needs a runtime that may not be published for this platform. */
const checkIn = async (
  runtime: Runtime,
  body: () => Promise<string>,
  name = runtime.name,
): Promise<void> => {
  const absence = absenceOf(runtime);
  if (absence === null) return check(name, body);
  if (allMustRun) return check(name, () => Promise.reject(new Error(absence)));
  say(name, "skipped", absence);
  results.numPendingTests += 1;
};

/** Bytes of core as a bundle, gzip. */
const BUNDLE_LIMIT = 30_000;
/** The download, some 250 MB, takes what the network takes; all else is done in a fraction of its time. */
const LONGEST_DOWNLOAD_MS = 600_000;
const LONGEST_MS = 170_000;

await timed("runtimes", () => installRuntimes(AbortSignal.timeout(LONGEST_DOWNLOAD_MS)));
const signal = AbortSignal.timeout(LONGEST_MS);
const folder = mkdtempSync(join(tmpdir(), "pointsman-runtimes-"));

const decide = async (runtime: Runtime): Promise<Decisions> =>
  // Printed by `decisions`; `compare` finds whatever is not so.
  JSON.parse(await runtime.run({ folder, signal })) as Decisions;

const versionOf = async ({ binary, env = {} }: Runtime): Promise<string> => {
  const asked = { command: binary, args: ["--version"], cwd: folder, env };
  const printed = await execute({ ...asked, signal });
  return /\d[\d.-]*\d/u.exec(printed)?.[0] ?? "unknown version";
};

/** Runs the program everywhere and compares. */
const compareAll = async (): Promise<void> => {
  const expected = await decide(reference);
  const count = Object.keys(expected.decided).length;
  await check(reference.name, async () => {
    const { difference } = compare(expected, await decide(reference));
    if (difference !== null) throw new Error(`not the same twice: ${difference}`);
    return `${await versionOf(reference)}: ${count} decisions, twice the same; what all are held to`;
  });
  for (const runtime of others) {
    await checkIn(runtime, async () => {
      const { deviation, difference } = compare(expected, await decide(runtime));
      if (difference !== null) throw new Error(difference);
      const largest = deviation === 0 ? "to the last bit" : `within ${deviation.toExponential(1)}`;
      return `${await versionOf(runtime)}: same order, numbers the same ${largest}`;
    });
  }
};

/** The client must hear the same everywhere. */
const askAll = async (): Promise<void> => {
  let expected = "";
  await check(`SDK, ${reference.name}`, async () => {
    const asked = await askFrom(reference, { folder, signal });
    const { whole, streamed, error, response, readBeforeLeaving } = asked;
    if (!whole || whole !== streamed) throw new Error(`whole ${whole}, streamed ${streamed}`);
    if (error !== "model_not_found" || response !== "completed" || readBeforeLeaving !== 1) {
      throw new Error(JSON.stringify(asked));
    }
    expected = JSON.stringify(asked);
    return "whole, streamed, left early, another surface, an error";
  });
  for (const runtime of others) {
    const told = async (): Promise<string> => {
      const asked = JSON.stringify(await askFrom(runtime, { folder, signal }));
      if (asked !== expected) throw new Error(`${asked}, not ${expected}`);
      return "the same";
    };
    await checkIn(runtime, told, `SDK, ${runtime.name}`);
  }
};

const workerExample = async (): Promise<string> => {
  const provider = await runWorkerExample({ binary: workerd.binary, folder, signal });
  return `examples/cloudflare-worker in workerd: answered by ${provider}`;
};

const measureBundle = async (): Promise<string> => {
  const { minified, gzip } = await bundleSizeOf(folder, signal);
  const text = `core is ${minified} bytes minified, ${gzip} with gzip (limit ${BUNDLE_LIMIT})`;
  if (gzip > BUNDLE_LIMIT) throw new Error(text);
  return text;
};

try {
  await timed("tarballs", () => installPacked(folder, signal));
  // Without them nothing below can run.
  if (results.numFailedTests === 0) {
    await compareAll();
    await checkIn(workerd, workerExample, "Worker");
    await askAll();
    await checkIn(chromium, () => watchDashboard(signal), "Dashboard");
    await check("bundle", measureBundle);
  }
} catch (error) {
  // Only the first run of the reference is outside of a check.
  say(reference.name, "FAILED", error instanceof Error ? error.message : String(error));
  results.numFailedTests += 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const cache = join(import.meta.dirname, "..", "..", "node_modules", ".cache");
mkdirSync(cache, { recursive: true });
writeFileSync(join(cache, "runtimes-results.json"), JSON.stringify(results));
const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = results;
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped
`);
// A check that failed may have left something listening.
process.exit(failed > 0 ? 1 : 0);
