import type { Figures } from "../figures/figures.ts";
import { renderBarPlot } from "./bar-plot.ts";

/** What one policy came to. */
export type PolicyResult = { readonly policy: string; readonly figures: Figures };

/** A figure as reports show it. */
export type ShownFigure = {
  readonly head: string;
  readonly of: (figures: Figures) => number;
  readonly text: (value: number) => string;
};

const fixed =
  (digits: number) =>
  (value: number): string =>
    value.toFixed(digits);
const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;
const wholeMs = (value: number): string => `${Math.round(value)}`;

/** The figures of a report, in its order. */
export const shownFigures: readonly ShownFigure[] = [
  { head: "USD", of: (figures) => figures.usd, text: fixed(3) },
  { head: "USD adj.", of: (figures) => figures.usd_adj, text: fixed(3) },
  { head: "x bound", of: (figures) => figures.x_bound, text: fixed(3) },
  { head: "cached", of: (figures) => figures.cached_share, text: percent },
  { head: "failed", of: (figures) => figures.fail_rate, text: percent },
  { head: "SLO missed", of: (figures) => figures.slo_miss, text: percent },
  { head: "TTFT ms", of: (figures) => figures.ttft_ms.mean, text: wholeMs },
  { head: "p50", of: (figures) => figures.ttft_ms.p50, text: wholeMs },
  { head: "p95", of: (figures) => figures.ttft_ms.p95, text: wholeMs },
  { head: "p99", of: (figures) => figures.ttft_ms.p99, text: wholeMs },
  { head: "total ms", of: (figures) => figures.total_ms.mean, text: wholeMs },
  { head: "j", of: (figures) => figures.j, text: fixed(2) },
];

const plotted = ["USD adj.", "x bound", "TTFT ms", "failed", "SLO missed", "j"];

/** Policies side by side as a bar plot (SVG). */
export const comparisonPlot = (
  results: readonly PolicyResult[],
  captions: { readonly title: string; readonly note: string },
): string =>
  renderBarPlot({
    ...captions,
    groups: shownFigures
      .filter(({ head }) => plotted.includes(head))
      .map(({ head, of, text }) => ({
        label: head,
        bars: results.map(({ policy, figures }) => {
          const value = of(figures);
          return { label: policy, value, text: text(value) };
        }),
      })),
  });
