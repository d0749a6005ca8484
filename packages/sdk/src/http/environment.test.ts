import { afterEach, expect, test, vi } from "vitest";
import { AuthenticationError } from "../errors.ts";
import { PointsmanOpenAI } from "../openai.ts";
import { apiKeyOf, baseUrlOf } from "./environment.ts";

afterEach(() => vi.unstubAllEnvs());

test("what is not given comes from the environment", () => {
  vi.stubEnv("POINTSMAN_API_KEY", "pk-env");
  vi.stubEnv("POINTSMAN_BASE_URL", "http://env");
  expect([apiKeyOf(undefined), baseUrlOf(undefined)]).toEqual(["pk-env", "http://env/v1"]);
  expect([apiKeyOf("pk"), baseUrlOf("http://h")]).toEqual(["pk", "http://h/v1"]);
  vi.stubEnv("POINTSMAN_BASE_URL", "");
  expect(baseUrlOf(undefined)).toBe("http://127.0.0.1:8787/v1");
});

test("an environment that may not be read is none", () => {
  const guarded = new Proxy(
    {},
    {
      get: () => {
        throw new Error("needs a permission");
      },
    },
  );
  vi.stubGlobal("process", { env: guarded });
  try {
    expect(baseUrlOf(undefined)).toBe("http://127.0.0.1:8787/v1");
    expect(() => apiKeyOf(undefined)).toThrow(AuthenticationError);
  } finally {
    vi.unstubAllGlobals();
  }
});

test("the key of another service is not sent here", () => {
  vi.stubEnv("OPENAI_API_KEY", "sk-theirs");
  vi.stubEnv("OPENAI_BASE_URL", "http://theirs/v1");
  vi.stubEnv("POINTSMAN_API_KEY", undefined);
  expect(() => new PointsmanOpenAI()).toThrow(AuthenticationError);
  vi.stubEnv("POINTSMAN_API_KEY", "pk-env");
  const openai = new PointsmanOpenAI();
  expect([openai.apiKey, openai.baseURL]).toEqual(["pk-env", "http://127.0.0.1:8787/v1"]);
  expect(openai.withOptions({ maxRetries: 0 })).toBeInstanceOf(PointsmanOpenAI);
});
