import { expect, test } from "vitest";
import { createJournal } from "./journal.ts";

test("a journal keeps the last hundred requests, within its bytes", () => {
  const journal = createJournal();
  const add = (body: number, bytes: number): void =>
    journal.add({
      apiKey: "sk",
      headers: { authorization: "Bearer sk", "x-api-key": "sk", trip: "1" },
      path: "/v1/chat/completions",
      body,
      bytes,
    });
  for (let body = 0; body < 130; body += 1) add(body, 10);
  expect(journal.entries().map(({ body }) => body)).toEqual(
    Array.from({ length: 100 }, (_, at) => at + 30),
  );
  expect(journal.entries()[0]?.headers).toEqual({ trip: "1" });
  add(200, 10 * 2 ** 20);
  add(201, 10 * 2 ** 20);
  expect(journal.entries().map(({ body }) => body)).toEqual([201]);
  add(202, 30 * 2 ** 20);
  expect(journal.entries().map(({ body }) => body)).toEqual([202]);
});
