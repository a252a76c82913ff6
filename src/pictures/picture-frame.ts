import { coordinate, escapedText } from "./svg-text.ts";

/** Where a plot lies in its picture, in units of the picture. */
export const PLOT = { left: 84, top: 62, width: 620, height: 420, bottom: 66 } as const;
const LEGEND_GAP = 26;
const LEGEND_LINE = 24;
const MAXIMUM_NAME_LENGTH = 40;
// How wide characters are, about.
const NAME_CHARACTER_WIDTH = 7.8;
const TITLE_CHARACTER_WIDTH = 11;

const INK = "#1d2129";
const FAINT_INK = "#535a66";
const GRID = "#e6e8ec";

/** Names as a legend shows them. */
export const legendNames = (names: readonly string[]): string[] =>
  names.map((name) => shortened(name, MAXIMUM_NAME_LENGTH));

/**
 * A plot with a title and labels as an SVG of its own, without scripts. It has its own white ground, so it can be read on any page.
 * @param names those of the legend at its right
 * @param parts what is drawn within
 */
export function framedPicture(
  { title, xLabel, yLabel }: { readonly title: string; readonly xLabel: string; readonly yLabel: string },
  names: readonly string[],
  parts: readonly string[],
): string {
  const longest = names.reduce((length, name) => Math.max(length, Array.from(name).length), 0);
  const width = PLOT.left + PLOT.width + LEGEND_GAP + 44 + Math.ceil(NAME_CHARACTER_WIDTH * longest) + 24;
  const height = Math.max(PLOT.top + PLOT.height + PLOT.bottom, PLOT.top + LEGEND_LINE * names.length + 24);
  const middle = coordinate(PLOT.top + PLOT.height / 2);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif" font-size="13" fill="${INK}">`,
    `<title>${escapedText(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#ffffff"/>`,
    `<text x="${PLOT.left}" y="36" font-size="18" font-weight="600">${escapedText(shortened(title, (width - PLOT.left) / TITLE_CHARACTER_WIDTH))}</text>`,
    ...parts.slice(0, 1),
    `<text x="${coordinate(PLOT.left + PLOT.width / 2)}" y="${PLOT.top + PLOT.height + 48}" text-anchor="middle" fill="${FAINT_INK}">${escapedText(xLabel)}</text>`,
    `<text transform="translate(24 ${middle}) rotate(-90)" text-anchor="middle" fill="${FAINT_INK}">${escapedText(yLabel)}</text>`,
    ...parts.slice(1),
    "</svg>",
    "",
  ].join("\n");
}

/** A line of the grid across the plot, with a label at its left. */
export const horizontalLine = (y: number, label: string): string[] => [
  `<path d="M${PLOT.left} ${coordinate(y)}H${PLOT.left + PLOT.width}" stroke="${GRID}"/>`,
  `<text x="${PLOT.left - 10}" y="${coordinate(y)}" dy="0.35em" text-anchor="end">${label}</text>`,
];

/** A line of the grid up the plot, with a label below. */
export const verticalLine = (x: number, label: string): string[] => [
  `<path d="M${coordinate(x)} ${PLOT.top}V${PLOT.top + PLOT.height}" stroke="${GRID}"/>`,
  `<text x="${coordinate(x)}" y="${PLOT.top + PLOT.height + 22}" text-anchor="middle">${label}</text>`,
];

/** The axes themselves. */
export const axisLines = (): string =>
  `<path d="M${PLOT.left} ${PLOT.top}V${PLOT.top + PLOT.height}H${PLOT.left + PLOT.width}" fill="none" stroke="${FAINT_INK}"/>`;

/** Where the k-th entry of the legend lies. */
export const legendPlace = (k: number): { readonly left: number; readonly at: number } => ({
  left: PLOT.left + PLOT.width + LEGEND_GAP,
  at: PLOT.top + 12 + LEGEND_LINE * k,
});

function shortened(text: string, maximumLength: number): string {
  const characters = Array.from(text);
  return characters.length <= maximumLength
    ? text
    : `${characters.slice(0, Math.floor(maximumLength) - 1).join("")}…`;
}
