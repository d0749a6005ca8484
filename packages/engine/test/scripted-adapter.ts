import type {
  CallEnd,
  CallSink,
  ProviderAdapter,
  ProviderCall,
  ProviderFailure,
} from "@pointsman/provider";
import type { StreamItem } from "@pointsman/translate";

/** A call that waits for the test to say what comes. */
export type ScriptedCall = {
  readonly call: ProviderCall;
  readonly items: (...items: readonly StreamItem[]) => void;
  readonly end: (end: CallEnd) => void;
  readonly fail: (failure: Partial<ProviderFailure> & Pick<ProviderFailure, "outcome">) => void;
  aborted: boolean;
  paused: boolean;
};

/** An adapter whose calls are kept, in order. */
export type ScriptedAdapter = ProviderAdapter & { readonly calls: readonly ScriptedCall[] };

/** Makes an adapter that answers nothing by itself. */
export const createScriptedAdapter = (provider: string): ScriptedAdapter => {
  const calls: ScriptedCall[] = [];
  return {
    provider,
    calls,
    call: (call: ProviderCall, sink: CallSink) => {
      const scripted: ScriptedCall = {
        call,
        aborted: false,
        paused: false,
        items: (...items) => {
          sink.items(items);
        },
        end: (end) => {
          sink.end(end);
        },
        fail: (failure) => {
          sink.end({
            ok: false,
            usage: null,
            failure: {
              status: null,
              message: failure.outcome,
              retryAfterMs: null,
              error: null,
              staleConnection: false,
              ...failure,
            },
          });
        },
      };
      calls.push(scripted);
      return {
        abort: () => {
          scripted.aborted = true;
        },
        pause: () => {
          scripted.paused = true;
        },
        resume: () => {
          scripted.paused = false;
        },
      };
    },
    close: () => Promise.resolve(),
  };
};
