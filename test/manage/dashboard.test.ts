import { readdirSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";

let lab: Lab;
beforeEach(async () => {
  lab = await startLab(["chat"]);
});
afterEach(() => lab.close());

const get = (path: string): Promise<Response> => fetch(lab.url.replace(/\/v1$/u, path));

/** What a page or script takes from elsewhere. */
const neededBy = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, name = ""]) => name);

test("the page is made of its own files alone, and all of them are served", async () => {
  const page = await get("/dashboard");
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const html = await page.text();
  // The policy would stop what stands in the page itself.
  expect(html).not.toMatch(/<style|\son\w+=|style=|<script>/u);
  const wanted = [...neededBy(html, /(?:href|src)="\/dashboard\/([^"]+)"/gu)];
  const seen = new Set(["index.html"]);
  for (const name of wanted) {
    if (seen.has(name)) continue;
    seen.add(name);
    const file = await get(`/dashboard/${name}`);
    expect(file.status, name).toBe(200);
    expect(file.headers.get("content-type")).toMatch(/^text\/(?:css|javascript); charset=utf-8$/u);
    expect(file.headers.get("x-content-type-options")).toBe("nosniff");
    wanted.push(...neededBy(await file.text(), /from "\.\/([^"]+)"/gu));
  }
  const folder = new URL("../../packages/gateway/dashboard/", import.meta.url);
  const kept = readdirSync(folder).filter((name) => name !== "tsconfig.json");
  expect([...seen].toSorted()).toEqual(kept.toSorted());
});

test("it may load nothing from elsewhere, send nothing elsewhere, stand in no other page", async () => {
  const page = await get("/dashboard");
  const policy = page.headers.get("content-security-policy")?.split("; ");
  expect(policy).toEqual(
    expect.arrayContaining(["default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'"]),
  );
  expect(page.headers.get("referrer-policy")).toBe("no-referrer");
});

test("nothing but its files stands under it", async () => {
  for (const name of ["tsconfig.json", "..%2fpackage.json", "constructor", "__proto__"]) {
    const answer = await get(`/dashboard/${name}`);
    expect(answer.status, name).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: "resource_not_found" } });
  }
});
