import { expect, it } from "vitest";
import { publicUrlOf } from "./public-url.ts";

it.each([
  ["127.0.0.1", 8787, "http://127.0.0.1:8787"],
  ["0.0.0.0", 80, "http://127.0.0.1:80"],
  ["::", 80, "http://[::1]:80"],
  ["fe80::1", 80, "http://[fe80::1]:80"],
  ["gate.example", 80, "http://gate.example:80"],
])("%s:%i is reached at %s", (host, port, url) => {
  expect(publicUrlOf(host, port)).toBe(url);
});
