import { expect, test } from "vitest";
import { extensionFault, extensionsFor, mergeUnder } from "./extensions.ts";

test("the chosen provider's block is forwarded without secrets and what the gateway sets", () => {
  const { fields, losses } = extensionsFor(
    {
      openai: {
        prediction: { Token: "t", list: [{ PASSWORD: "p", keep: 1 }] },
        Max_Tokens: 5,
        thinking: {},
        "X-Api-Key": "k",
        store: false,
      },
      deepseek: { a: 1 },
    },
    ["openai"],
  );
  expect(fields).toEqual({ prediction: { list: [{ keep: 1 }] }, store: false });
  expect(losses.map(({ code, message }) => `${code} ${message.split("'")[1]}`)).toEqual([
    "blocked_field extensions.openai.prediction.Token",
    "blocked_field extensions.openai.prediction.list[0].PASSWORD",
    "blocked_field extensions.openai.Max_Tokens",
    "blocked_field extensions.openai.thinking",
    "blocked_field extensions.openai.X-Api-Key",
    "ignored_extension extensions.deepseek",
  ]);
  expect(JSON.stringify(losses)).not.toContain('"t"');
});

test.each(["service_tier", "Speed", "priority", "region", "location"])("%s is refused", (field) => {
  expect(extensionFault({ openai: { a: 1, [field]: "x" } })).toMatchObject({
    code: "invalid_parameter_value",
    param: `extensions.openai.${field}`,
  });
});

test("nothing else is refused, and a block never wins over the body", () => {
  expect(extensionFault({ openai: { a: 1 } })).toBeNull();
  expect(mergeUnder({ a: 1, b: { c: 1, d: 2 }, e: 3 }, { a: 0, b: { c: 0 } })).toEqual({
    a: 0,
    b: { c: 0, d: 2 },
    e: 3,
  });
});
