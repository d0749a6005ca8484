import type { Offering } from "@pointsman/core";

type DataPolicy = Offering["dataPolicy"];

/** A kind of account at a provider, as far as routing cares. */
export type AccountTier = {
  readonly tier: string;
  readonly displayName: string;
  /** Who has it. */
  readonly qualification: string;
  /** What the provider may do with what is sent on it; `null` = what its offerings say. */
  readonly dataPolicy: DataPolicy | null;
};

const standard: AccountTier = {
  tier: "standard",
  displayName: "Standard",
  qualification: "any account",
  dataPolicy: null,
};

/** Providers whose accounts differ; the first tier is the default. */
const tiers: Readonly<Record<string, readonly AccountTier[]>> = {
  // https://ai.google.dev/gemini-api/terms: unpaid use may improve products, paid use does not.
  google_ai_studio: [
    {
      tier: "free",
      displayName: "Free",
      qualification: "no billing account is linked to the project",
      dataPolicy: "none",
    },
    {
      tier: "paid",
      displayName: "Paid",
      qualification: "a billing account is linked to the project",
      dataPolicy: "no_training",
    },
  ],
  // https://developers.openai.com/api/docs/guides/your-data: retention is an agreement of the account.
  openai: [
    standard,
    {
      tier: "zero_data_retention",
      displayName: "Zero data retention",
      qualification: "OpenAI has approved the organisation",
      dataPolicy: "zdr",
    },
  ],
  // https://privacy.claude.com: the same of Anthropic's commercial accounts.
  anthropic: [
    standard,
    {
      tier: "zero_data_retention",
      displayName: "Zero data retention",
      qualification: "Anthropic has agreed it with the organisation",
      dataPolicy: "zdr",
    },
  ],
};

/** What accounts a provider has; the first is taken where nobody says. Never empty. */
export const accountTiersOf = (provider: string): readonly [AccountTier, ...AccountTier[]] => {
  const [first = standard, ...others] = tiers[provider] ?? [standard];
  return [first, ...others];
};

const strictness = { none: 0, no_training: 1, zdr: 2 } as const;

/** Whether what goes out on an account is kept to a policy; `offered` = what the provider promises anyone. */
export const keepsPolicy = (
  { dataPolicy }: AccountTier,
  offered: DataPolicy,
  wanted: DataPolicy,
): boolean => strictness[dataPolicy ?? offered] >= strictness[wanted];
