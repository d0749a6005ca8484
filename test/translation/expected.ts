import type { Recording } from "./recording.ts";
import type { Said } from "./said.ts";
import type { SurfaceClients } from "./surfaces.ts";

/** What each client of a surface must read. */
export type Expected = { readonly own: Said; readonly aiSdk: Said };

/** The same as the original, but for what a surface cannot say; each exception with its reason. */
export const expectedOn = (
  _surface: SurfaceClients["surface"],
  _recording: Recording,
  original: Said,
): Expected => ({ own: original, aiSdk: original });
