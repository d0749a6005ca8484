import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asNumber, asRecord } from "../json/read.ts";
import type { StreamItem } from "../neutral/stream-item.ts";
import { decodeArguments, decodeCallSignature } from "./decode-content.ts";

type OpenCall = {
  /** The vendor's id, `""` until it sends one. */
  id: string;
  name: string;
  /** Our gapless index; −1 until the name is known. */
  call: number;
  hasArguments: boolean;
  /** Arguments that came before the name. */
  early: string;
};

/**
 * Puts the call pieces of one choice together. Vendors count from 0 or 1, repeat the id, leave it
 * empty or leave out index or id; a piece belongs to the call with its index, unless it names another
 * id, and without an index to the one with its id, else to the last.
 */
export const createToolCallAssembler = (
  choice: number,
): {
  push(calls: unknown, out: StreamItem[]): void;
  /** Completes calls without arguments; they mean `{}`. */
  end(out: StreamItem[]): void;
  count(): number;
} => {
  const byIndex = new Map<number, OpenCall>();
  const all: OpenCall[] = [];
  let count = 0;

  const find = (index: number | null, id: string, name: string): OpenCall => {
    const known =
      index === null
        ? id === ""
          ? name === ""
            ? all.at(-1)
            : undefined
          : all.find((call) => call.id === id)
        : byIndex.get(index);
    const another = known !== undefined && id !== "" && known.id !== "" && known.id !== id;
    if (known !== undefined && !another) return known;
    const opened: OpenCall = { id, name: "", call: -1, hasArguments: false, early: "" };
    all.push(opened);
    if (index !== null) byIndex.set(index, opened);
    return opened;
  };

  const pushArguments = (open: OpenCall, text: string, out: StreamItem[]): void => {
    if (text === "") return;
    if (open.call === -1) {
      open.early += text;
      return;
    }
    open.hasArguments = true;
    out.push({ kind: "tool_arguments", choice, call: open.call, text });
  };

  const announce = (open: OpenCall, signature: string | null, out: StreamItem[]): void => {
    open.call = count++;
    out.push({
      kind: "tool_call",
      choice,
      call: open.call,
      id: open.id === "" ? `call_${choice}_${open.call}` : open.id,
      name: open.name,
      ...(signature === null ? {} : { signature }),
    });
    pushArguments(open, open.early, out);
  };

  const pushOne = (piece: JsonRecord, out: StreamItem[]): void => {
    const definition = asRecord(piece["function"]);
    const name = asFilledString(definition?.["name"]) ?? "";
    const id = asFilledString(piece["id"]) ?? "";
    const open = find(asNumber(piece["index"]), id, name);
    if (open.id === "") open.id = id;
    if (open.call === -1 && name !== "") {
      open.name = name;
      announce(open, decodeCallSignature(piece), out);
    }
    pushArguments(open, decodeArguments(definition?.["arguments"]), out);
  };

  return {
    push: (calls, out) => {
      for (const piece of asArray(calls)) {
        const record = asRecord(piece);
        if (record !== null) pushOne(record, out);
      }
    },
    end: (out) => {
      for (const open of all) {
        if (open.call !== -1 && !open.hasArguments) pushArguments(open, "{}", out);
      }
    },
    count: () => count,
  };
};
