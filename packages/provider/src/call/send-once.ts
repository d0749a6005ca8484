import { createBodyCollector } from "../http/body-collector.ts";
import type { HttpRequest, HttpTransport } from "../http/transport.ts";

/** A small answer, whole. */
export type SmallAnswer = { readonly status: number; readonly body: Uint8Array };

/**
 * Asks once for something small; `null` = no whole answer within the limits. Never rejects.
 * @param limits.limitMs longest wait, all in all
 * @param limits.largestBytes largest body
 */
export const sendOnce = (
  transport: HttpTransport,
  request: HttpRequest,
  limits: { readonly limitMs: number; readonly largestBytes: number },
): Promise<SmallAnswer | null> =>
  new Promise((resolve) => {
    const body = createBodyCollector(limits.largestBytes);
    let status = 0;
    const finish = (answer: SmallAnswer | null): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    const exchange = transport.send(request, {
      onHead: (code) => {
        status = code;
      },
      onData: (chunk) => {
        if (body.push(chunk)) return;
        exchange.abort();
        finish(null);
      },
      onEnd: () => finish({ status, body: body.bytes() }),
      onError: () => finish(null),
    });
    const timer = setTimeout(() => {
      exchange.abort();
      finish(null);
    }, limits.limitMs);
  });
