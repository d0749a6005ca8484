export { createGateway } from "./create-gateway.ts";
export type { Gateway, GatewayOptions } from "./create-gateway.ts";
export type { KeyEntry } from "./auth/key-ring.ts";
export type { AdapterFactories } from "./compose/compose-providers.ts";
export { formatFault } from "./config/fault.ts";
export type { ConfigFault } from "./config/fault.ts";
export type { Config, StateConfig } from "./config/config.ts";
export { loadConfig } from "./config/load-config.ts";
export { newKey } from "./ids/ids.ts";
