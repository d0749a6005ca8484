import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** What the provider charges for one call, up to where it got. */
export type Invoice = {
  /** The caller's word of what the call is for, from its prompt. */
  readonly purpose: string;
  /** Pico-USD. */
  picoUsd: bigint;
  /** The whole answer went out. */
  whole: boolean;
};

/** A provider that keeps exact invoices, aborted streams billed up to the abort. */
export type BillingUpstream = {
  readonly url: string;
  readonly invoices: readonly Invoice[];
  /** Calls under way. */
  readonly running: () => number;
  close(): Promise<void>;
};

/** Pico-USD a token: 1 and 2 USD a million. */
const inputPico = 1_000_000n;
const outputPico = 2_000_000n;
const promptTokens = 11;

export type BillingOptions = {
  /** Share of calls that fail before anything is said, unbilled. */
  readonly failures: number;
  /** Most words of an answer; each is a token. */
  readonly mostWords: number;
  /** Between words, ms. */
  readonly paceMs: number;
};

/** Repeats itself for the same number: numbers from 0 to 1 that look random. */
const fraction = (number: number): number => {
  const x = Math.sin(number * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
};

const purposeOf = (body: string): string => /purpose-(\w+)/u.exec(body)?.[1] ?? "none";

export const startBillingUpstream = async (options: BillingOptions): Promise<BillingUpstream> => {
  const invoices: Invoice[] = [];
  let calls = 0;
  let running = 0;

  const say = async (
    body: string,
    response: ServerResponse,
    { invoice, number }: { readonly invoice: Invoice; readonly number: number },
  ): Promise<void> => {
    const { stream = false, max_tokens: most = Infinity } = JSON.parse(body) as {
      stream?: boolean;
      max_tokens?: number;
    };
    const wanted = 1 + Math.floor(fraction(number) * options.mostWords);
    const words = Math.min(wanted, most);
    const head = { id: `c${number}`, created: 1, model: "m" };
    const usage = {
      prompt_tokens: promptTokens,
      completion_tokens: words,
      total_tokens: promptTokens + words,
    };
    const finish_reason = words < wanted ? "length" : "stop";
    invoice.picoUsd = BigInt(promptTokens) * inputPico;
    if (!stream) {
      await sleep(options.paceMs * 3);
      invoice.picoUsd += BigInt(words) * outputPico;
      invoice.whole = true;
      const message = { role: "assistant", content: "word ".repeat(words) };
      const choices = [{ index: 0, message, finish_reason }];
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ ...head, object: "chat.completion", choices, usage }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const chunk = (choice: object, more: object = {}): string =>
      `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [choice], ...more })}\n\n`;
    for (let word = 0; word < words; word += 1) {
      if (response.destroyed) return;
      response.write(
        chunk({ index: 0, delta: { role: "assistant", content: "word " }, finish_reason: null }),
      );
      invoice.picoUsd += outputPico;
      await sleep(options.paceMs);
    }
    if (response.destroyed) return;
    response.write(chunk({ index: 0, delta: {}, finish_reason }, { usage }));
    response.end("data: [DONE]\n\n");
    invoice.whole = true;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = "";
    for await (const piece of request.setEncoding("utf8")) body += String(piece);
    calls += 1;
    const number = calls;
    if (fraction(number + 0.5) < options.failures) {
      response.writeHead(500, { "content-type": "application/json" });
      response.end('{"error":{"message":"out of order"}}');
      return;
    }
    const invoice: Invoice = { purpose: purposeOf(body), picoUsd: 0n, whole: false };
    invoices.push(invoice);
    running += 1;
    try {
      await say(body, response, { invoice, number });
    } finally {
      running -= 1;
    }
  };

  const server: Server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return {
    url: `http://127.0.0.1:${address.port}`,
    invoices,
    running: () => running,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
