import { InputError } from "../../dsl/index.ts";
import type { RandomStream } from "../random-stream.ts";
import { unitOf, valueAt } from "./parameter-range.ts";
import type { CategoricalRange, NumberRange, ParameterRange, ParameterValue } from "./parameter-range.ts";

/** A parameter that counts only where another one is active and has one of some values. */
export interface Condition {
  readonly parameter: string;
  readonly values: readonly ParameterValue[];
}

/** A parameter that is tuned. */
export interface TunedParameter {
  readonly range: ParameterRange;
  readonly default: ParameterValue;
  readonly condition?: Condition;
}

/** What is tuned: parameters by name. The order of the names has no meaning. */
export type ParameterSpace = Readonly<Record<string, TunedParameter>>;

/** Values of parameters by name. Canonical: the active ones alone, sorted by name. */
export type Configuration = Readonly<Record<string, ParameterValue>>;

/** The names of a space in the order of all that follows. */
export const parameterNames = (space: ParameterSpace): string[] => Object.keys(space).sort();

/**
 * Checks a space.
 * @throws InputError with all that is wrong: no parameters, ranges without values or of the wrong order, defaults outside, conditions on unknown
 * parameters or values, or in a circle
 */
export function checkSpace(space: ParameterSpace): void {
  const names = parameterNames(space);
  const problems = names.flatMap((name) => {
    const { range, default: value, condition } = space[name] as TunedParameter;
    const wrong = problemOfRange(name, range);
    if (wrong !== null) return [wrong];
    const found = isWithin(range, value)
      ? []
      : [`${name}.default must be ${rule(range)}; got ${told(value)}.`];
    return [...found, ...problemsOfCondition(space, name, condition)];
  });
  if (names.length === 0) problems.push("the space must have at least one parameter; got none.");
  if (problems.length > 0) throw new InputError(problems);
}

function problemOfRange(name: string, range: ParameterRange): string | null {
  if (range.kind === "categorical") {
    const { values } = range;
    if (values.length === 0) return `${name}.range.values must have at least one value; got none.`;
    if (new Set(values).size < values.length) return `${name}.range.values must differ; got ${told(values)}.`;
    const wrong = values.find((value) => typeof value === "number" && !Number.isFinite(value));
    return wrong === undefined ? null : `${name}.range.values must be finite; got ${wrong}.`;
  }
  const { from, to, scale } = range;
  const isOrdered = Number.isFinite(from) && Number.isFinite(to) && from < to && Number.isFinite(to - from);
  if (!isOrdered) return `${name}.range must go from a number to a larger one; got ${from} to ${to}.`;
  if (scale === "log" && !(from > 0))
    return `${name}.range.from must be above 0 on a log scale; got ${from}.`;
  if (range.kind === "integer" && !(Number.isSafeInteger(from) && Number.isSafeInteger(to)))
    return `${name}.range must go from an integer to an integer; got ${from} to ${to}.`;
  return null;
}

function problemsOfCondition(
  space: ParameterSpace,
  name: string,
  condition: Condition | undefined,
): string[] {
  if (condition === undefined) return [];
  const parent = lookUp(space, condition.parameter);
  if (parent === undefined)
    return [
      `${name}.condition.parameter must be a parameter of the space; got ${told(condition.parameter)}.`,
    ];
  if (condition.values.length === 0)
    return [`${name}.condition.values must have at least one value; got none.`];
  const seen = new Set([name]);
  for (let at: string | undefined = condition.parameter; at !== undefined; ) {
    if (seen.has(at)) return [`${name}.condition must not depend on itself; it does through ${told(at)}.`];
    seen.add(at);
    at = lookUp(space, at)?.condition?.parameter;
  }
  return condition.values
    .filter((value) => !isWithin(parent.range, value))
    .map((value) => `${name}.condition.values must be ${rule(parent.range)}; got ${told(value)}.`);
}

const lookUp = (space: ParameterSpace, name: string): TunedParameter | undefined =>
  Object.hasOwn(space, name) ? space[name] : undefined;

/** Whether a value lies in a range. */
function isWithin(range: ParameterRange, value: unknown): value is ParameterValue {
  if (range.kind === "categorical") return range.values.includes(value as ParameterValue);
  if (typeof value !== "number" || !(value >= range.from && value <= range.to)) return false;
  return range.kind === "real" || Number.isInteger(value);
}

