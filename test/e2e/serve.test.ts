import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pointsman, serve } from "../support/pointsman.ts";
import type { Served } from "../support/pointsman.ts";

type ErrorBody = {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: string;
    readonly param: string | null;
    readonly doc_url: string;
    readonly suggestion?: string;
  };
};

describe("pointsman serve", () => {
  let served: Served;

  beforeAll(async () => {
    served = await serve();
  });

  afterAll(async () => {
    await served.stop();
  });

  const post = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
    fetch(`${served.ready.url}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${served.ready.key}`, ...headers },
      body,
    });

  const errorOf = async (response: Response): Promise<ErrorBody["error"]> => {
    const { error } = (await response.json()) as ErrorBody;
    // What every error owes its caller.
    expect(response.headers.get("x-request-id")).toMatch(/^req_[A-Za-z0-9]{24}$/);
    expect(response.headers.get("request-id")).toBe(response.headers.get("x-request-id"));
    expect(response.headers.get("x-should-retry")).toBe(response.headers.get("x-error-retryable"));
    expect(response.headers.get("x-error-type")).toBeTruthy();
    expect(error.message).not.toBe("");
    expect(error.doc_url).toBe(`${new URL(served.ready.url).origin}/docs/errors/${error.code}`);
    return error;
  };

  it("prints one ready line and nothing else on stdout", () => {
    const lines = served.stdout().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe("");
    expect(served.ready).toMatchObject({
      type: "ready",
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1$/) as string,
      key: expect.stringMatching(/^pm_live_[\w-]{43}$/) as string,
      admin_key: expect.stringMatching(/^pm_live_[\w-]{43}$/) as string,
      simulated: true,
    });
    expect(served.ready.providers).toContain("openai");
  });

  it("refuses a request without a key before it reads the body", async () => {
    const response = await fetch(`${served.ready.url}/chat/completions`, {
      method: "POST",
      body: "no json at all",
    });
    expect(response.status).toBe(401);
    expect(await errorOf(response)).toMatchObject({
      code: "invalid_api_key",
      type: "authentication_error",
    });
  });

  it("takes the key from x-api-key, too", async () => {
    const response = await fetch(`${served.ready.url}/models`, {
      headers: { "x-api-key": served.ready.key ?? "" },
    });
    expect(response.status).toBe(200);
  });

  it.each([
    ["not JSON", '{"model": "gpt-4o", ', "invalid_request", null],
    ["an empty body", "", "invalid_request", null],
    ["a JSON array", "[]", "invalid_request", null],
    ["no messages", '{"model":"gpt-4o"}', "missing_required_parameter", "messages"],
    [
      "no model",
      '{"messages":[{"role":"user","content":"Hi"}]}',
      "missing_required_parameter",
      "model",
    ],
    [
      "a wrong part",
      '{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"smell"}]}]}',
      "invalid_parameter_value",
      "messages[0].content[0].type",
    ],
    [
      "a mistyped gateway key",
      '{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"gateway":{"routing":{"optimise":"cost"}}}',
      "unknown_field",
      "gateway.routing.optimise",
    ],
  ])("answers 400 to %s", async (_name, body, code, param) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ code, param, type: "invalid_request_error" });
  });

  it("answers 413 to a body of 40 MB", async () => {
    const response = await post(Buffer.alloc(40 * 1024 * 1024, 0x20));
    expect(response.status).toBe(413);
    expect(await errorOf(response)).toMatchObject({ code: "payload_too_large" });
  });

  it("lets a caller who is still writing read why it was refused, every time", async () => {
    const body = Buffer.alloc(20 * 1024 * 1024, 0x20);
    for (let n = 0; n < 10; n += 1) {
      expect((await post(Buffer.concat([body, body]))).status).toBe(413);
      const stranger = await post(body, { authorization: "Bearer nobody" });
      expect(stranger.status).toBe(401);
    }
  });

  it("answers 413 to a body of 40 MB of unannounced length", async () => {
    const url = new URL(`${served.ready.url}/chat/completions`);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(
        url,
        { method: "POST", headers: { authorization: `Bearer ${served.ready.key}` } },
        (response) => {
          resolve(response.statusCode);
          response.resume();
          request.destroy();
        },
      );
      request.on("error", reject);
      const chunk = Buffer.alloc(1024 * 1024, 0x20);
      let left = 40;
      const more = (): void => {
        while (left-- > 0) {
          if (!request.write(chunk)) {
            request.once("drain", more);
            return;
          }
        }
        request.end();
      };
      more();
    });
    expect(status).toBe(413);
  });

  it("answers 404 to an unknown path and 405 to a wrong method", async () => {
    const nowhere = await fetch(`${served.ready.url}/nowhere`);
    expect(nowhere.status).toBe(404);
    expect(await errorOf(nowhere)).toMatchObject({ code: "resource_not_found" });

    const wrong = await fetch(`${served.ready.url}/chat/completions`);
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("POST");
    expect(await errorOf(wrong)).toMatchObject({ code: "method_not_allowed" });
  });

  it.each([
    ["bytes that are no HTTP", "GARBAGE\r\n\r\n"],
    ["headers of 30 kB", `GET /v1/models HTTP/1.1\r\nhost: x\r\nx: ${"a".repeat(30_000)}\r\n\r\n`],
  ])("answers %s in the shape of every error", async (_name, bytes) => {
    const { port } = new URL(served.ready.url);
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), "127.0.0.1", () => socket.write(bytes));
      let received = "";
      socket.setEncoding("utf8").on("data", (part: string) => (received += part));
      socket.on("error", reject).on("close", () => {
        resolve(received);
      });
    });
    const [head = "", body = ""] = text.split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(head).toMatch(/x-request-id: req_/);
    expect((JSON.parse(body) as ErrorBody).error).toMatchObject({ code: "invalid_request" });
  });

  it("lists models for an endpoint, and refuses one that does not exist", async () => {
    const headers = { authorization: `Bearer ${served.ready.key}` };
    const good = await fetch(`${served.ready.url}/models?endpoint=responses`, { headers });
    expect(good.status).toBe(200);
    const bad = await fetch(`${served.ready.url}/models?endpoint=telegraph`, { headers });
    expect(bad.status).toBe(400);
    expect(await errorOf(bad)).toMatchObject({
      code: "invalid_parameter_value",
      param: "endpoint",
    });
  });

  it("keeps a caller's request id", async () => {
    const response = await fetch(`${served.ready.url}/models`, {
      headers: { authorization: `Bearer ${served.ready.key}`, "x-request-id": "my-id_1" },
    });
    expect(response.headers.get("x-request-id")).toBe("my-id_1");
  });

  it("says with every answer who served it", async () => {
    const body = { model: "gpt-4o-mini", messages: [{ role: "user", content: "Hi" }] };
    for (const stream of [false, true]) {
      const response = await post(JSON.stringify({ ...body, stream }));
      expect(response.status).toBe(200);
      expect(response.headers.get("x-pointsman-provider")).toBe("invented_cloud");
      expect(response.headers.get("x-pointsman-model")).toBe("gpt-4o-mini");
      expect(response.headers.get("x-pointsman-attempts")).toBe("1");
      expect(response.headers.get("x-pointsman-decision-id")).toMatch(/^dec_/);
      expect(Number(response.headers.get("x-pointsman-overhead-ms"))).toBeGreaterThanOrEqual(0);
      // Headers of the provider do not pass through.
      expect(response.headers.get("openai-processing-ms")).toBeNull();
      await response.text();
    }
  });

  it("lives on after all of that, and answers what it is told", async () => {
    const content = "Repeat exactly: alive";
    const response = await post(
      JSON.stringify({ model: "glm-4.7", messages: [{ role: "user", content }] }),
    );
    const { choices } = (await response.json()) as {
      choices: { message: { content: string } }[];
    };
    expect(choices[0]?.message.content).toBe("alive");
    expect(served.isRunning()).toBe(true);
    expect((await fetch(new URL("/healthz", served.ready.url))).status).toBe(200);
  });
});

