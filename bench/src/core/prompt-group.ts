import { createHash } from "node:crypto";
import { prefixChain } from "../../../examples/embed/prefix-chain.ts";
import { randomOf } from "./fixtures.ts";
import type { SubjectGroup } from "../timing/subject.ts";

const MESSAGES = 20;
const MESSAGE_BYTES = 5000;

/** A conversation of 100 kB of text. */
const conversation = () => {
  const random = randomOf(5);
  const letters = "etaoin shrdlu";
  return Array.from({ length: MESSAGES }, (_, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    content: Array.from(
      { length: MESSAGE_BYTES },
      () => letters[Math.floor(random() * letters.length)],
    ).join(""),
  }));
};

/** What comes before a decision: a prompt's prefix chain, as the examples make it. */
export const promptGroup = (): SubjectGroup => {
  const messages = conversation();
  const text = messages.map(({ content }) => content).join("");
  return {
    name: "outside a decision, a prompt of 100 kB",
    subjects: [
      {
        name: "SHA-256 of its text",
        loop: (count) => {
          let sum = 0;
          for (let index = 0; index < count; index += 1)
            sum += createHash("sha256").update(text).digest()[0] ?? 0;
          return sum;
        },
      },
      {
        name: "prefix chain",
        loop: (count) => {
          let sum = 0;
          for (let index = 0; index < count; index += 1)
            sum += prefixChain(`workspace-${index & 7}`, messages).at(-1)?.hash ?? 0;
          return sum;
        },
      },
    ],
  };
};
