import { axisLines, framedPicture, PLOT } from "./picture-frame.ts";
import { coordinate, escapedText } from "./svg-text.ts";

/** A map of cells with values. */
export interface CellPicture {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xLabels: readonly string[];
  readonly yLabels: readonly string[];
  /** Row by row from below; null for none. */
  readonly cells: readonly ({ readonly value: number; readonly title: string } | null)[];
  /** Number of the cell that is marked; −1 for none. */
  readonly marked: number;
}

// From dark to light, readable with any eyes: after viridis (S. van der Walt and N. Smith 2015).
const colours = [
  "#440154",
  "#46327e",
  "#365c8d",
  "#277f8e",
  "#1fa187",
  "#4ac16d",
  "#a0da39",
  "#fde725",
] as const;

/** A map of cells as an SVG of its own: lighter is more. The same input gives the same text. */
export function cellPicture({ xLabels, yLabels, cells, marked, ...labels }: CellPicture): string {
  const values = cells.flatMap((cell) => (cell === null ? [] : [cell.value]));
  const least = values.reduce((a, b) => Math.min(a, b), values[0] ?? 0);
  const most = values.reduce((a, b) => Math.max(a, b), values[0] ?? 1);
  const [width, height] = [PLOT.width / xLabels.length, PLOT.height / yLabels.length];
  const left = (column: number): number => PLOT.left + column * width;
  const top = (row: number): number => PLOT.top + PLOT.height - (row + 1) * height;
  const text = (x: number, y: number, anchor: string, label: string): string =>
    `<text x="${coordinate(x)}" y="${coordinate(y)}" dy="0.35em" text-anchor="${anchor}" font-size="11">${escapedText(label)}</text>`;
  const axes = [
    ...xLabels.map((label, k) => text(left(k) + width / 2, PLOT.top + PLOT.height + 16, "middle", label)),
    ...yLabels.map((label, k) => text(PLOT.left - 8, top(k) + height / 2, "end", label)),
    axisLines(),
  ];
  const drawn = cells.map((cell, k) => {
    if (cell === null) return "";
    const share = most > least ? (cell.value - least) / (most - least) : 1;
    const colour = colours[Math.min(colours.length - 1, Math.floor(share * colours.length))] as string;
    const [x, y] = [left(k % xLabels.length), top(Math.floor(k / xLabels.length))];
    const mark = k === marked ? ` stroke="#c2185b" stroke-width="3"` : "";
    return `<rect x="${coordinate(x + 1)}" y="${coordinate(y + 1)}" width="${coordinate(width - 2)}" height="${coordinate(height - 2)}" fill="${colour}"${mark}><title>${escapedText(cell.title)}</title></rect>`;
  });
  return framedPicture(labels, [], [axes.join("\n"), ...drawn.filter((one) => one !== "")]);
}
