import { kernels } from "../../dsl/index.ts";
import { emphasisedStyle, marker, type PlotStyle, styleOf } from "./plot-marker.ts";
import { coordinate, escapedText } from "./svg-text.ts";
import { counted } from "../counted.ts";

/** A line of a picture. */
export interface FrontSeries {
  readonly name: string;
  /** In any order; only finite errors are shown, and zero at the bottom. */
  readonly points: readonly { readonly operations: number; readonly error: number }[];
  /** What the picture is about, drawn as a dotted front with large points; other series are thin lines. */
  readonly emphasised: boolean;
}

export interface FrontPicture {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly FrontSeries[];
}

const PLOT_WIDTH = 620;
const PLOT_HEIGHT = 420;
const LEFT = 84;
const TOP = 62;
const BOTTOM = 66;
const LEGEND_GAP = 26;
const LEGEND_LINE = 24;
const MAXIMUM_NAME_LENGTH = 40;
// How wide characters are, about.
const NAME_CHARACTER_WIDTH = 7.8;
const TITLE_CHARACTER_WIDTH = 11;
const MAXIMUM_DECADE_LABELS = 12;
const MAXIMUM_OPERATION_LABELS = 20;

const INK = "#1d2129";
const FAINT_INK = "#535a66";
const GRID = "#e6e8ec";

/** Where values lie in the picture. */
interface Scales {
  readonly operations: { readonly least: number; readonly most: number };
  /** Powers of ten. */
  readonly decades: { readonly least: number; readonly most: number };
  /** Whether what is exact lies at the bottom, below all powers. */
  readonly hasExact: boolean;
  x(operations: number): number;
  y(error: number): number;
}

/**
 * Errors against operations as an SVG of its own, without scripts: error on a logarithmic axis. It has its own white ground, so it
 * can be read on any page. The same input gives the same text.
 */
export function frontPicture({ title, xLabel, yLabel, series }: FrontPicture): string {
  const plain = series.filter(({ emphasised }) => !emphasised).map((one, k) => styled(one, styleOf(k)));
  const emphasised = series.filter((one) => one.emphasised).map((one) => styled(one, emphasisedStyle));
  const listed = [...emphasised, ...plain];
  const scales = scalesOf(listed);
  const names = listed.map(({ name }) => shortened(name, MAXIMUM_NAME_LENGTH));
  const longest = names.reduce((length, name) => Math.max(length, Array.from(name).length), 0);
  const width = LEFT + PLOT_WIDTH + LEGEND_GAP + 44 + Math.ceil(NAME_CHARACTER_WIDTH * longest) + 24;
  const height = Math.max(TOP + PLOT_HEIGHT + BOTTOM, TOP + LEGEND_LINE * names.length + 24);
  const middle = coordinate(TOP + PLOT_HEIGHT / 2);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif" font-size="13" fill="${INK}">`,
    `<title>${escapedText(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="36" font-size="18" font-weight="600">${escapedText(shortened(title, (width - LEFT) / TITLE_CHARACTER_WIDTH))}</text>`,
    ...axes(scales),
    `<text x="${coordinate(LEFT + PLOT_WIDTH / 2)}" y="${TOP + PLOT_HEIGHT + 48}" text-anchor="middle" fill="${FAINT_INK}">${escapedText(xLabel)}</text>`,
    `<text transform="translate(24 ${middle}) rotate(-90)" text-anchor="middle" fill="${FAINT_INK}">${escapedText(yLabel)}</text>`,
    // What is emphasised lies on top, and comes first in the legend.
    ...[...plain, ...emphasised].map((one) => lineOf(one, scales)),
    ...listed.map((one, k) => legendEntry(one, names[k] as string, k)),
    "</svg>",
    "",
  ].join("\n");
}

interface StyledSeries extends FrontSeries {
  readonly style: PlotStyle;
}

/** A series with the points that have a place, from left to right. */
const styled = ({ name, points, emphasised }: FrontSeries, style: PlotStyle): StyledSeries => ({
  name,
  emphasised,
  style,
  points: points
    .filter(({ operations, error }) => Number.isFinite(operations) && Number.isFinite(error) && error >= 0)
    .toSorted((a, b) => a.operations - b.operations || b.error - a.error),
});

