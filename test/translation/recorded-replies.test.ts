import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, expectedOn } from "./expected.ts";
import { createMatrix } from "./matrix.ts";
import { startRecordedGateway } from "./recorded-gateway.ts";
import type { RecordedGateway } from "./recorded-gateway.ts";
import { recordings as all } from "./recording.ts";
import type { Reader, Said } from "./said.ts";
import { surfaces } from "./surfaces.ts";

/**
 * Replies that real providers once gave (test/fixtures/wire/ATTRIBUTION.md), behind the gateway and
 * in front of real clients of every surface: what a client reads must be what the provider said.
 */
const recordings = all.map((recording) => [recording.file, recording] as const);

const matrix = createMatrix();
let gateway: RecordedGateway;

beforeAll(async () => {
  gateway = await startRecordedGateway();
});

afterAll(() => gateway.close());

/** Warnings are compared by themselves; what nobody counted the gateway estimates. */
const comparable = (said: Said, original: Said): Partial<Said> => {
  const { warnings: _warnings, usage, ...rest } = said;
  const isCounted = original.usage !== null && original.usage.input + original.usage.output > 0;
  return isCounted ? { ...rest, usage } : rest;
};

type Read = { readonly said: Said } | { readonly error: unknown };

const attempt = async (reading: Promise<Said>): Promise<Read> => {
  try {
    return { said: await reading };
  } catch (error) {
    return { error };
  }
};

describe.each(surfaces)("$surface", ({ surface, wire, own, aiSdk }) => {
  it.each(recordings)("%s", async (_file, recording) => {
    const { stream } = recording;
    const original = await gateway.original(recording);
    const expected = expectedOn(surface, recording, original);
    const read = (reader: Reader): Promise<Read> =>
      attempt(reader.read(gateway.play(recording), stream));

    const said = await read(own);
    if ("error" in expected) {
      expect(said).toHaveProperty("error");
      expect(codeOf("error" in said ? said.error : null)).toBe(expected.error);
      return;
    }
    if ("error" in said) throw said.error;
    expect(comparable(said.said, original)).toEqual(comparable(expected.said, original));
    expect(new Set(said.said.warnings)).toEqual(new Set(expected.said.warnings));
    matrix.add(surface, recording, said.said);

    const sdk = aiSdk(expected.said.calls.map(({ name }) => name));
    // What it makes of an answer of its wire's own maker is the measure, where it can read that at all.
    const alone =
      recording.wire === wire && wire !== "openai-chat"
        ? await attempt(sdk.read(gateway.playAlone(recording), stream))
        : expected;
    if (!("said" in alone)) return;
    const bySdk = await read(sdk);
    if ("error" in bySdk) throw bySdk.error;
    expect(comparable(bySdk.said, original), sdk.name).toEqual(comparable(alone.said, original));
  });
});

it("docs/translation.md tells what was read", async () => {
  await expect(matrix.page()).toMatchFileSnapshot("../../docs/translation.md");
});
