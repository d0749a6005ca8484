import { InvalidArgumentError } from "commander";

const units = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

const ago = /^(\d+)([mhdw])$/u;

/** `7d`, `24h`, `30m`, `2w`, or a time; as ISO 8601. */
export const parseMoment =
  (nowMs: () => number) =>
  (text: string): string => {
    const [, count, unit] = ago.exec(text) ?? [];
    const ms =
      count === undefined
        ? Date.parse(text)
        : nowMs() - Number(count) * units[unit as keyof typeof units];
    if (Number.isNaN(ms)) {
      throw new InvalidArgumentError("expected 30m, 24h, 7d, 2w, or a time like 2027-01-31.");
    }
    return new Date(ms).toISOString();
  };
