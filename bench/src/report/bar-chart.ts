/** One bar; `outlined` bars are references that were not measured in this run. */
type Bar = {
  readonly label: string;
  readonly value: number;
  /** Shown at the bar's end. */
  readonly text: string;
  readonly outlined?: boolean;
};

/** Bars that belong together, with an optional goal drawn as a dashed line through them. */
type BarGroup = {
  readonly label: string;
  readonly bars: readonly Bar[];
  readonly goal?: { readonly value: number; readonly text: string };
};

export type BarChart = {
  readonly title: string;
  readonly note: string;
  readonly scale: "linear" | "log";
  readonly groups: readonly BarGroup[];
};

const width = 760;
const left = 190;
const plotWidth = 430;
const barHeight = 16;
const barGap = 5;
const groupHead = 30;
const top = 64;

const palette = ["#8a94a6", "#2f6fde", "#c26a1b", "#3b8f5a"];

const style = `text{font:12px system-ui,sans-serif;fill:#1f2630}.t{font-size:16px;font-weight:600}.g{font-weight:600}.n{fill:#5c6675}.v{paint-order:stroke;stroke:#fff;stroke-width:4px}.goal{stroke:#c0392b;stroke-dasharray:4 3}.goal-text{fill:#c0392b}.o{fill:none;stroke:#8a94a6}.bg{fill:#fff}@media(prefers-color-scheme:dark){text{fill:#e6e9ef}.n{fill:#a0a9b8}.v{stroke:#14181f}.bg{fill:#14181f}}`;

const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const text = (x: number, y: number, content: string, attributes = ""): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escapeXml(content)}</text>`;

const lengthScale = ({ scale, groups }: BarChart): ((value: number) => number) => {
  const values = groups.flatMap(({ bars, goal }) => [
    ...bars.map(({ value }) => value),
    ...(goal === undefined ? [] : [goal.value]),
  ]);
  const max = Math.max(...values);
  if (scale === "linear") return (value) => (value / max) * plotWidth;
  // A decade below the smallest value, so that no bar vanishes.
  const low = Math.log10(Math.min(...values)) - 1;
  const high = Math.log10(max);
  return (value) => ((Math.log10(value) - low) / (high - low)) * plotWidth;
};

const renderGroup = (group: BarGroup, y: number, lengthOf: (value: number) => number): string => {
  const first = y + groupHead;
  const bars = group.bars.map((bar, index) => {
    const barY = first + index * (barHeight + barGap);
    const length = Math.max(1, lengthOf(bar.value));
    const paint =
      bar.outlined === true ? 'class="o"' : `fill="${palette[index % palette.length] ?? ""}"`;
    return [
      text(left - 8, barY + 12, bar.label, 'text-anchor="end"'),
      `<rect x="${left}" y="${barY}" width="${length.toFixed(1)}" height="${barHeight}" rx="2" ${paint}/>`,
      text(
        left + length + 6,
        barY + 12,
        bar.text,
        bar.outlined === true ? 'class="n v"' : 'class="v"',
      ),
    ].join("");
  });
  const goal = group.goal;
  const bottom = first + group.bars.length * (barHeight + barGap);
  const goalX = goal === undefined ? 0 : left + lengthOf(goal.value);
  const goalLine =
    goal === undefined
      ? ""
      : `<line class="goal" x1="${goalX.toFixed(1)}" x2="${goalX.toFixed(1)}" y1="${first - 6}" y2="${bottom}"/>${text(goalX + 4, first - 8, goal.text, 'class="goal-text"')}`;
  return `${text(16, y + 18, group.label, 'class="g"')}${goalLine}${bars.join("")}`;
};

/** The chart as a stand-alone SVG that follows the reader's colour scheme. */
export const renderBarChart = (chart: BarChart): string => {
  const lengthOf = lengthScale(chart);
  let y = top;
  const parts: string[] = [];
  for (const group of chart.groups) {
    parts.push(renderGroup(group, y, lengthOf));
    y += groupHead + group.bars.length * (barHeight + barGap) + 10;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 10}" role="img" aria-label="${escapeXml(chart.title).replaceAll('"', "&quot;")}">`,
    `<style>${style}</style><rect class="bg" width="${width}" height="${y + 10}"/>`,
    text(16, 28, chart.title, 'class="t"'),
    text(16, 48, chart.note, 'class="n"'),
    ...parts,
    "</svg>\n",
  ].join("\n");
};
