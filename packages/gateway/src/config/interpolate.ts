export type Environment = Readonly<Record<string, string | undefined>>;

export type Interpolated =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly expected: string; readonly found: string };

/** `$${`, or `${…}` up to the next brace, or a `${` that is never closed. */
const reference = /\$\$\{|\$\{([^}]*)\}|\$\{/g;
const content = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/**
 * Puts environment variables into a text: `${NAME}`, or `${NAME:-default}` where an unset or empty
 * variable leaves the default (as a shell does). `$${` stands for a literal `${`. What is put in is
 * text and never read again.
 */
export const interpolate = (text: string, env: Environment): Interpolated => {
  if (!text.includes("${")) return { ok: true, text };
  let result = "";
  let end = 0;
  for (const match of text.matchAll(reference)) {
    result += text.slice(end, match.index);
    end = match.index + match[0].length;
    if (match[0] === "$${") {
      result += "${";
      continue;
    }
    const [, name, fallback] = content.exec(match[1] ?? "") ?? [];
    if (name === undefined) {
      const expected = "${NAME} or ${NAME:-default} (write $${ for a plain ${)";
      return { ok: false, expected, found: "another use of ${" };
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (fallback !== undefined) result += value === undefined || value === "" ? fallback : value;
    else if (value !== undefined) result += value;
    else {
      const expected = `the environment variable ${name} to be set`;
      return { ok: false, expected, found: "it unset" };
    }
  }
  return { ok: true, text: result + text.slice(end) };
};
