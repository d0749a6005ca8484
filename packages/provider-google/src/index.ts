export { createGoogleAdapter } from "./adapter.ts";
