export { createOpenAiAdapterFactory } from "./adapter.ts";
