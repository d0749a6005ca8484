import { ImageFetchError } from "@pointsman/provider";
import type { FetchedImage } from "@pointsman/provider";
import { describe, expect, it } from "vitest";
import { createHarness } from "../../test/harness.ts";

const image = (url: string) => ({ type: "image_url", image_url: { url } });
const asking = (...urls: readonly string[]) => ({
  messages: [{ role: "user", content: [{ type: "text", text: "What?" }, ...urls.map(image)] }],
});

type Fetch = (url: string, signal: AbortSignal) => Promise<FetchedImage>;

const harness = (fetch: Fetch) => {
  const asked: string[] = [];
  const made = createHarness({
    images: {
      fetch: (url, signal) => {
        asked.push(url);
        return fetch(url, signal);
      },
      close: async () => {},
    },
  });
  return { ...made, asked };
};

const png: FetchedImage = { mimeType: "image/png", base64: "iVBORw0KGgo=" };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("images that a provider does not fetch", () => {
  it("go to it within the request, each fetched once, for all attempts", async () => {
    const { run, cheap, dear, asked } = harness(async () => png);
    for (const adapter of [cheap, dear]) adapter.takesImageUrls = () => false;
    const { heard } = run(asking("https://a/1.png", "https://a/1.png", "data:image/gif;base64,R0"));
    await settled();
    const sentTo = (adapter: typeof cheap) =>
      adapter.calls[0]?.call.request.neutral().messages[0]?.parts.slice(1);
    const inline = { kind: "image_url", url: "data:image/png;base64,iVBORw0KGgo=" };
    expect(sentTo(cheap)).toMatchObject([inline, inline, { url: "data:image/gif;base64,R0" }]);
    expect(cheap.calls[0]?.call.request.canPassThrough).toBe(false);
    cheap.calls[0]?.fail({ outcome: "rate_limited", status: 429, retryAfterMs: 60_000 });
    await settled();
    expect(sentTo(dear)).toEqual(sentTo(cheap));
    expect(asked).toEqual(["https://a/1.png"]);
    expect(heard.end).toBeNull();
  });

  it("are left to providers that fetch them", async () => {
    const { run, cheap, asked } = harness(async () => png);
    run(asking("https://a/1.png"));
    expect(cheap.calls).toHaveLength(1);
    expect(asked).toEqual([]);
  });

  it("that cannot be had are the caller's fault, told with their URL", async () => {
    const { run, cheap } = harness(async () => {
      throw new ImageFetchError("answered with status 404");
    });
    cheap.takesImageUrls = () => false;
    const { heard } = run(asking("https://a/gone.png"));
    await settled();
    expect(heard.end).toMatchObject({
      ok: false,
      started: false,
      error: {
        code: "invalid_parameter_value",
        param: "messages",
        message: "The image https://a/gone.png answered with status 404.",
      },
    });
    expect(cheap.calls).toEqual([]);
  });

  it("are not waited for once the caller left", async () => {
    let signal: AbortSignal | undefined;
    const { run, cheap, clock } = harness((_, given) => {
      signal = given;
      return new Promise(() => {});
    });
    cheap.takesImageUrls = () => false;
    const { handle } = run(asking("https://a/1.png"));
    await settled();
    handle.cancel();
    expect(signal?.aborted).toBe(true);
    expect(clock.waiting).toBe(0);
  });

  it("are 32 at most", async () => {
    const { run, cheap } = harness(async () => png);
    cheap.takesImageUrls = () => false;
    const urls = Array.from({ length: 33 }, (_, at) => `https://a/${at}.png`);
    const { heard } = run(asking(...urls));
    await settled();
    expect(heard.end).toMatchObject({ ok: false, error: { code: "invalid_parameter_value" } });
  });
});
