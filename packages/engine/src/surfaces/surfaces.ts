import { chatSurface } from "./chat/chat-surface.ts";
import { messagesSurface } from "./messages/messages-surface.ts";
import { responsesSurface } from "./responses/responses-surface.ts";
import type { Surface } from "./surface.ts";

/** The ways in. */
export const surfaces: readonly Surface[] = [chatSurface, responsesSurface, messagesSurface];
