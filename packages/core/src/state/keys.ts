/** Ids may hold any printable character, so parts are joined by one that is none. */
const SEPARATOR = "\u0000";

export const accountKey = (offeringId: string, credentialId: string): string =>
  offeringId + SEPARATOR + credentialId;

export const workspaceModelKey = (workspace: string, model: string): string =>
  workspace + SEPARATOR + model;
