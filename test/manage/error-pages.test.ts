import { errorTable } from "@pointsman/translate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab(["chat"]);
});
afterAll(() => lab.close());

const page = (code: string): Promise<Response> =>
  fetch(lab.url.replace("/v1", `/docs/errors/${code}`));

test.each(Object.keys(errorTable))("%s has a page, without a key", async (code) => {
  const response = await page(code);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const html = await response.text();
  expect(html).toContain(`<h1>${code}</h1>`);
  expect(html).toContain("What to do");
});

test("an error's doc_url leads there; other names have none", async () => {
  const refused = await fetch(`${lab.url}/models`);
  const { error } = (await refused.json()) as { error: { doc_url: string } };
  expect((await fetch(error.doc_url)).status).toBe(200);
  const unknown = await page("<script>");
  expect(unknown.status).toBe(404);
  expect(unknown.headers.get("content-type")).toContain("application/json");
});
