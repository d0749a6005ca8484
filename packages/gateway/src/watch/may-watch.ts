import { isIP } from "node:net";
import type { FastifyRequest } from "fastify";
import type { Clock } from "@pointsman/engine";
import { hasScope } from "../auth/key-ring.ts";
import type { KeyRing } from "../auth/key-ring.ts";

const isLoopback = (address: string): boolean => {
  const plain = address.replace(/^::ffff:/u, "");
  return isIP(plain) === 4 ? plain.startsWith("127.") : plain === "::1";
};

/** Whether a request comes from this machine, or brings an admin key. */
export const mayWatch = async (
  { socket, headers }: FastifyRequest,
  keys: KeyRing,
  clock: Clock,
): Promise<boolean> => {
  if (isLoopback(socket.remoteAddress ?? "")) return true;
  const result = await keys.authenticate(headers, clock.nowMs(), socket);
  return result.ok && hasScope(result.principal, "admin");
};
