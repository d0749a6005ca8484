/** Makes provider text fit to be shown: no credential in it, bounded in length. */
export type Redactor = (text: string) => string;

const mark = "[redacted]";

/** Longest text shown, characters. */
const maxShown = 1_000;

/** Longest text looked at; a credential across this cut cannot be shown, it lies beyond `maxShown`. */
const maxRead = 8_192;

/** Repetitions are bounded so that no text makes a pattern run in square time. */
const credentialShapes: readonly RegExp[] = [
  // Long enough to be no word: "bearer authentication" stays.
  /\bbearer\s{1,4}[A-Za-z0-9._~+/=*-]{16,512}/gi,
  // Key prefixes of OpenAI, Anthropic, DeepSeek …; Groq; xAI; Fireworks; Cerebras; Perplexity; together.
  /\b(?:sk|pk|rk|gsk|xai|fw|csk|pplx|tgp)[-_][A-Za-z0-9_-]{6,512}/g,
  /\bAIza[A-Za-z0-9_-]{10,128}/g,
  // A key shown masked: `sk-abc***wxyz`, `****wxyz`.
  /[A-Za-z0-9_-]{0,64}(?:\*{3,512}|•{3,512})[A-Za-z0-9_-]{0,64}/g,
];

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Head and tail of a secret around an ellipsis, or its tail alone behind "ending in". */
const maskedForms = (secret: string): readonly RegExp[] => {
  if (secret.length < 12) return [];
  const head = escape(secret.slice(0, 3));
  const tail = escape(secret.slice(-4));
  return [
    new RegExp(
      String.raw`${head}[A-Za-z0-9_-]{0,64}(?:\.{2,64}|…|x{3,512})[A-Za-z0-9_-]{0,64}`,
      "g",
    ),
    new RegExp(String.raw`\bending\s(?:in|with)\s["'\x60]?\W{0,8}${tail}`, "gi"),
  ];
};

/**
 * Makes a redactor for the credentials of one call: the secrets themselves, their usual masked
 * echoes, and anything shaped like a key.
 *
 * @param secrets Strings under 4 characters are left out: they would eat ordinary words.
 */
export const createRedactor = (secrets: readonly string[]): Redactor => {
  const exact = secrets.filter((secret) => secret.length >= 4).sort((a, b) => b.length - a.length);
  const patterns = [...credentialShapes, ...exact.flatMap(maskedForms)];
  return (text) => {
    let shown = text.slice(0, maxRead);
    for (const secret of exact) shown = shown.replaceAll(secret, mark);
    for (const pattern of patterns) shown = shown.replaceAll(pattern, mark);
    return shown.length > maxShown ? `${shown.slice(0, maxShown)}…` : shown;
  };
};
