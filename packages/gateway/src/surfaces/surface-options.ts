import type { FastifyBaseLogger } from "fastify";
import type { Engine, ModelDirectory } from "@pointsman/engine";
import type { Stores } from "@pointsman/store";
import type { LedgerBuffer } from "../money/ledger-buffer.ts";
import type { LimitedWorkspaces } from "../money/limited-workspaces.ts";
import type { FinishedListener } from "../watch/finished-request.ts";
import type { WorkspaceBook } from "../workspaces/workspace-book.ts";

/** What every surface works with. */
export type SurfaceRouteOptions = {
  readonly engine: Engine;
  readonly directory: ModelDirectory;
  readonly book: WorkspaceBook;
  /** Where money is kept, and the workspaces that have budgets. */
  readonly money: {
    readonly stores: Stores;
    readonly limited: LimitedWorkspaces;
    /** Whether calls that an enforced budget limits are refused while the store is out of reach. */
    readonly refusesWithoutStore: boolean;
    readonly buffer: LedgerBuffer;
  };
  /** Hears of every request that was planned, once it is over. */
  readonly onFinished: FinishedListener;
  /** A provider refused a key of a workspace's own. */
  readonly onOwnKeyRefused: (workspaceId: string, keyId: string) => void;
  /** Whether callers may ask why a decision fell as it did. */
  readonly explains: boolean;
  readonly docsBaseUrl: () => string;
  readonly logger: FastifyBaseLogger;
};
