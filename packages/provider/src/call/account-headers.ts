/** Headers of a call, by whether its answer is to be a stream. */
export type AccountHeaders = (apiKey: string, stream: boolean) => Readonly<Record<string, string>>;

type Headers = Readonly<Record<string, string>>;

/** Headers made once per account: its key is the only thing that differs. */
export const createAccountHeaders = (commonOf: (apiKey: string) => Headers): AccountHeaders => {
  const byKey = new Map<string, { readonly json: Headers; readonly events: Headers }>();
  return (apiKey, stream) => {
    let made = byKey.get(apiKey);
    if (made === undefined) {
      const common = commonOf(apiKey);
      made = {
        json: { ...common, accept: "application/json" },
        events: { ...common, accept: "text/event-stream" },
      };
      byKey.set(apiKey, made);
    }
    return stream ? made.events : made.json;
  };
};
