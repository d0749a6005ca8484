export { chatStreamViolations } from "./chat-stream-grammar.ts";
export { foldChatStream } from "./fold-chat-stream.ts";
export type { FoldedChatStream, FoldedChoice, FoldedToolCall } from "./fold-chat-stream.ts";
