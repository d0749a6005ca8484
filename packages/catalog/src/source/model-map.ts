import { z } from "zod";

const mappedModel = z.strictObject({
  family: z.string(),
  displayName: z.string(),
  author: z.string(),
  aliases: z.array(z.string()).optional(),
  offerings: z
    .array(
      z.strictObject({
        provider: z.string(),
        id: z.string(),
        quantization: z.string().optional(),
      }),
    )
    .nonempty(),
});

/** The shape of `data/models.yaml` and of `models.json`, made from it: canonical id -> what it is and who offers it. */
export const modelMapSchema = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, "lower-case, without provider prefix"),
  mappedModel,
);

export type ModelMap = z.output<typeof modelMapSchema>;
