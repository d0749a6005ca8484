/** Version of the project, equal to the one in package.json. */
export const version: string = "0.1.0";

/** What adapters call themselves upstream; no header of the caller is ever forwarded. */
export const userAgent: string = `pointsman/${version}`;
