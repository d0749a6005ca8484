import type { FastifyRequest } from "fastify";
import { expect, test } from "vitest";
import { systemClock } from "@pointsman/engine";
import { createKeyRing } from "../auth/key-ring.ts";
import { mayWatch } from "./may-watch.ts";

const entry = (secret: string, scope: string) => ({
  secret,
  keyName: secret,
  workspace: "default",
  scopes: new Set([scope]),
  expiresAtMs: null,
  models: [],
  providers: [],
  rateLimitRpm: null,
});
const keys = createKeyRing([entry("operator", "admin"), entry("app", "inference")]);

const from = (remoteAddress: string | undefined, authorization?: string): Promise<boolean> => {
  const request = { socket: { remoteAddress }, headers: { authorization } };
  // All that is looked at.
  return mayWatch(request as unknown as FastifyRequest, keys, systemClock);
};

test.each([
  ["127.0.0.1", undefined, true],
  ["127.9.9.9", undefined, true],
  ["::1", undefined, true],
  ["::ffff:127.0.0.1", undefined, true],
  ["10.0.0.7", undefined, false],
  ["::ffff:10.0.0.7", undefined, false],
  ["127.0.0.1.example.org", undefined, false],
  [undefined, undefined, false],
  ["10.0.0.7", "Bearer operator", true],
  ["10.0.0.7", "Bearer app", false],
  ["10.0.0.7", "Bearer nobody", false],
] as const)("from %s with %s: %s", async (address, authorization, expected) => {
  expect(await from(address, authorization)).toBe(expected);
});
