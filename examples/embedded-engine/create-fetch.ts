import { loadCatalog, offeringsOf } from "@pointsman/catalog";
import { createEngine, createLocalFetch } from "@pointsman/engine";
import type { Engine, FinishedLocalRequest, LocalFetch } from "@pointsman/engine";
import { createOpenAiCompatibleAdapter } from "@pointsman/provider-openai-compatible";

const adapter = createOpenAiCompatibleAdapter;

/** What of the catalogue is used. */
export const wanted = [
  { id: "deepinfra", models: ["gpt-oss-120b"] },
  { id: "groq", models: ["gpt-oss-120b"] },
];

export const catalog = loadCatalog();

/** Keys by provider; a base URL only where it is not the vendor's own. */
export type Keys = Readonly<Record<string, { readonly apiKey: string; readonly baseUrl?: string }>>;

/** An engine over the wanted providers, and the `fetch` by which clients reach it. */
export const createFetch = (
  keys: Keys,
  onFinished: (finished: FinishedLocalRequest) => void,
): { readonly engine: Engine; readonly fetch: LocalFetch } => {
  const engine = createEngine({
    offerings: offeringsOf(catalog, wanted),
    providers: wanted.map(({ id }) => {
      const { apiKey, baseUrl = null } = keys[id] ?? {};
      return { id, adapter, apiKeys: [apiKey], baseUrl };
    }),
  });
  return { engine, fetch: createLocalFetch(engine, { catalog, onFinished }) };
};
