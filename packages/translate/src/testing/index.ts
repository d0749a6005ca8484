export { chatStreamViolations } from "./chat-stream-grammar.ts";
export { foldChatStream } from "./fold-chat-stream.ts";
export type { FoldedChatStream, FoldedChoice, FoldedToolCall } from "./fold-chat-stream.ts";
export { messagesStreamViolations } from "./messages-stream-grammar.ts";
export { foldMessagesStream } from "./fold-messages-stream.ts";
export type { FoldedMessagesStream } from "./fold-messages-stream.ts";
export { responsesStreamViolations } from "./responses-stream-grammar.ts";
export { foldResponsesStream } from "./fold-responses-stream.ts";
export type { FoldedResponsesStream } from "./fold-responses-stream.ts";
