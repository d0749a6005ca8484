import { startReplayServer } from "../support/replay-server.ts";
import { serve } from "../support/pointsman.ts";
import { saidOriginally, withoutUnfinished } from "./original.ts";
import { modelOf, piecesOf, providerEntry, providerOf, recordings } from "./recording.ts";
import type { Recording } from "./recording.ts";
import type { Place, Said } from "./said.ts";

/** A gateway in front of a server that plays recordings. */
export type RecordedGateway = {
  /** What the recording says by itself. */
  original(recording: Recording): Promise<Said>;
  /** Plays the recording without the gateway; where to ask for it. */
  playAlone(recording: Recording): Place;
  /** Sets the recording as what its provider answers; where to ask the gateway for it. */
  play(recording: Recording): Place;
  close(): Promise<void>;
};

/** Starts both, with one provider for each vendor and wire that was recorded. */
export const startRecordedGateway = async (): Promise<RecordedGateway> => {
  const replay = await startReplayServer();
  const origin = replay.baseUrl.replace(/\/v1$/u, "");
  const providers = recordings.map((recording) => [
    providerOf(recording),
    providerEntry(recording, origin),
  ]);
  const served = await serve({
    config: JSON.stringify({
      keys: [{ key: "test-key" }],
      providers: Object.fromEntries(providers),
    }),
  });
  const set = (recording: Recording): void => {
    replay.play({ contentType: recording.contentType, chunks: piecesOf(recording) });
  };
  const alone = { baseURL: replay.baseUrl, apiKey: "sk-recorded", model: "recorded" };
  return {
    original: (recording) => {
      set(withoutUnfinished(recording));
      return saidOriginally(recording, alone);
    },
    playAlone: (recording) => {
      set(recording);
      return alone;
    },
    play: (recording) => {
      set(recording);
      return {
        baseURL: served.ready.url,
        apiKey: "test-key",
        model: modelOf(recording),
        reasonsWithTools: recording.wire === "openai-responses",
      };
    },
    close: async () => {
      await served.stop();
      await replay.close();
    },
  };
};
