/** A proxy under test, up and answering. */
export type RunningServer = {
  readonly name: string;
  /** How it was started, for the report. */
  readonly command: string;
  /** The process whose CPU time counts. */
  readonly pid: number;
  /** Origin; requests go to `/v1/chat/completions` there. */
  readonly url: string;
  readonly apiKey: string;
  readonly stop: () => Promise<void>;
};

/** Starts a proxy in front of the mock upstream at `upstreamUrl` (an origin). */
export type StartServer = (name: string, upstreamUrl: string) => Promise<RunningServer>;
