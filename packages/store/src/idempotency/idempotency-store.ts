/** A request that must not be carried out twice. */
export type IdempotencyClaim = {
  /** Where the key holds: the caller's key and the path. */
  readonly scope: string;
  readonly key: string;
  /** Digest of the request's body: another body under the same key is a mistake. */
  readonly fingerprint: string;
  /** Who carries it out, unique per attempt: only the owner can finish or release. */
  readonly owner: string;
  readonly nowMs: number;
  /** Unix ms until which the owner may take; after it the key is free again, its process being gone. */
  readonly leaseEndsAtMs: number;
  /** Unix ms until which a finished key is remembered. */
  readonly keptUntilMs: number;
};

/**
 * - `begun`: carry it out, then `finish` or `release`;
 * - `running`: somebody else does;
 * - `finished`: it was done, with the answer that was kept (`null` = none was);
 * - `mismatch`: the key belongs to another body, which runs or has finished.
 */
export type IdempotencyOutcome =
  | { readonly status: "begun" }
  | { readonly status: "running"; readonly leaseEndsAtMs: number }
  | { readonly status: "finished"; readonly answer: string | null }
  | { readonly status: "mismatch" };

/** Keys of requests under way or done. Every method is atomic, also against other processes. */
export interface IdempotencyStore {
  begin(claim: IdempotencyClaim): Promise<IdempotencyOutcome>;
  /** `false` = it is not, or no longer, the owner's; nothing changed. */
  finish(options: {
    readonly scope: string;
    readonly key: string;
    readonly owner: string;
    /** What to give out again; `null` = nothing is kept but the fact. */
    readonly answer: string | null;
  }): Promise<boolean>;
  /** Frees the key of a request that failed. `false` as at `finish`. */
  release(options: {
    readonly scope: string;
    readonly key: string;
    readonly owner: string;
  }): Promise<boolean>;
}
