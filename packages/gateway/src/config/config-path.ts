/** Where a value stands in the file: map keys as text, list items by number from 0. */
export type ConfigPath = readonly (string | number)[];

const plainSegment = /^[^.[\]"\s]+$/;

/** Readable form: `keys[0].name`, `providers.openai.models["gpt-4.1"].price`; the root is empty. */
export const formatPath = (path: ConfigPath): string => {
  let text = "";
  for (const segment of path) {
    if (typeof segment === "number") text += `[${segment}]`;
    else if (!plainSegment.test(segment)) text += `[${JSON.stringify(segment)}]`;
    else text += text === "" ? segment : `.${segment}`;
  }
  return text;
};

/** Unambiguous form for use as a map key. */
export const pathKey = (path: ConfigPath): string => JSON.stringify(path);
