const whole = new Intl.NumberFormat("en");

/** @param {number} value */
export const count = (value) => whole.format(value);

/**
 * As many digits as it takes to tell small amounts from nothing.
 *
 * @param {number} usd
 */
export const money = (usd) => {
  if (usd === 0) return "$0";
  const digits = usd >= 100 ? 0 : usd >= 0.1 ? 2 : Math.min(12, 2 - Math.floor(Math.log10(usd)));
  return `$${usd.toFixed(digits)}`;
};

/** @param {number | null} ms */
export const duration = (ms) => {
  if (ms === null) return "–";
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
};

/** @param {string} iso */
export const clockTime = (iso) => new Date(iso).toLocaleTimeString();

/** @param {number} seconds */
export const uptime = (seconds) => {
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return `${Math.floor(hours / 24)} d`;
  return hours > 0
    ? `${hours} h ${Math.floor((seconds % 3600) / 60)} min`
    : `${Math.floor(seconds / 60)} min`;
};
