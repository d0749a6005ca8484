import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createSealer } from "./sealer.ts";

const secret = "operator-secret-0123456789";

test("what is sealed opens under its own secret, workspace and name alone", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (text, workspace, name) => {
      const sealer = createSealer(secret);
      const sealed = sealer.seal(workspace, name, text);
      expect(createSealer(secret).open(workspace, name, sealed)).toBe(text);
      expect(() => sealer.open(`${workspace}x`, name, sealed)).toThrow();
      expect(() => sealer.open(workspace, `${name}x`, sealed)).toThrow();
      expect(() => createSealer(`${secret}x`).open(workspace, name, sealed)).toThrow();
    }),
    { numRuns: 50 },
  );
});

test("the same text is sealed anew each time, shows nothing, and bears no change", () => {
  const sealer = createSealer(secret);
  const text = "sk-live-abcdefghijklmnop";
  const sealed = sealer.seal("w", "k", text);
  expect(sealer.seal("w", "k", text)).not.toBe(sealed);
  expect(Buffer.from(sealed.slice(3), "base64url").toString("latin1")).not.toContain("abcdef");
  for (const at of [4, 20, sealed.length - 2]) {
    const other = sealed[at] === "A" ? "B" : "A";
    const changed = `${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`;
    expect(() => sealer.open("w", "k", changed)).toThrow();
  }
  expect(() => sealer.open("w", "k", sealed.replace("v1", "v2"))).toThrow("unknown version");
});
