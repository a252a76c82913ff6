import { InputError } from "../../dsl/index.ts";
import type { Experiment } from "../experiment.ts";
import { completeParameters, type Parameters, parameterTable } from "../parameters.ts";
import { compileTask } from "../task.ts";
import type { ParameterRange, ParameterValue } from "./parameter-range.ts";
import { checkSpace, type ParameterSpace, type TunedParameter } from "./parameter-space.ts";

/** The search parameters that can be tuned. */
export const tunableParameters: readonly (keyof Parameters)[] = (
  Object.keys(parameterTable) as (keyof Parameters)[]
).filter((name) => tunedOf(name) !== undefined);

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
 * @param names those to be tuned
 * @throws InputError where a name is that of no parameter that can be tuned
 */
export function searchSpace(
  experiments: readonly Experiment[],
  names: readonly string[] = tunableParameters,
): SearchSpace {
  const wrong = names.filter((name) => !(tunableParameters as readonly string[]).includes(name));
  if (wrong.length > 0)
    throw new InputError(
      wrong.map(
        (name) => `parameter ${name} must be one that can be tuned: ${tunableParameters.join(", ")}.`,
      ),
    );
  const refused: string[] = [];
  const own = experiments.map(({ parameters = {} }) => completeParameters(parameters));
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
  for (const name of names as readonly (keyof Parameters)[]) {
    const { range, condition } = tunedOf(name) as Omit<TunedParameter, "default">;
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
      own.every((parameters) =>
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

/** A range that holds a value, too. */
function holding(range: ParameterRange, value: ParameterValue): ParameterRange {
  if (range.kind === "categorical")
    return range.values.includes(value) ? range : { ...range, values: [value, ...range.values] };
  const number = value as number;
  return { ...range, from: Math.min(range.from, number), to: Math.max(range.to, number) };
}