function scalesOf(series: readonly FrontSeries[]): Scales {
  const points = series.flatMap(({ points: own }) => own);
  const least = (values: readonly number[], otherwise: number): number =>
    values.reduce((a, b) => Math.min(a, b), values[0] ?? otherwise);
  const most = (values: readonly number[], otherwise: number): number =>
    values.reduce((a, b) => Math.max(a, b), values[0] ?? otherwise);
  const operations = points.map((point) => point.operations);
  const logarithms = points.filter(({ error }) => error > 0).map(({ error }) => kernels.log10(error));
  const isZeroShown = points.some(({ error }) => error === 0);
  const across = { least: least(operations, 1) - 0.5, most: most(operations, 10) + 0.5 };
  const bottom = Math.floor(least(logarithms, -1)) - (isZeroShown ? 1 : 0);
  const decades = { least: bottom, most: Math.max(Math.ceil(most(logarithms, 0)), bottom + 1) };
  return {
    operations: across,
    decades,
    hasExact: isZeroShown,
    x: (value) => LEFT + (PLOT_WIDTH * (value - across.least)) / (across.most - across.least),
    y: (error) => {
      const decade = error > 0 ? kernels.log10(error) : decades.least;
      return TOP + (PLOT_HEIGHT * (decades.most - decade)) / (decades.most - decades.least);
    },
  };
}

function axes({ operations, decades, hasExact, x }: Scales): string[] {
  const parts: string[] = [];
  const right = LEFT + PLOT_WIDTH;
  const bottom = TOP + PLOT_HEIGHT;
  const decadeStep = Math.ceil((decades.most - decades.least) / MAXIMUM_DECADE_LABELS);
  for (let decade = decades.most; decade >= decades.least + (hasExact ? 1 : 0); decade -= decadeStep) {
    const at = coordinate(TOP + (PLOT_HEIGHT * (decades.most - decade)) / (decades.most - decades.least));
    const exponent = decade < 0 ? `\u2212${-decade}` : String(decade);
    parts.push(
      `<path d="M${LEFT} ${at}H${right}" stroke="${GRID}"/>`,
      `<text x="${LEFT - 10}" y="${at}" dy="0.35em" text-anchor="end">10<tspan dy="-0.55em" font-size="10">${exponent}</tspan></text>`,
    );
  }
  if (hasExact) parts.push(`<text x="${LEFT - 10}" y="${bottom}" dy="0.35em" text-anchor="end">exact</text>`);
  const first = Math.ceil(operations.least);
  const step = Math.ceil((operations.most - operations.least) / MAXIMUM_OPERATION_LABELS);
  for (let count = first; count <= operations.most; count += step) {
    const at = coordinate(x(count));
    parts.push(
      `<path d="M${at} ${TOP}V${bottom}" stroke="${GRID}"/>`,
      `<text x="${at}" y="${bottom + 22}" text-anchor="middle">${count}</text>`,
    );
  }
  parts.push(`<path d="M${LEFT} ${TOP}V${bottom}H${right}" fill="none" stroke="${FAINT_INK}"/>`);
  return parts;
}

/** What is emphasised is dotted, so that markers below it are seen. */
const strokeOf = ({ colour }: PlotStyle, emphasised: boolean): string =>
  emphasised
    ? `stroke="${colour}" stroke-width="3" stroke-linecap="round" stroke-dasharray="0.1 6"`
    : `stroke="${colour}" stroke-width="1.3" stroke-opacity="0.75"`;

function lineOf({ name, points, emphasised, style }: StyledSeries, { x, y }: Scales): string {
  let path = "";
  let least = Number.POSITIVE_INFINITY;
  for (const { operations, error } of points) {
    // The emphasised line is a front: it passes by what smaller programs do as well.
    if (emphasised && error >= least) continue;
    least = Math.min(least, error);
    path += `${path === "" ? "M" : "L"}${coordinate(x(operations))} ${coordinate(y(error))}`;
  }
  return [
    "<g>",
    ...(path === "" ? [] : [`<path d="${path}" fill="none" ${strokeOf(style, emphasised)}/>`]),
    ...points.map(({ operations, error }) => {
      const tip = escapedText(
        `${name}: ${counted(operations, "operation")}, ${error === 0 ? "exact" : error.toExponential(2)}`,
      );
      return marker(style, x(operations), y(error), emphasised, tip);
    }),
    "</g>",
  ].join("\n");
}

function legendEntry({ emphasised, style }: StyledSeries, name: string, k: number): string {
  const left = LEFT + PLOT_WIDTH + LEGEND_GAP;
  const at = TOP + 12 + LEGEND_LINE * k;
  return [
    "<g>",
    `<path d="M${left} ${at}H${left + 32}" ${strokeOf(style, emphasised)}/>`,
    marker(style, left + 16, at, emphasised),
    `<text x="${left + 44}" y="${at}" dy="0.35em"${emphasised ? ` font-weight="600"` : ""}>${escapedText(name)}</text>`,
    "</g>",
  ].join("\n");
}

function shortened(text: string, maximumLength: number): string {
  const characters = Array.from(text);
  return characters.length <= maximumLength
    ? text
    : `${characters.slice(0, Math.floor(maximumLength) - 1).join("")}…`;
}
