export { createAnthropicAdapter } from "./adapter.ts";
