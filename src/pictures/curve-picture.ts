import { styleOf } from "./plot-marker.ts";
import {
  axisLines,
  framedPicture,
  horizontalLine,
  legendNames,
  legendPlace,
  PLOT,
  verticalLine,
} from "./picture-frame.ts";
import { coordinate, escapedText } from "./svg-text.ts";

/** A curve with a band around it; points that are not finite are left out. */
export interface Curve {
  readonly name: string;
  /** Drawn with gaps. */
  readonly isDashed: boolean;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly low: number;
    readonly high: number;
  }[];
}

export interface CurvePicture {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly curves: readonly Curve[];
}

/** Lines of the grid in each direction, about. */
const GRID_LINES = 6;

/** An axis from a value to another, a line of the grid every so much. */
interface Axis {
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

/** Curves as an SVG of its own, on linear axes. The same input gives the same text. */
export function curvePicture({ curves, ...labels }: CurvePicture): string {
  const told = curves.map((curve) => ({
    ...curve,
    points: curve.points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
  }));
  const points = told.flatMap((curve) => curve.points);
  const across = axisOf(points.map(({ x }) => x));
  const upwards = axisOf(points.flatMap(({ y, low, high }) => [y, low, high].filter(Number.isFinite)));
  const x = (value: number): number =>
    PLOT.left + (PLOT.width * (value - across.least)) / (across.most - across.least);
  const y = (value: number): number =>
    PLOT.top + (PLOT.height * (upwards.most - value)) / (upwards.most - upwards.least);
  // A band goes to the end of the plot where it has none.
  const within = (value: number): string =>
    coordinate(y(Math.max(upwards.least, Math.min(upwards.most, value))));
  const names = legendNames(told.map(({ name }) => name));
  const drawn = told.map(({ name, isDashed, points: own }, k) => {
    const { colour } = styleOf(k);
    const line = own.map(
      (point, at) => `${at === 0 ? "M" : "L"}${coordinate(x(point.x))} ${coordinate(y(point.y))}`,
    );
    const above = own.map(
      (point, at) => `${at === 0 ? "M" : "L"}${coordinate(x(point.x))} ${within(point.high)}`,
    );
    const below = own.toReversed().map((point) => `L${coordinate(x(point.x))} ${within(point.low)}`);
    return [
      "<g>",
      `<title>${escapedText(name)}</title>`,
      `<path d="${above.join("")}${below.join("")}Z" fill="${colour}" fill-opacity="0.14"/>`,
      `<path d="${line.join("")}" fill="none" ${strokeOf(colour, isDashed)}/>`,
      "</g>",
    ].join("\n");
  });
  const legend = names.map((name, k) => {
    const { left, at } = legendPlace(k);
    return [
      `<path d="M${left} ${at}H${left + 32}" ${strokeOf(styleOf(k).colour, told[k]?.isDashed === true)}/>`,
      `<text x="${left + 44}" y="${at}" dy="0.35em">${escapedText(name)}</text>`,
    ].join("\n");
  });
  const grid = [
    ...linesOf(upwards).flatMap((value) => horizontalLine(y(value), shownNumber(value, upwards.step))),
    ...linesOf(across).flatMap((value) => verticalLine(x(value), shownNumber(value, across.step))),
    axisLines(),
  ].join("\n");
  return framedPicture(labels, names, [
    grid,
    ...drawn.filter((_, k) => told[k]?.points.length !== 0),
    ...legend,
  ]);
}

const strokeOf = (colour: string, isDashed: boolean): string =>
  `stroke="${colour}" stroke-width="2"${isDashed ? ` stroke-dasharray="6 4"` : ""}`;

/** An axis with room for all values, whose lines are at round numbers. */
function axisOf(values: readonly number[]): Axis {
  let least = values.reduce((a, b) => Math.min(a, b), values[0] ?? 0);
  let most = values.reduce((a, b) => Math.max(a, b), values[0] ?? 1);
  if (least === most) {
    least -= Math.max(1, Math.abs(least)) / 2;
    most += Math.max(1, Math.abs(most)) / 2;
  }
  const rough = (most - least) / GRID_LINES;
  let step = 1;
  while (step > rough) step /= 10;
  while (step * 10 <= rough) step *= 10;
  step *= rough >= 5 * step ? 5 : rough >= 2 * step ? 2 : 1;
  return { least: Math.floor(least / step) * step, most: Math.ceil(most / step) * step, step };
}

function linesOf({ least, most, step }: Axis): number[] {
  const count = Math.round((most - least) / step);
  return Array.from({ length: count + 1 }, (_, k) => least + k * step);
}

const suffixes = ["", "k", "M", "G", "T"] as const;

/** A value of an axis, with as many digits as its lines need. */
function shownNumber(value: number, step: number): string {
  let [scaled, unit, place] = [value, step, 0];
  while (unit >= 100 && place < suffixes.length - 1)
    [scaled, unit, place] = [scaled / 1000, unit / 1000, place + 1];
  let digits = 0;
  for (let one = unit; one < 0.999 && digits < 12; one *= 10) digits++;
  const text = (Math.abs(scaled) < unit / 2 ? 0 : scaled).toFixed(digits).replace("-", "\u2212");
  return scaled === 0 ? "0" : `${text}${suffixes[place]}`;
}
