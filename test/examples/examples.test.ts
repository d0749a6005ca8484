import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const examples = join(import.meta.dirname, "..", "..", "examples");

/** Runs an example as its reader would; resolves to the lines it prints. */
const linesOf = async (script: string): Promise<readonly string[]> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@pointsman/source", script],
    { cwd: examples, timeout: 45_000 },
  );
  return stdout.trimEnd().split("\n");
};

describe("the examples", () => {
  it("pure decision: a price tier turns the order round", async () => {
    expect(await linesOf("pure-decision.ts")).toEqual([
      "2000 prompt tokens: zenith $0.001160, then acme $0.001450",
      "50000 prompt tokens: acme $0.025450, then zenith $0.040720",
    ]);
  });

  it.each(["hono-server/main.ts", "ai-sdk/main.ts"])(
    "%s: the cheaper provider answers, and the other one when it fails",
    async (script) => {
      const lines = await linesOf(script);
      expect(lines).toHaveLength(4);
      expect(lines[0]).toMatch(/acme: success,? \$0\.0000145$/);
      expect(lines[1]).toBe("  The points are set.");
      expect(lines[2]).toMatch(/(acme: server_error, )+zenith: success,? \$0\.00001785$/);
      expect(lines[3]).toBe("  The other track is taken.");
    },
  );

  it("embedded engine: clients are answered in process, by whoever can", async () => {
    const [first, second, third, fourth] = await linesOf("embedded-engine/main.ts");
    expect([first, second, third]).toEqual([
      "deepinfra: The points are set.",
      "groq: The other track is taken.",
      "streamed: On any line.",
    ]);
    expect(fourth).toMatch(/^paid: \$0\.0000\d+$/u);
  });

  it("Cloudflare-style Worker: a conversation stays where it is cached", async () => {
    const lines = await linesOf("cloudflare-worker/main.ts");
    const turns = lines.slice(0, 3).map((line) => {
      const [, provider, cached, prompt, cost] =
        /^(\w+): (\d+) of (\d+) prompt tokens from its cache, \$([\d.e-]+)$/.exec(line) ?? [];
      return { provider, cached: Number(cached), prompt: Number(prompt), cost: Number(cost) };
    });
    const [first, second, third] = turns;
    expect(turns.map(({ provider }) => provider)).toEqual(["acme", "acme", "acme"]);
    expect(first?.cached).toBe(0);
    expect(second?.cached).toBeGreaterThan(0.8 * (second?.prompt ?? Infinity));
    expect(third?.cached).toBeGreaterThan(0.8 * (third?.prompt ?? Infinity));
    expect(third?.cost).toBeLessThan((first?.cost ?? 0) / 2);
    expect(lines[3]).toBe("GET /: 404");
  });
});
