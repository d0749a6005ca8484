import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { createImageFetcher } from "./fetch-image.ts";
import type { ImageFetcherOptions } from "./fetch-image.ts";
import { isPublicAddress } from "./public-address.ts";

/** A certificate for loopback, and its key: for tests alone. */
const folder = join(import.meta.dirname, "..", "..", "test", "tls");
const cert = readFileSync(join(folder, "certificate.pem"), "utf8");
const key = readFileSync(join(folder, "key.pem"), "utf8");

const png = Buffer.from("89504e470d0a1a0a0000000d", "hex");

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const serve = async (handler: Handler, options: ImageFetcherOptions = {}) => {
  const server = createServer({ cert, key }, handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const fetcher = createImageFetcher({ ca: cert, isAllowed: () => true, ...options });
  onTestFinished(async () => {
    await fetcher.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const signal = new AbortController().signal;
  return {
    port,
    fetch: (path: string, host = "localhost") =>
      fetcher.fetch(`https://${host}:${port}${path}`, signal),
    fetcher,
  };
};

const never = new AbortController().signal;

describe("an image", () => {
  test("is taken by what it is, not by what the server says", async () => {
    const { fetch } = await serve((_, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end(png);
    });
    expect(await fetch("/")).toEqual({ mimeType: "image/png", base64: png.toString("base64") });
    const { fetch: page } = await serve((_, response) => {
      response.writeHead(200, { "content-type": "image/png" });
      response.end("<html>");
    });
    await expect(page("/")).rejects.toThrow("is no PNG, JPEG, GIF or WebP image");
  });

  test("is followed three times, and no further", async () => {
    const { fetch } = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end();
      else response.end(png);
    });
    expect(await fetch("/3")).toMatchObject({ mimeType: "image/png" });
    await expect(fetch("/4")).rejects.toThrow("redirects more than 3 times");
  });

  test("has its bounds of size and time", async () => {
    const { fetch } = await serve(
      (request, response) => {
        if (request.url === "/slow") return;
        // Without a length, so that only counting tells.
        response.write(png);
        response.end(Buffer.alloc(2000));
      },
      { maxBytes: 1000, timeoutMs: 300 },
    );
    await expect(fetch("/large")).rejects.toThrow("is over 1000 bytes");
    await expect(fetch("/slow")).rejects.toThrow("did not come within 300 ms");
  });

  test("that is not there, or nowhere, is told so", async () => {
    const { fetch, fetcher } = await serve((_, response) => void response.writeHead(404).end());
    await expect(fetch("/")).rejects.toThrow("answered with status 404");
    await expect(fetcher.fetch("https://localhost:1/", never)).rejects.toThrow("cannot be reached");
  });
});

describe("nothing private is asked", () => {
  test("by name, by address, by redirect", async () => {
    let asked = 0;
    const { fetch } = await serve(() => (asked += 1), { isAllowed: isPublicAddress });
    for (const host of ["localhost", "127.0.0.1", "[::1]", "2130706433", "0x7f.1"]) {
      await expect(fetch("/", host)).rejects.toThrow("not on the public internet");
    }
    expect(asked).toBe(0);
    const loopback = (address: string): boolean => address === "127.0.0.1" || address === "::1";
    const { fetch: redirected } = await serve(
      (_, response) => void response.writeHead(302, { location: "https://10.0.0.1/" }).end(),
      { isAllowed: loopback },
    );
    await expect(redirected("/")).rejects.toThrow("not on the public internet");
  });

  test.each(["http://example.com/a.png", "file:///etc/passwd", "https://u:p@example.com/", "no"])(
    "%s",
    async (url) => {
      const fetcher = createImageFetcher();
      onTestFinished(() => fetcher.close());
      await expect(fetcher.fetch(url, never)).rejects.toThrow(/https|password|no URL/);
    },
  );

  test("public addresses are public, all others are not", () => {
    for (const address of ["1.1.1.1", "8.8.8.8", "172.15.0.1", "2606:4700::1111"]) {
      expect(isPublicAddress(address)).toBe(true);
    }
    for (const address of [
      "127.0.0.1",
      "10.1.2.3",
      "172.31.255.255",
      "169.254.169.254",
      "100.64.0.1",
      "0.0.0.0",
      "255.255.255.255",
      "::1",
      "::",
      "::ffff:127.0.0.1",
      "fe80::1",
      "fc00::1",
      "64:ff9b::7f00:1",
      "2002:7f00:1::",
      "example.com",
    ]) {
      expect([address, isPublicAddress(address)]).toEqual([address, false]);
    }
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [first = 0] = address.split(".").map(Number);
        if ([0, 10, 127].includes(first) || first >= 224) {
          expect(isPublicAddress(address)).toBe(false);
        }
      }),
    );
  });
});
