import { kernels } from "../../dsl/index.ts";
import { emphasisedStyle, marker, type PlotStyle, styleOf } from "../pictures/plot-marker.ts";
import {
  axisLines,
  framedPicture,
  horizontalLine,
  legendNames,
  legendPlace,
  PLOT,
  verticalLine,
} from "../pictures/picture-frame.ts";
import { coordinate, escapedText } from "../pictures/svg-text.ts";
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

const MAXIMUM_DECADE_LABELS = 12;
const MAXIMUM_OPERATION_LABELS = 20;

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
  const names = legendNames(listed.map(({ name }) => name));
  return framedPicture({ title, xLabel, yLabel }, names, [
    axes(scales).join("\n"),
    // What is emphasised lies on top, and comes first in the legend.
    ...[...plain, ...emphasised].map((one) => lineOf(one, scales)),
    ...listed.map((one, k) => legendEntry(one, names[k] as string, k)),
  ]);
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
    x: (value) => PLOT.left + (PLOT.width * (value - across.least)) / (across.most - across.least),
    y: (error) => {
      const decade = error > 0 ? kernels.log10(error) : decades.least;
      return PLOT.top + (PLOT.height * (decades.most - decade)) / (decades.most - decades.least);
    },
  };
}

function axes({ operations, decades, hasExact, x }: Scales): string[] {
  const parts: string[] = [];
  const bottom = PLOT.top + PLOT.height;
  const decadeStep = Math.ceil((decades.most - decades.least) / MAXIMUM_DECADE_LABELS);
  for (let decade = decades.most; decade >= decades.least + (hasExact ? 1 : 0); decade -= decadeStep) {
    const at = PLOT.top + (PLOT.height * (decades.most - decade)) / (decades.most - decades.least);
    const exponent = decade < 0 ? `\u2212${-decade}` : String(decade);
    parts.push(...horizontalLine(at, `10<tspan dy="-0.55em" font-size="10">${exponent}</tspan>`));
  }
  if (hasExact)
    parts.push(`<text x="${PLOT.left - 10}" y="${bottom}" dy="0.35em" text-anchor="end">exact</text>`);
  const first = Math.ceil(operations.least);
  const step = Math.ceil((operations.most - operations.least) / MAXIMUM_OPERATION_LABELS);
  for (let count = first; count <= operations.most; count += step) {
    parts.push(...verticalLine(x(count), String(count)));
  }
  parts.push(axisLines());
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
  const { left, at } = legendPlace(k);
  return [
    "<g>",
    `<path d="M${left} ${at}H${left + 32}" ${strokeOf(style, emphasised)}/>`,
    marker(style, left + 16, at, emphasised),
    `<text x="${left + 44}" y="${at}" dy="0.35em"${emphasised ? ` font-weight="600"` : ""}>${escapedText(name)}</text>`,
    "</g>",
  ].join("\n");
}
