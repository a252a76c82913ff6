import type { Grammar, Value } from "../dsl/index.ts";
import { isOfReals, isOfSingles } from "./coordinates.ts";
import type { Experiment } from "./experiment.ts";
import { isDistance, namedFitness } from "./fitness.ts";

const quoted = (fitness: Experiment["fitness"]): string =>
  typeof fitness === "function" ? "a function" : JSON.stringify(fitness);

const namedOf = ({ fitness }: Experiment) =>
  typeof fitness === "string" ? namedFitness[fitness] : undefined;

/** What is wrong with `outputUnits`, or with their absence. */
export function problemsOfUnits(experiment: Experiment): string[] {
  const { cases, fitness, outputUnits } = experiment;
  const needsUnits = namedOf(experiment)?.needsUnits === true;
  if (outputUnits === undefined)
    return needsUnits
      ? [
          `outputUnits must be given with the fitness ${quoted(fitness)}. Say what an error of 1 is worth on each case.`,
        ]
      : [];
  if (!needsUnits)
    return [`outputUnits must go with the fitness "-log10 max error in units"; got ${quoted(fitness)}.`];
  if (!Array.isArray(outputUnits) || outputUnits.length !== cases.length)
    return [
      `outputUnits must be a list of ${cases.length} numbers, one for each case; got ${Array.isArray(outputUnits) ? outputUnits.length : typeof outputUnits}.`,
    ];
  const wrong = outputUnits.findIndex((unit) => !(unit > 0 && unit < Number.POSITIVE_INFINITY));
  return wrong < 0
    ? []
    : [
        `outputUnits must be positive finite numbers; got ${String(outputUnits[wrong])} in case ${wrong + 1}.`,
      ];
}

/** What is wrong with `outputRemainders`. */
export function problemsOfRemainders(experiment: Experiment, grammar: Grammar): string[] {
  const { cases, outputRemainders, program } = experiment;
  if (outputRemainders === undefined) return [];
  const problems: string[] = [];
  if (outputRemainders.length !== cases.length || !outputRemainders.every(Number.isFinite))
    problems.push(`outputRemainders must be a finite number for each of the ${cases.length} cases.`);
  const named = namedOf(experiment);
  const isOfNumbers = isOfReals(grammar) || isOfSingles(grammar);
  if (
    named?.reduction !== "largest" ||
    !isDistance(named.error) ||
    experiment.scaling !== undefined ||
    !isOfNumbers
  )
    problems.push(
      'outputRemainders must go with a fitness of the largest error of programs over reals or singles, such as "-log10 max relative error", without scaling.',
    );
  if (isOfSingles(grammar)) {
    const rounded = cases.findIndex(({ input }) =>
      program.argumentNames.some((name) => input?.[name] !== Math.fround(input?.[name])),
    );
    if (rounded >= 0)
      problems.push(
        `outputRemainders must go with inputs that are singles, since others are rounded; case ${rounded + 1} has others. Use Math.fround.`,
      );
  }
  return problems;
}

/** What expected outputs leave over: of reals what is given; of singles also what rounding to them took away. Null where nothing is given. */
export function remaindersOf(
  { cases, outputRemainders, program }: Experiment,
  expected: readonly Value[],
): Float64Array | null {
  if (outputRemainders === undefined) return null;
  const remainders = Float64Array.from(outputRemainders);
  return program.result.kind === "float32"
    ? remainders.map((low, i) => (cases[i]?.output as number) - (expected[i] as number) + low)
    : remainders;
}

/** What differences are measured from: of programs over singles, outputs with their remainders, in doubles. */
export function exactOutputs(
  grammar: Grammar,
  expected: readonly Value[],
  remainders: Float64Array | null,
): readonly Value[] {
  return remainders !== null && isOfSingles(grammar)
    ? expected.map((value, i) => (value as number) + (remainders[i] as number))
    : expected;
}
