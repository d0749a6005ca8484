import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createRawBody } from "../bytes/raw-body.ts";
import { readChatRequest } from "../chat/read-chat-request.ts";
import { readMessagesRequest } from "../messages/read-messages-request.ts";
import type { CallerRequest } from "../request/caller-request.ts";
import { keyedPrefix } from "./prefix-chain.ts";

type Message = { readonly role: string; readonly content: unknown };

const bytesOf = (json: unknown) => createRawBody(Buffer.from(JSON.stringify(json)));

const chat = (messages: readonly Message[], more: object = {}): CallerRequest => {
  const read = readChatRequest(bytesOf({ model: "m", messages, ...more }));
  if (!read.ok) throw new Error(read.error.message);
  return read.caller;
};

const hashes = (caller: CallerRequest, key = "w"): readonly number[] =>
  keyedPrefix(caller.chain, key).map(({ hash }) => hash);

const message = fc.record({
  role: fc.constantFrom("user", "system", "assistant"),
  content: fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 40 }),
    fc.integer({ min: 2000, max: 20_000 }).map((length) => "signal box ".repeat(length / 11)),
  ),
});
const conversation = fc.array(message, { minLength: 1, maxLength: 8 });

test("a conversation's next turn begins with the chain of this one", () => {
  fc.assert(
    fc.property(conversation, conversation, (said, more) => {
      const now = hashes(chat(said));
      expect(hashes(chat([...said, ...more])).slice(0, now.length)).toEqual(now);
    }),
  );
});

test("links are safe integers whose tokens grow, one at the end of each message", () => {
  fc.assert(
    fc.property(conversation, (said) => {
      const { chain } = chat(said);
      expect(chain.flatMap(({ ends }) => ends ?? [])).toEqual(said.map((_, index) => index));
      const links = keyedPrefix(chain, "w");
      for (const [at, { hash, tokens }] of links.entries()) {
        expect(Number.isSafeInteger(hash)).toBe(true);
        expect(tokens).toBeGreaterThanOrEqual(links[at - 1]?.tokens ?? 0);
      }
      expect(new Set(links.map(({ hash }) => hash)).size).toBe(links.length);
    }),
  );
});

test("whatever differs, however little, parts the chains there and for good", () => {
  fc.assert(
    fc.property(conversation, fc.nat(), fc.nat(), (said, which, where) => {
      const at = which % said.length;
      const chosen = said[at];
      if (chosen === undefined || chosen.content === "") return;
      const place = where % chosen.content.length;
      const swapped = chosen.content.charCodeAt(place) === 0x41 ? "B" : "A";
      const content = `${chosen.content.slice(0, place)}${swapped}${chosen.content.slice(place + 1)}`;
      const one = new Set(hashes(chat(said)));
      const other = hashes(chat(said.with(at, { ...chosen, content })));
      const lastEnd = chat(said).chain.findIndex(({ ends }) => ends === at);
      for (const hash of other.slice(lastEnd)) expect(one.has(hash)).toBe(false);
    }),
  );
});

test("keys part equal prompts; tools stand before everything, marks for nothing", () => {
  const said = [{ role: "user", content: "Which way?" }];
  const shared = hashes(chat(said), "one").filter((hash) =>
    hashes(chat(said), "two").includes(hash),
  );
  expect(shared).toEqual([]);
  const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];
  const { chain } = chat(said, { tools });
  expect(chain.map(({ ends }) => ends)).toEqual([-1, 0]);
  const marked = (cache_control?: object): CallerRequest => {
    const content = [{ type: "text", text: "Which way?", ...(cache_control && { cache_control }) }];
    const body = { model: "m", max_tokens: 9, messages: [{ role: "user", content }] };
    const read = readMessagesRequest(bytesOf(body), { betas: [], purpose: "answer" });
    if (!read.ok) throw new Error(read.error.message);
    return read.caller;
  };
  expect(hashes(marked({ type: "ephemeral" }))).toEqual(hashes(marked()));
});

test("images are told apart; long conversations keep their beginning and their end", () => {
  const image = (data: string): readonly number[] =>
    hashes(
      chat([
        {
          role: "user",
          content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${data}` } }],
        },
      ]),
    );
  expect(image("A".repeat(9000))).not.toEqual(image("A".repeat(9004)));
  expect(image(`${"A".repeat(9000)}B`)).not.toEqual(image(`${"A".repeat(9000)}C`));
  const many = Array.from({ length: 900 }, (_, at) => ({ role: "user", content: `Turn ${at}` }));
  const links = hashes(chat(many));
  expect(links).toHaveLength(256);
  expect(links.slice(0, 64)).toEqual(hashes(chat(many.slice(0, 64))));
  expect(hashes(chat([...many, ...many.slice(0, 3)]))).toContain(links.at(-1));
});

test("the opening ends the first message of the user, whatever follows", () => {
  const head = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Which way?" },
  ];
  const { opening, chain } = chat(head);
  expect(opening).toEqual(chain[1]);
  expect(chat([...head, { role: "assistant", content: "Left." }]).opening).toEqual(opening);
  expect(chat(head.slice(0, 1)).opening).toBeNull();
});