const rule = (range: ParameterRange): string =>
  range.kind === "categorical"
    ? `one of ${range.values.map(told).join(", ")}`
    : `${range.kind === "integer" ? "an integer" : "a number"} from ${range.from} to ${range.to}`;

const told = (value: unknown): string =>
  typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));

/**
 * Whether a parameter counts in a configuration: it has no condition, or the parameter that it depends on is active and has one of the values.
 * @param configuration values of all active parameters at least
 */
export function isActive(space: ParameterSpace, name: string, configuration: Configuration): boolean {
  const condition = space[name]?.condition;
  if (condition === undefined) return true;
  const value = configuration[condition.parameter];
  return (
    value !== undefined &&
    condition.values.includes(value) &&
    isActive(space, condition.parameter, configuration)
  );
}

/** The configuration that values stand for: the active parameters alone, sorted by name, with their defaults where they are absent. */
export function canonicalConfiguration(space: ParameterSpace, values: Configuration): Configuration {
  const names = parameterNames(space);
  const complete = Object.fromEntries(
    names.map((name) => [
      name,
      Object.hasOwn(values, name)
        ? (values[name] as ParameterValue)
        : (space[name] as TunedParameter).default,
    ]),
  );
  return Object.fromEntries(
    names
      .filter((name) => isActive(space, name, complete))
      .map((name) => [name, complete[name] as ParameterValue]),
  );
}

/** The canonical configuration with all defaults. */
export const defaultConfiguration = (space: ParameterSpace): Configuration =>
  canonicalConfiguration(space, {});

/** A text that is the same for two configurations exactly if they stand for the same. */
export function configurationKey(space: ParameterSpace, configuration: Configuration): string {
  const canonical = canonicalConfiguration(space, configuration);
  // A list, since an object would put names that look like numbers first, and −0 is 0.
  return JSON.stringify(
    parameterNames(space)
      .filter((name) => Object.hasOwn(canonical, name))
      .map((name) => [name, canonical[name]]),
  );
}

/** A configuration by places in [0, 1) within the ranges, in the order of `parameterNames`. */
export const configurationAt = (space: ParameterSpace, units: readonly number[]): Configuration =>
  canonicalConfiguration(
    space,
    Object.fromEntries(
      parameterNames(space).map((name, k) => [
        name,
        valueAt((space[name] as TunedParameter).range, units[k] as number),
      ]),
    ),
  );

/** A configuration drawn evenly from a space, on a log scale evenly in the logarithm. */
export const sampleConfiguration = (space: ParameterSpace, random: RandomStream): Configuration =>
  configurationAt(
    space,
    parameterNames(space).map(() => random.uniform()),
  );

/** Places of all parameters in [0, 1), those that are not active at their defaults: what models see of a configuration. */
export const unitsOf = (space: ParameterSpace, configuration: Configuration): number[] =>
  parameterNames(space).map((name) => {
    const { range, default: value } = space[name] as TunedParameter;
    return unitOf(
      range,
      Object.hasOwn(configuration, name) ? (configuration[name] as ParameterValue) : value,
    );
  });

/**
 * Reads a configuration that somebody gives, numbers and truth values also as text. What is absent gets its default; what is not active is
 * checked and left out.
 * @throws InputError with all that is wrong
 */
export function readConfiguration(
  space: ParameterSpace,
  given: Readonly<Record<string, unknown>>,
): Configuration {
  const problems: string[] = [];
  const values: [string, ParameterValue][] = [];
  for (const name of Object.keys(given).sort()) {
    const parameter = lookUp(space, name);
    if (parameter === undefined) {
      problems.push(`${told(name)} must be one of ${parameterNames(space).join(", ")}.`);
      continue;
    }
    const value = readValue(parameter.range, given[name]);
    if (value === null) problems.push(`${name} must be ${rule(parameter.range)}; got ${told(given[name])}.`);
    else values.push([name, value]);
  }
  if (problems.length > 0) throw new InputError(problems);
  return canonicalConfiguration(space, Object.fromEntries(values));
}

function readValue(range: NumberRange | CategoricalRange, given: unknown): ParameterValue | null {
  if (isWithin(range, given)) return given;
  if (typeof given !== "string" || given.trim() === "") return null;
  if (range.kind === "categorical") return range.values.find((value) => String(value) === given) ?? null;
  const value = Number(given);
  return isWithin(range, value) ? value : null;
}
