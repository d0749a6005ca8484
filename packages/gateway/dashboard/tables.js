import { clockTime, count, duration, money } from "./format.js";

/** @typedef {import("./view.js").Column<any>} Column */

/** @param {number} value */
const share = (value) => `${(value * 100).toFixed(value > 0.995 ? 0 : 1)} %`;

/** @type {(group: string, total: number) => readonly Column[]} */
export const spendColumns = (group, total) => [
  { title: group, cell: (row) => row[group] ?? "none" },
  { title: "requests", isNumber: true, cell: (row) => count(row.request_count) },
  {
    title: "errors",
    isNumber: true,
    cell: ({ error_count: errors }) => (errors === 0 ? "0" : { text: count(errors), mood: "bad" }),
  },
  { title: "tokens in", isNumber: true, cell: (row) => count(row.tokens_input) },
  { title: "out", isNumber: true, cell: (row) => count(row.tokens_output) },
  {
    title: "cost",
    isNumber: true,
    cell: ({ cost_usd: cost }) => ({ text: money(cost), share: total === 0 ? 0 : cost / total }),
  },
];

/** @type {readonly Column[]} */
export const budgetColumns = [
  {
    title: "of",
    cell: (row) => [row.scope_type, row.scope_id ?? row.scope_provider].filter(Boolean).join(" "),
  },
  { title: "period", cell: ({ period }) => period },
  { title: "limit", isNumber: true, cell: (row) => money(row.limit_usd) },
  { title: "held", isNumber: true, cell: (row) => money(row.reserved_usd) },
  {
    title: "spent",
    isNumber: true,
    cell: (row) => {
      const used = row.percent_used / 100;
      const spent = { text: money(row.spend_usd), share: Math.min(1, used), isLimit: true };
      return used >= 1 ? { ...spent, mood: "bad" } : spent;
    },
  },
  { title: "", cell: ({ enforce }) => (enforce ? "enforced" : "told only") },
];

const moods = /** @type {const} */ ({ closed: "good", half_open: "warn", open: "bad" });

/** @type {readonly Column[]} */
export const healthColumns = [
  { title: "provider", cell: ({ provider }) => provider },
  { title: "model", cell: (row) => row.model_canonical },
  { title: "tier", cell: ({ tier }) => tier },
  {
    title: "breaker",
    cell: ({ breaker, ready_at: ready }) => {
      const until = ready === null ? "" : ` until ${clockTime(ready)}`;
      const mood = moods[/** @type {keyof typeof moods} */ (breaker)];
      return { text: `${breaker.replace("_", " ")}${until}`, mood };
    },
  },
  { title: "in flight", isNumber: true, cell: (row) => count(row.in_flight) },
  { title: "success", isNumber: true, cell: (row) => share(row.success_probability) },
  { title: "TTFT", isNumber: true, cell: (row) => duration(row.ttft_ms) },
  { title: "p95", isNumber: true, cell: (row) => duration(row.ttft_ms_p95) },
  { title: "tokens/s", isNumber: true, cell: (row) => row.throughput_tps.toFixed(0) },
  { title: "seen", isNumber: true, cell: (row) => count(row.observations) },
];

/** @type {Readonly<Record<string, string>>} */
const ways = { chat_completions: "chat" };

/** @type {readonly Column[]} */
export const liveColumns = [
  { title: "at", cell: ({ at }) => clockTime(at) },
  {
    title: "way in",
    cell: ({ endpoint, stream }) => `${ways[endpoint] ?? endpoint}${stream ? ", stream" : ""}`,
  },
  { title: "model", cell: ({ model }) => model ?? "–" },
  { title: "provider", cell: ({ provider }) => provider ?? "–" },
  {
    title: "outcome",
    cell: ({ outcome }) => {
      if (outcome === "success") return { text: outcome, mood: "good" };
      return { text: outcome, mood: outcome === "client_disconnected" ? "warn" : "bad" };
    },
  },
  {
    title: "attempts",
    isNumber: true,
    cell: ({ attempts }) =>
      attempts > 1 ? { text: count(attempts), mood: "warn" } : count(attempts),
  },
  { title: "TTFT", isNumber: true, cell: (row) => duration(row.ttft_ms) },
  { title: "took", isNumber: true, cell: (row) => duration(row.duration_ms) },
  { title: "tokens in", isNumber: true, cell: (row) => count(row.tokens_input) },
  { title: "out", isNumber: true, cell: (row) => count(row.tokens_output) },
  { title: "cost", isNumber: true, cell: (row) => money(row.cost_usd) },
  { title: "workspace", cell: (row) => row.workspace_id },
  { title: "request", cell: (row) => row.request_id },
];
