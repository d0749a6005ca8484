/** One policy's value of a figure. */
type Bar = { readonly label: string; readonly value: number; readonly text: string };

/** A figure with one bar per policy, on a scale of its own that starts at zero. */
type BarGroup = { readonly label: string; readonly bars: readonly Bar[] };

export type BarPlot = {
  readonly title: string;
  readonly note: string;
  readonly groups: readonly BarGroup[];
};

const width = 760;
const left = 170;
const plotWidth = 470;
const barHeight = 16;
const barGap = 5;
const groupHead = 28;
const groupGap = 12;
const top = 62;
const palette = ["#2f6fde", "#c26a1b", "#3b8f5a", "#8a94a6"];

const style =
  "text{font:12px system-ui,sans-serif;fill:#1f2630}.t{font-size:16px;font-weight:600}.g{font-weight:600}.n{fill:#5c6675}.bg{fill:#fff}@media(prefers-color-scheme:dark){text{fill:#e6e9ef}.n{fill:#a0a9b8}.bg{fill:#14181f}}";

const escapeXml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

const text = (x: number, y: number, content: string, attributes = ""): string =>
  `<text x="${x.toFixed(1)}" y="${y}" ${attributes}>${escapeXml(content)}</text>`;

const heightOf = ({ bars }: BarGroup): number =>
  groupHead + bars.length * (barHeight + barGap) + groupGap;

const renderGroup = ({ label, bars }: BarGroup, y: number): string => {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const rows = bars.map((bar, index) => {
    const barY = y + groupHead + index * (barHeight + barGap);
    const length = Math.max(1, (bar.value / most) * plotWidth);
    return [
      text(left - 8, barY + 12, bar.label, 'text-anchor="end"'),
      `<rect x="${left}" y="${barY}" width="${length.toFixed(1)}" height="${barHeight}" rx="2" fill="${palette[index % palette.length] ?? ""}"/>`,
      text(left + length + 6, barY + 12, bar.text),
    ].join("");
  });
  return `${text(16, y + 18, label, 'class="g"')}${rows.join("")}`;
};

/** The plot as a stand-alone SVG that follows the reader's colour scheme. */
export const renderBarPlot = ({ title, note, groups }: BarPlot): string => {
  let y = top;
  const parts: string[] = [];
  for (const group of groups) {
    parts.push(renderGroup(group, y));
    y += heightOf(group);
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" role="img" aria-label="${escapeXml(title)}">`,
    `<style>${style}</style><rect class="bg" width="${width}" height="${y}"/>`,
    text(16, 28, title, 'class="t"'),
    text(16, 48, note, 'class="n"'),
    ...parts,
    "</svg>\n",
  ].join("\n");
};