describe("stopping", () => {
  it("drains on SIGTERM: the running stream ends whole, then exit 0", async () => {
    const served = await serve();
    const content = `Repeat exactly: ${"one more word ".repeat(40)}`;
    const response = await fetch(`${served.ready.url}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${served.ready.key}` },
      body: JSON.stringify({
        model: "gpt-4o",
        stream: true,
        messages: [{ role: "user", content }],
      }),
    });
    const stopped = served.stop();
    const text = await response.text();
    expect(text.trimEnd().endsWith("data: [DONE]")).toBe(true);
    expect(text).toContain('"finish_reason":"stop"');
    expect(await stopped).toBe(0);
  });
});

describe("what serve refuses", () => {
  it("names every fault of a bad configuration, with exit code 2", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pointsman-bad-"));
    const file = join(folder, "pointsman.yaml");
    writeFileSync(
      file,
      ["server: { port: eighty }", "providers:", "  openai:", "    baseURL: foo", ""].join("\n"),
    );
    const { code, stderr, stdout } = await pointsman(["serve", "--config", file, "--json"]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(`${file}:1:`);
    expect(stderr).toContain("server.port");
    expect(stderr).toContain(`${file}:4:`);
    expect(stderr).toContain("providers.openai.baseURL");
    expect(stderr).toContain("baseUrl");
  });

  it("names a configuration that is not there", async () => {
    const { code, stderr } = await pointsman(["serve", "--config", "/nowhere/pointsman.yaml"]);
    expect(code).toBe(2);
    expect(stderr).toContain("/nowhere/pointsman.yaml");
  });

  it("says which port is busy and what to do", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const { port } = holder.address() as AddressInfo;
    const { code, stderr } = await pointsman(["serve", "--port", String(port), "--json"]);
    holder.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(stderr).toContain("--port 0");
  });

  it("refuses a port that is none", async () => {
    const { code, stderr } = await pointsman(["serve", "--port", "70000"]);
    expect(code).toBe(1);
    expect(stderr).toContain("0 to 65535");
  });
});

describe("keys in the environment", () => {
  it("uses providers whose wire it speaks and names the other keys", async () => {
    const served = await serve({ env: { DEEPSEEK_API_KEY: "sk-not-real" } });
    expect(served.ready).toMatchObject({ simulated: false, providers: ["deepseek"] });
    expect(served.ready.models.length).toBeGreaterThan(0);
    expect(await served.stop()).toBe(0);
  });

  it("takes the operator's admin key instead of making one", async () => {
    const served = await serve({ env: { POINTSMAN_ADMIN_KEY: "operator-admin-key" } });
    expect(served.ready.admin_key).toBeNull();
    const response = await fetch(`${served.ready.url}/models`, {
      headers: { authorization: "Bearer operator-admin-key" },
    });
    expect(response.status).toBe(200);
    await served.stop();
  });
});
