export { createPointsman, pointsman } from "./provider.ts";
export type { PointsmanProvider } from "./provider.ts";
export type { PointsmanMetadata } from "./metadata.ts";
export type { PointsmanOptions } from "./options.ts";
export type { PointsmanProviderSettings } from "./settings.ts";
