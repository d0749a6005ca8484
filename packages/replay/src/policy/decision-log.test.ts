import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { replay } from "../drive/replay.ts";
import { alwaysDown, plainProvider, testTrace, testWorld } from "../replay.fixture.ts";
import { logPolicy, readDecisionLog } from "./decision-log.ts";

const folder = mkdtempSync(join(tmpdir(), "pointsman-log-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("decision logs", () => {
  it("are replayed attempt by attempt; what is missing has failed", async () => {
    const file = join(folder, "log.jsonl");
    writeFileSync(
      file,
      [
        '{"id":"r1","attempts":[{"provider":"down"},{"provider":"good","t_ms":1500}]}',
        '{"id":"r0","provider":"good","note":"unknown"}',
        '{"id":"r3","provider":"down"}',
      ].join("\n"),
    );
    const trace = testTrace({}, {}, {}, {});
    const tally = await replay({
      world: testWorld(plainProvider("good"), plainProvider("down", alwaysDown)),
      trace,
      goal: "cost",
      policy: logPolicy(await readDecisionLog(file)),
    });
    const ended = Map.groupBy(tally.records, ({ request }) => request.id);
    const shown = trace.requests.map(({ id }) =>
      ended.get(id)?.map(({ attempts, ttftMs }) => [id, attempts, ttftMs]),
    );
    expect(shown.flat()).toEqual([
      ["r0", 1, 100],
      ["r1", 2, 600],
      ["r2", 0, null],
      ["r3", 1, null],
    ]);
  });

  it("name the line at fault", async () => {
    const file = join(folder, "broken.jsonl");
    writeFileSync(file, '{"id":"r0","provider":"good"}\n{"id":"r1"}\n');
    await expect(readDecisionLog(file)).rejects.toThrow("line 2");
  });
});
