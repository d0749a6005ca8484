import { Histogram } from "prom-client";
import type { HistogramConfiguration } from "prom-client";

/** So many values wait at most. */
const mostWaiting = 512;

/**
 * A histogram that takes values many at a time, or when it is read: one between the steps of a request
 * costs four times what it costs among its like.
 */
export class LateHistogram<Label extends string> {
  readonly #histogram: Histogram<Label>;
  readonly #labels: Partial<Record<Label, string>>[] = [];
  readonly #values: number[] = [];

  constructor(configuration: HistogramConfiguration<Label>) {
    this.#histogram = new Histogram({ ...configuration, collect: () => this.#take() });
  }

  observe(labels: Partial<Record<Label, string>>, value: number): void {
    this.#labels.push(labels);
    if (this.#values.push(value) >= mostWaiting) this.#take();
  }

  #take(): void {
    for (const [at, value] of this.#values.entries()) {
      this.#histogram.observe(this.#labels[at] ?? {}, value);
    }
    this.#labels.length = 0;
    this.#values.length = 0;
  }
}
