export type RefusalOptions = {
  readonly status: number;
  readonly message: string;
  /** @default "invalid_request_error" */
  readonly type?: string;
  readonly param?: string | null;
  readonly code?: string | null;
};

/** A request that the provider turns down. Each wire words the body in its own shape. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;

  constructor({ status, message, type, param, code }: RefusalOptions) {
    super(message);
    this.status = status;
    this.type = type ?? "invalid_request_error";
    this.param = param ?? null;
    this.code = code ?? null;
  }
}

/** 400 with the parameter at fault. */
export const badParameter = (param: string, message: string, code: string | null): Refusal =>
  new Refusal({ status: 400, message, param, code });

/** 400 with nothing but words. */
export const badRequest = (message: string): Refusal => new Refusal({ status: 400, message });
