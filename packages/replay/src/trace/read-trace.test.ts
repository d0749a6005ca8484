import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { readTrace } from "./read-trace.ts";

const folder = mkdtempSync(join(tmpdir(), "pointsman-trace-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const line = (fields: object): string =>
  JSON.stringify({ id: "a", t_ms: 0, in_tokens: 1, out_tokens: 2, ...fields });

const fileOf = (name: string, ...lines: readonly string[]): string => {
  const file = join(folder, name);
  const text = `${lines.join("\n")}\n`;
  writeFileSync(file, name.endsWith(".gz") ? gzipSync(text) : text);
  return file;
};

describe("traces", () => {
  it.each(["t.jsonl", "t.jsonl.gz"])("reads %s, and its length beyond a limit", async (name) => {
    const file = fileOf(
      name,
      line({ session: "s", blocks: [1], more: 1 }),
      line({ id: "b", t_ms: 9 }),
    );
    expect(await readTrace(file, { name: "t", limit: 1 })).toEqual({
      name: "t",
      lengthMs: 9,
      requests: [
        { id: "a", atMs: 0, session: "s", inTokens: 1, outTokens: 2, blocks: [1], model: "m" },
      ],
    });
  });

  it.each([
    ["{", "not JSON"],
    ["7", "not an object"],
    [line({ in_tokens: -1 }), "in_tokens is no count"],
    [line({ blocks: ["x"] }), "blocks is no list of ids"],
    [line({ t_ms: 4 }), "arrives before the line above"],
  ])("names the line at fault: %s", async (broken, reason) => {
    const file = fileOf("broken.jsonl", line({ t_ms: 5 }), "", broken);
    await expect(readTrace(file, { name: "t" })).rejects.toThrow(`line 3: ${reason}`);
  });

  it("rejects for a file that is not there", async () => {
    await expect(readTrace(join(folder, "none.gz"), { name: "t" })).rejects.toThrow("ENOENT");
  });
});
