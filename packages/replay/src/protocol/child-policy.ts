import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Policy } from "../policy/policy.ts";
import type { DriverMessage, PolicyMessage } from "./messages.ts";
import { isAnswerTo, parsePolicyMessage } from "./placement.ts";

export type ChildPolicyOptions = {
  readonly command: string;
  readonly args: readonly string[];
  /** @default the caller's */
  readonly env?: NodeJS.ProcessEnv;
  /** Longest wait for `ready`, ms. @default 30_000 */
  readonly readyTimeoutMs?: number;
  /** Longest wait for a decision and for the exit after `end`, ms. @default 10_000 */
  readonly decisionTimeoutMs?: number;
};

type Waiting = {
  readonly resolve: (message: PolicyMessage) => void;
  readonly reject: (reason: Error) => void;
};

/**
 * A policy in a process of its own that speaks the line protocol; its stderr is the caller's. Every
 * method rejects once the child has ended, answered nonsense or taken too long.
 */
export const childPolicy = (options: ChildPolicyOptions): Policy => {
  const { command, args, env, readyTimeoutMs = 30_000, decisionTimeoutMs = 10_000 } = options;
  const child = spawn(command, [...args], {
    stdio: ["pipe", "pipe", "inherit"],
    ...(env === undefined ? {} : { env }),
  });
  let waiting: Waiting | undefined;
  let broken: Error | undefined;
  const fail = (reason: Error): void => {
    broken ??= reason;
    waiting?.reject(reason);
    waiting = undefined;
  };
  const exited = new Promise<number | null>((resolve) => {
    child.once("exit", resolve);
    child.once("error", (error) => {
      fail(error);
      resolve(null);
    });
  });
  void exited.then((code) => fail(new Error(`the policy has ended with ${code}`)));
  child.stdin.on("error", fail);
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (!line.startsWith("{")) return;
    try {
      const message = parsePolicyMessage(line);
      const asker = waiting;
      waiting = undefined;
      if (asker === undefined) throw new RangeError(`an answer nobody asked for: ${line}`);
      asker.resolve(message);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
      child.kill();
    }
  });

  const send = (message: DriverMessage): void => {
    if (broken === undefined) child.stdin.write(`${JSON.stringify(message)}\n`);
  };

  const ask = (message: DriverMessage, timeoutMs: number): Promise<PolicyMessage> =>
    new Promise((resolve, reject) => {
      if (broken !== undefined) {
        reject(broken);
        return;
      }
      const timer = setTimeout(() => {
        fail(new Error(`no answer within ${timeoutMs} ms`));
        child.kill();
      }, timeoutMs);
      waiting = {
        resolve: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
        reject: (reason) => {
          clearTimeout(timer);
          reject(reason);
        },
      };
      send(message);
    });

  return {
    hello: async (message) => {
      const answer = await ask(message, readyTimeoutMs);
      if (answer.type === "ready") return answer;
      throw new RangeError(`expected ready, not ${answer.type}`);
    },
    decide: async (message) => {
      const answer = await ask(message, decisionTimeoutMs);
      if (isAnswerTo(answer, message.id)) return answer;
      throw new RangeError(`expected a decision for ${message.id}: ${JSON.stringify(answer)}`);
    },
    observe: send,
    end: async () => {
      send({ type: "end" });
      child.stdin.end();
      const timer = setTimeout(() => child.kill(), decisionTimeoutMs);
      const code = await exited;
      clearTimeout(timer);
      if (code !== 0) throw new Error(`the policy has ended with ${code}`);
    },
  };
};
