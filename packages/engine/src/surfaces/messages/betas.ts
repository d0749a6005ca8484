import type { CallerHeaders } from "../surface.ts";

const name = /^[\w.-]{1,64}$/;

/** Names in `anthropic-beta`, given once or several times, each perhaps a list. Others are left out. */
export const betasOf = (headers: CallerHeaders): readonly string[] => {
  const given = headers["anthropic-beta"];
  if (given === undefined) return [];
  return [given]
    .flat()
    .flatMap((list) => list.split(","))
    .map((entry) => entry.trim())
    .filter((entry) => name.test(entry));
};
