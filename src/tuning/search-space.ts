import { excerpt, InputError } from "../../dsl/index.ts";
import type { Experiment } from "../experiment.ts";
import { checkParameters, completeParameters, type Parameters, parameterTable } from "../parameters.ts";
import { compileTask } from "../task.ts";
import { narrowedRange, wantedParameter } from "./narrowed-range.ts";
import type { ParameterRange, ParameterValue } from "./parameter-range.ts";
import { checkSpace, type ParameterSpace, type TunedParameter } from "./parameter-space.ts";

/** The search parameters that can be tuned. */
export const tunableParameters: readonly (keyof Parameters)[] = (
  Object.keys(parameterTable) as (keyof Parameters)[]
).filter((name) => tunedOf(name) !== undefined);

/** They decide how many cores can work, and in what steps a run is looked at: tuned only where they are named. */
const COARSE: ReadonlySet<keyof Parameters> = new Set(["islands", "epochCandidates", "topology"]);

function tunedOf(name: keyof Parameters): Omit<TunedParameter, "default"> | undefined {
  const row: { readonly tuned?: Omit<TunedParameter, "default"> } = parameterTable[name];
  return row.tuned;
}

/** A space of search parameters, and what of it was left out since some experiment cannot have it. */
export interface SearchSpace {
  readonly space: ParameterSpace;
  readonly refused: readonly string[];
}

/**
 * The space of search parameters for some experiments. A default is the value that all experiments have, or where they differ that of the table; ranges are
 * widened to hold it.
 * @param words those to be tuned (all but islands, their topology and the length of epochs unless told), each `name`, or `name=from..to` or `name=value/value/…` where a part of its range is meant
 * @throws InputError where a name is that of no parameter that can be tuned, or a part of no range
 */
export function searchSpace(
  experiments: readonly Experiment[],
  words: readonly string[] = tunableParameters.filter((name) => !COARSE.has(name)),
): SearchSpace {
  const wanted = words.map(wantedParameter);
  const wrong = wanted.filter(({ name }) => !(tunableParameters as readonly string[]).includes(name));
  if (wrong.length > 0)
    throw new InputError(
      wrong.map(
        ({ name }) =>
          `parameter ${excerpt(name)} must be one that can be tuned: ${tunableParameters.join(", ")}.`,
      ),
    );
  const refused: string[] = [];
  const own = experiments.map(({ parameters = {} }) => completeParameters(parameters));
  /** What they are in effect, where they are not tuned. */
  const effective = experiments.map((experiment, k) => {
    const parameters = own[k] as Parameters;
    return { ...parameters, selector: compileTask(experiment, parameters).selector };
  });
  const isAccepted = (name: string, value: ParameterValue): boolean => {
    for (const experiment of experiments)
      try {
        compileTask(experiment, completeParameters({ ...experiment.parameters, [name]: value }));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        refused.push(`${name}=${String(value)} is left out; ${error.problems.join(" ")}`);
        return false;
      }
    return true;
  };
  const space: Record<string, TunedParameter> = {};
  for (const { name: word, within } of wanted) {
    const name = word as keyof Parameters;
    const { range: all, condition } = tunedOf(name) as Omit<TunedParameter, "default">;
    const range = within === undefined ? all : narrowedRange(name, all, within);
    checkEnds(name, range);
    const given = new Set(own.map((parameters) => parameters[name]));
    const usual = (given.size === 1 ? own[0]?.[name] : parameterTable[name].default) as ParameterValue;
    const widened = holding(range, usual);
    const accepted =
      widened.kind === "categorical"
        ? { ...widened, values: widened.values.filter((value) => value === usual || isAccepted(name, value)) }
        : widened;
    if (accepted.kind === "categorical" && accepted.values.length < 2) continue;
    space[name] = { range: accepted, default: usual, ...(condition === undefined ? {} : { condition }) };
  }
  // What depends on a parameter that is not tuned counts always, or never.
  for (const [name, { condition }] of Object.entries(space)) {
    if (condition === undefined) continue;
    const parent = space[condition.parameter]?.range;
    const left =
      parent?.kind === "categorical" ? condition.values.filter((value) => parent.values.includes(value)) : [];
    const isAlways =
      parent === undefined &&
      effective.every((parameters) =>
        condition.values.includes(parameters[condition.parameter as keyof Parameters] as ParameterValue),
      );
    const { condition: _, ...rest } = space[name] as TunedParameter;
    if (left.length > 0) space[name] = { ...rest, condition: { ...condition, values: left } };
    else if (isAlways) space[name] = rest;
    else {
      delete space[name];
      refused.push(
        `${name} is left out; it counts only with ${condition.parameter}=${condition.values.join(" or ")}.`,
      );
    }
  }
  checkSpace(space);
  return { space, refused };
}

/** The ends of a range that somebody has asked for must be values of the parameter. */
function checkEnds(name: string, range: ParameterRange): void {
  if (range.kind === "categorical") return;
  checkParameters({ [name]: range.from });
  checkParameters({ [name]: range.to });
}

/** A range that holds a value, too. */
function holding(range: ParameterRange, value: ParameterValue): ParameterRange {
  if (range.kind === "categorical")
    return range.values.includes(value) ? range : { ...range, values: [value, ...range.values] };
  const number = value as number;
  return { ...range, from: Math.min(range.from, number), to: Math.max(range.to, number) };
}
