import type { Principal } from "../auth/key-ring.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set once the key was checked; routes without a scope have none. */
    principal: Principal | null;
    /** Monotonic ms at which the request's head was read; 0 on routes without a scope. */
    receivedAtMs: number;
  }
  interface FastifyContextConfig {
    /** What a key must hold; `any` = every valid key; absent = no key. */
    scope?: string;
    /** Whether an Idempotency-Key is heeded, and answers are kept by it. @default false */
    idempotent?: boolean;
  }
}
