/** Any JSON object, of whose fields nothing is known here. */
export type JsonObject = { readonly [key: string]: unknown };
