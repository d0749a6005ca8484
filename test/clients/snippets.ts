/** The blocks of a document that are in one of these languages, in its order. */
export const blocksOf = (markdown: string, languages: readonly string[]): readonly string[] =>
  [...markdown.matchAll(/^```(?<language>\w+)\n(?<code>.*?)^```/gmsu)].flatMap(
    ({ groups: { language = "", code = "" } = {} }) => (languages.includes(language) ? [code] : []),
  );

const told = /^(?<expression>[^/\n]+); \/\/ (?<value>".*"|[\d.]+)$/gmu;

/** A block that checks every `expression; // "value"` of its; what a value says after `…` is left open. */
export const checked = (code: string): string =>
  code.replaceAll(told, (_line, expression: string, value: string) => {
    const [head = "", ...open] = value.split("…");
    const same = open.length > 0 ? `.startsWith(${JSON.stringify(head)})` : ` === '${value}'`;
    return `if (!(JSON.stringify(${expression})${same})) throw new Error(String(${expression}));`;
  });
