import { type Configuration, type ParameterSpace, type TunedParameter } from "./parameter-space.ts";
import { type ParameterValue, unitOf, valueAt } from "./parameter-range.ts";

/** What was found over one parameter or two: the best configuration of each cell, as in any map of elites. */
export interface Landscape {
  readonly across: LandscapeAxis;
  readonly upwards: LandscapeAxis;
  /** Cells row by row from below; null where no configuration lies. */
  readonly cells: readonly (LandscapeCell | null)[];
}

/** A parameter cut into bins, with what each begins with, or its value. */
export interface LandscapeAxis {
  readonly parameter: string;
  readonly labels: readonly string[];
}

export interface LandscapeCell {
  /** Number of the configuration, and its strength. */
  readonly configuration: number;
  readonly strength: number;
}

const BINS = 8;

/**
 * The map of a tuning over two parameters: for each cell the configuration there with the greatest strength.
 * @param configurations by number; one that does not have a parameter lies nowhere
 */
export function landscapeOf(
  space: ParameterSpace,
  [first, second]: readonly [string, string],
  configurations: readonly { readonly configuration: Configuration; readonly strength: number }[],
): Landscape {
  const axes = [first, second].map((name) => ({ name, range: (space[name] as TunedParameter).range }));
  const bins = axes.map(({ range }) =>
    range.kind === "categorical"
      ? range.values.length
      : range.kind === "integer"
        ? Math.min(BINS, range.to - range.from + 1)
        : BINS,
  ) as [number, number];
  const binOf = (axis: number, value: ParameterValue): number => {
    const count = bins[axis] as number;
    return Math.max(
      0,
      Math.min(count - 1, Math.floor(count * unitOf(axes[axis]?.range as TunedParameter["range"], value))),
    );
  };
  const cells: (LandscapeCell | null)[] = Array.from({ length: bins[0] * bins[1] }, () => null);
  for (const [id, { configuration, strength }] of configurations.entries()) {
    const [x, y] = [configuration[first], configuration[second]];
    if (x === undefined || y === undefined || !Number.isFinite(strength)) continue;
    const cell = binOf(1, y) * bins[0] + binOf(0, x);
    const elite = cells[cell];
    if (elite === null || elite === undefined || strength > elite.strength)
      cells[cell] = { configuration: id, strength };
  }
  const axisOf = (axis: number): LandscapeAxis => {
    const { name, range } = axes[axis] as (typeof axes)[number];
    const count = bins[axis] as number;
    return {
      parameter: name,
      labels: Array.from({ length: count }, (_, bin) => shown(valueAt(range, bin / count))),
    };
  };
  return { across: axisOf(0), upwards: axisOf(1), cells };
}

const shown = (value: ParameterValue): string =>
  typeof value === "number" ? String(Number(value.toPrecision(3))) : String(value);
