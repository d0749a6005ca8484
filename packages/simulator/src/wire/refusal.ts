import type { Json } from "../model/json.ts";

export type RefusalOptions = {
  readonly status: number;
  readonly message: string;
  /** @default "invalid_request_error" */
  readonly type?: string;
  readonly param?: string | null;
  readonly code?: string | null;
};

/** A request that the provider turns down, in OpenAI's words. Thrown while reading a request. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly body: Json;

  constructor({ status, message, type, param, code }: RefusalOptions) {
    super(message);
    this.status = status;
    this.body = {
      error: {
        message,
        type: type ?? "invalid_request_error",
        param: param ?? null,
        code: code ?? null,
      },
    };
  }
}

/** 400 with the parameter at fault. */
export const badParameter = (param: string, message: string, code: string | null): Refusal =>
  new Refusal({ status: 400, message, param, code });
