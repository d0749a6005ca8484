import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatFault } from "./fault.ts";
import { loadConfig } from "./load-config.ts";

// Begins and ends with letters that no message holds in this order.
const secret = fc.stringMatching(/^QZX[A-Za-z0-9 :#{}[\]@?&/,'"*!|>%-]{0,20}XZQ$/);

const lines = [
  (value: string) => `keys: [ { key: ${value} } ]`,
  (value: string) => `keys: [ { key: ${value}, workspace: none }, { key: ${value} } ]`,
  (value: string) => `keys: [ { key: { a: ${value} } } ]`,
  (value: string) => `keys: [ ${value} ]`,
  (value: string) => `keys: ${value}`,
  (value: string) => `keys: [ { kye: ${value} } ]`,
  (value: string) => `providers: { a: { apiKey: ${value}, apiKeys: [ ${value} ] } }`,
  (value: string) => `providers: { a: { apiKeys: ${value} } }`,
  (value: string) => `providers: { a: { apiKeys: [ [ ${value} ] ] } }`,
  (value: string) => `providers: { a: { apiKey: ${value}, kind: x } }`,
  (value: string) => `providers: { a: { apiKey: "\${" , b: ${value} } }`,
  (value: string) => `providers:\n  a:\n    apiKey: ${value}\n    apiKey: ${value}`,
  (value: string) => `providers:\n  a:\n   apiKey: ${value}\n  \tb: 1\n c: [`,
];

const messages = (text: string, env: Record<string, string>): string => {
  const result = loadConfig({ file: "f.yaml", text, env });
  return result.ok ? "" : JSON.stringify(result.faults) + result.faults.map(formatFault).join("\n");
};

test("no fault shows a secret that is written into the file, however broken", () => {
  fc.assert(
    fc.property(secret, fc.constantFrom(...lines), fc.boolean(), (value, line, quoted) => {
      const written = quoted ? JSON.stringify(value) : value;
      expect(messages(`bad: 1\n${line(written)}\n`, {})).not.toMatch(/QZX|XZQ/);
    }),
    { numRuns: 300 },
  );
});

test("no fault shows what a variable holds, wherever it was put", () => {
  const anywhere = [
    ...lines,
    (value: string) => `providers: { a: ${value} }`,
    (value: string) => `server: { host: ${value}, port: ${value}, publicUrl: ${value} }`,
    (value: string) => `state: ${value}`,
    (value: string) => `workspaces: [ { hedge: ${value}, buffer: ${value}, rescue: ${value} } ]`,
    (value: string) => `providers: { a: { kind: ${value}, baseUrl: "http://x:${value}/" } }`,
  ];
  fc.assert(
    fc.property(secret, fc.constantFrom(...anywhere), (value, line) => {
      expect(messages(`bad: 1\n${line('"${S}"')}\n`, { S: value })).not.toMatch(/QZX|XZQ/);
    }),
    { numRuns: 300 },
  );
});
