import type {
  Answer,
  EventMessage,
  Hello,
  Ready,
  RequestMessage,
  RetryMessage,
} from "../protocol/messages.ts";

/**
 * A router as a replay asks it. It hears the messages of the replay protocol and nothing else: output
 * lengths, cache states, queues and failures only after they have shown.
 */
export interface Policy {
  /** Called once, first. */
  hello(message: Hello): Ready | Promise<Ready>;
  /** One answer for each, in order; nothing else happens until it is there. */
  decide(message: RequestMessage | RetryMessage): Answer | Promise<Answer>;
  observe(message: EventMessage): void;
  /** Called once, last. */
  end?(): void | Promise<void>;
}
