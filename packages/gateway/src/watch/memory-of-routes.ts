import { merge, serialise } from "@pointsman/core";
import type { RouterState, SerialisedState } from "@pointsman/core";
import { adoptState } from "@pointsman/engine";
import type { Clock, Timer } from "@pointsman/engine";
import type { SharedState } from "@pointsman/store";

const topic = "router-state";
/** What nobody has renewed for so long is of no use, ms. */
const keptMs = 24 * 60 * 60_000;
/** All that was learned is written at once, which takes a moment: rarely, and when the gateway stops. */
const everyMs = 10 * 60_000;

type Options = {
  readonly shared: SharedState;
  readonly clock: Clock;
  /** Names this process. */
  readonly member: string;
  readonly state: () => RouterState;
  readonly onError: (error: unknown) => void;
};

/** Keeps what routing has learned beyond the process: latencies, health, warm prefixes, lengths of answers. */
export class MemoryOfRoutes {
  readonly #options: Options;
  #timer: Timer | undefined;
  #savedVersion = -1;

  constructor(options: Options) {
    this.#options = options;
  }

  /** What processes before this one have learned; `null` = nothing. Never rejects. */
  async recall(): Promise<RouterState | null> {
    const { shared, clock, state, onError } = this.#options;
    try {
      const notes = await shared.read(topic, clock.nowMs());
      const known = notes.map(({ value }) =>
        // Written by `save` alone, of this version or another.
        adoptState(JSON.parse(value) as SerialisedState, state()),
      );
      return known.reduce<RouterState | null>(
        (merged, next) => (merged === null ? next : merge(merged, next)),
        null,
      );
    } catch (error) {
      onError(error);
      return null;
    }
  }

  start(): void {
    this.#timer = this.#options.clock.timer(everyMs, () => {
      void this.save();
      this.#timer?.refresh();
    });
  }

  /** Never rejects. */
  async save(): Promise<void> {
    const { shared, clock, member, state, onError } = this.#options;
    const now = state();
    if (now.version === this.#savedVersion) return;
    try {
      const value = JSON.stringify(serialise(now));
      await shared.publish({ topic, member, value, expiresAtMs: clock.nowMs() + keptMs });
      this.#savedVersion = now.version;
    } catch (error) {
      onError(error);
    }
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.save();
  }
}
