import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordings as all } from "./recording.ts";
import { startRecordedGateway } from "./recorded-gateway.ts";
import type { RecordedGateway } from "./recorded-gateway.ts";
import { expectedOn } from "./expected.ts";
import type { Said } from "./said.ts";
import { surfaces } from "./surfaces.ts";

/**
 * Replies that real providers once gave (test/fixtures/wire/ATTRIBUTION.md), behind the gateway and
 * in front of real clients of every surface: what a client reads must be what the provider said.
 */
const recordings = all.filter(({ wire }) => wire === "openai-chat" || wire === "gemini");

let gateway: RecordedGateway;

beforeAll(async () => {
  gateway = await startRecordedGateway();
});

afterAll(() => gateway.close());

/** Warnings are compared by themselves; what nobody counted the gateway estimates. */
const comparable = (said: Said, original: Said): Partial<Said> => {
  const { warnings: _warnings, usage, ...rest } = said;
  return original.usage === null ? rest : { ...rest, usage };
};

describe.each(surfaces)("$surface", ({ surface, own, aiSdk }) => {
  it.each(recordings)("$wire $file", async (recording) => {
    const original = await gateway.original(recording);
    const { stream } = recording;
    const expected = expectedOn(surface, recording, original);
    const said = await own.read(gateway.play(recording), stream);
    expect(comparable(said, original)).toEqual(comparable(expected.own, original));
    expect(new Set(said.warnings)).toEqual(new Set(expected.own.warnings));

    const reader = aiSdk(expected.own.calls.map(({ name }) => name));
    const byAiSdk = await reader.read(gateway.play(recording), stream);
    expect(comparable(byAiSdk, original), reader.name).toEqual(
      comparable(expected.aiSdk, original),
    );
  });
});
