import manifest from "../package.json" with { type: "json" };

/** Version of the published package. */
export const version: string = manifest.version;
