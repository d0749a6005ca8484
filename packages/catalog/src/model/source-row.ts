import type { ProviderEntry } from "../provider/provider-table.ts";
import type { GenaiModel } from "../source/genai-prices.ts";
import type { ModelsDevModel } from "../source/models-dev.ts";

/** What the sources say of one model at one provider, before it is named and priced. */
export type SourceRow = {
  readonly provider: ProviderEntry;
  /** The provider's own id, sent upstream. */
  readonly id: string;
  /** `null` = models.dev does not list it. */
  readonly modelsDev: ModelsDevModel | null;
  /** `null` = genai-prices does not price it. */
  readonly genai: GenaiModel | null;
};
