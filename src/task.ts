import {
  type Column,
  compileGrammar,
  createMachine,
  elementOf,
  type ErrorReduction,
  errorScale,
  type Grammar,
  InputError,
  isValueOf,
  linearScaling,
  type Machine,
  nearestValue,
  type NumberError,
  outcomeAt,
  parseProgram,
  type Program,
  programSize,
  scaledColumn,
  typeText,
  type Value,
  valueToJson,
} from "../dsl/index.ts";
import { problemsOfApproximates } from "./approximation/approximation.ts";
import type { CompleteQuestion } from "./approximation/question.ts";
import type { Axis, CellSpace } from "./archive/cell-space.ts";
import { cvtSpace } from "./archive/cvt.ts";
import { gridSpace } from "./archive/grid.ts";
import { type Coordinate, isOfReals, isOfSingles, namedCoordinate } from "./coordinates.ts";
import type { AxisRange, Behaviour, CustomAxis, Experiment } from "./experiment.ts";
import {
  errorMeasure,
  fitnessMeasure,
  type FitnessName,
  isDistance,
  namedFitness,
  numbersOf,
  passes,
} from "./fitness.ts";
import { exactOutputs, problemsOfRemainders, problemsOfUnits, remaindersOf } from "./exact-outputs.ts";
import { scaledProgram, scalingTokens } from "./linear-scaling.ts";
import type { Parameters, SelectorName } from "./parameters.ts";

/** An experiment made ready to run. */
export interface Task {
  readonly name: string;
  readonly grammar: Grammar;
  readonly caseCount: number;
  /** Argument → its value on each case. */
  readonly inputs: readonly (readonly Value[])[];
  readonly expected: readonly Value[];
  /** Argument → its value on each probe; null where the probe set is the cases. */
  readonly probe: { readonly count: number; readonly inputs: readonly (readonly Value[])[] } | null;
  /** Larger is better; NaN: failed. May throw or never end where `isCustom`. */
  readonly fitness: (column: Column) => number;
  /** Where the vector machine can judge programs by itself, many at once: what it measures, and the fitness of that. */
  readonly measured: {
    readonly reduction: ErrorReduction;
    readonly fitness: (error: number) => number;
  } | null;
  /** What distances of outputs count for on each case; null where the fitness is made of other things. */
  readonly errorWeights: Float64Array | null;
  /** What `expected` leaves over of the outputs, where errors are measured from outputs that are known more precisely. */
  readonly remainders: Float64Array | null;
  /** Error on each case. */
  readonly errors: (column: Column) => Float64Array;
  /** Whether code of the experiment's author runs in an evaluation. */
  readonly isCustom: boolean;
  /** Whether the fitness is such code. */
  readonly hasOwnFitness: boolean;
  readonly axes: readonly Axis[];
  readonly coordinates: readonly Coordinate[];
  readonly space: CellSpace;
  /** The function that the cases are of, where that is known. */
  readonly approximates: CompleteQuestion | null;
  readonly target: number | null;
  readonly offset: number;
  readonly isScaled: boolean;
  /** What people are given for a program of the search: with linear scaling, the scaled one, of the same fitness. */
  readonly answer: (program: Program) => Program;
  readonly seeds: readonly Program[];
  readonly parameters: Parameters;
  /** How parents are chosen, which `auto` leaves to the task. */
  readonly selector: SelectorName;
}

const MAXIMUM_CASE_PROBLEMS = 3;
const MAXIMUM_CELLS = 1_000_000;
const MAXIMUM_CASES = 1_000_000;
/** Cases up to which elites remember their error on each where nothing is said of it. */
const LEXICASE_CASES = 100;

/**
 * Makes an experiment ready to run.
 * @throws InputError listing everything that is wrong with it
 */
export function compileTask(experiment: Experiment, parameters: Parameters): Task {
  const where = `experiment "${experiment.name}"`;
  const problems: string[] = [];
  /** Cases are often wrong all alike: of each kind of problem only the first are told. */
  const tellFirst = (): ((problem: string) => void) => {
    let told = 0;
    return (problem) => {
      if (told++ < MAXIMUM_CASE_PROBLEMS) problems.push(problem);
    };
  };
  const signature = experiment.program;
  const grammar = compileGrammar(experiment.language, signature);
  const cases = experiment.cases;
  if (!Array.isArray(cases) || cases.length === 0 || cases.length > MAXIMUM_CASES)
    throw new InputError(
      `${where}, cases must be a list of 1 to ${MAXIMUM_CASES} cases; got ${Array.isArray(cases) ? cases.length : typeof cases}.`,
    );
  const columnsOf = (rows: readonly Record<string, unknown>[], what: string): Value[][] =>
    signature.argumentNames.map((name, a) => {
      const type = signature.argumentTypes[a] as (typeof signature.argumentTypes)[number];
      const tell = tellFirst();
      return rows.map((row, i) => {
        const value = nearestValue(type, row?.[name]);
        if (!isValueOf(type, value))
          tell(
            `${where}, ${what} ${i + 1}, input ${name} must be of type ${typeText(type)}; got ${valueToJson(value)}.`,
          );
        return value as Value;
      });
    });
  const inputs = columnsOf(
    cases.map((c) => c?.input),
    "case",
  );
  const expected = cases.map((c) => nearestValue(signature.result, c?.output as Value));
  const tell = tellFirst();
  expected.forEach((value, i) => {
    if (!isValueOf(signature.result, value))
      tell(
        `${where}, case ${i + 1}, output must be of type ${typeText(signature.result)}; got ${valueToJson(value)}.`,
      );
  });

  const behaviour = (column: Column): Behaviour<any, any> => ({
    cases,
    outcomes: Array.from({ length: cases.length }, (_, i) => outcomeAt(grammar, column, i)),
  });
  const given = experiment.fitness;
  const named = typeof given === "string" ? namedFitness[given] : undefined;
  if (typeof given !== "function" && named === undefined)
    problems.push(
      `${where}, fitness must be a function or one of ${Object.keys(namedFitness)
        .map((n) => `"${n}"`)
        .join(", ")}; got ${JSON.stringify(given)}.`,
    );
  const resultKind = signature.result.kind;
  if (
    named !== undefined &&
    named.error !== "passed" &&
    named.error !== "dissimilarity" &&
    !["real", "float32", "int", "bool"].includes(resultKind)
  )
    problems.push(
      `${where}, fitness must be "cases passed", "similarity" or a function where the result is of type ${typeText(signature.result)}; got ${JSON.stringify(given)}.`,
    );
  const problemOfExpected = problems.length === 0 ? (named?.problemOf?.(numbersOf(expected)) ?? null) : null;
  if (problemOfExpected !== null)
    problems.push(`${where}, output must ${problemOfExpected}; the fitness "${given}" needs it.`);
  const units = experiment.outputUnits;
  const remainders = remaindersOf(experiment, expected);
  const exact = exactOutputs(grammar, expected, remainders);
  for (const problem of [
    ...problemsOfUnits(experiment),
    ...problemsOfRemainders(experiment, grammar),
    ...problemsOfApproximates(experiment),
  ])
    problems.push(`${where}, ${problem}`);
  const measure =
    named === undefined ? null : fitnessMeasure(given as FitnessName, exact, signature.result, units);
  const passed = errorMeasure("passed", expected, signature.result);
  const isScaled = experiment.scaling !== undefined;
  const scaling = scalingTokens(grammar);
  if (isScaled) {
    const rule = `${where}, scaling`;
    if (experiment.scaling !== "linear")
      problems.push(`${rule} must be "linear", or be left out; got ${JSON.stringify(experiment.scaling)}.`);
    if (named === undefined || !isDistance(named.error))
      problems.push(
        `${rule} must go with a named fitness of errors of reals, such as "R2"; got ${typeof given === "function" ? "a function" : JSON.stringify(given)}.`,
      );
    if (scaling === null)
      problems.push(
        `${rule} must have a language with +, * and constants for type real. Use arithmetic({ constants: true }).`,
      );
    if (!expected.every((value) => Number.isFinite(value)))
      problems.push(`${rule} must have finite outputs in all cases.`);
  }
  /** What of a program's column is judged. */
  const judged = (column: Column): Column =>
    isScaled ? scaledColumn(column as Float64Array, expected as readonly number[]) : column;
  const fitness =
    typeof given === "function"
      ? (column: Column): number => {
          const score: unknown = given(behaviour(column));
          return asNumber(isObject(score) ? score.fitness : score);
        }
      : (column: Column): number => measure?.ofColumn(judged(column)) ?? Number.NaN;
  /** Errors are numbers: what is none, or missing, is the largest. */
  const onEachCase = (errorOf: (index: number) => number): Float64Array =>
    Float64Array.from({ length: cases.length }, (_, i) => {
      const error = asNumber(errorOf(i));
      return error === error ? error : Number.POSITIVE_INFINITY;
    });
  const errors = (column: Column): Float64Array => {
    if (typeof given === "function") {
      const score: unknown = given(behaviour(column));
      const own = isObject(score) ? score.errors : undefined;
      if (isObject(own)) return onEachCase((i) => own[i] as number);
    }
    const scaled = judged(column);
    return onEachCase((i) => (measure?.errors ?? passed)(scaled, i));
  };

  const axes: Axis[] = [];
  const coordinates: Coordinate[] = [];
  let isCustom = typeof given === "function";
  for (const [name, range] of Object.entries(experiment.archive?.axes ?? {})) {
    const axis = readAxis(name, range as AxisRange | CustomAxis);
    axes.push(axis);
    const rule = `${where}, archive axis ${name}`;
    if (!Number.isFinite(axis.from) || !Number.isFinite(axis.to - axis.from) || axis.from >= axis.to)
      problems.push(`${rule} must be a range that is not empty; got ${axis.from} to ${axis.to}.`);
    else if (!Number.isInteger(axis.bins) || axis.bins < 1)
      problems.push(`${rule} must have at least 1 bin; got ${axis.bins}.`);
    const own = (range as Partial<CustomAxis> | null)?.measure;
    if (own !== undefined) isCustom = true;
    const coordinate: Coordinate | null =
      own === undefined
        ? namedCoordinate(grammar, name, (column) => {
            const scaled = judged(column);
            let count = 0;
            for (let i = 0; i < expected.length; i++) if (passed(scaled, i) === 0) count++;
            return count;
          })
        : { kind: "behaviour", of: (column) => asNumber(own(behaviour(judged(column)))) };
    if (coordinate === null)
      problems.push(
        `${rule} must be size, depth, operations, cost, constants, primitiveSet, structure, passed, fitness, or have a measure function.`,
      );
    else coordinates.push(coordinate);
  }
  if (axes.length === 0) problems.push(`${where}, archive must have at least one axis.`);
  const cells =
    experiment.archive?.kind === "cvt"
      ? (experiment.archive.cells ?? Number.NaN)
      : axes.reduce((n, a) => n * a.bins, 1);
  if (problems.length === 0 && !(Number.isInteger(cells) && cells >= 1 && cells <= MAXIMUM_CELLS))
    problems.push(`${where}, archive must have 1 to ${MAXIMUM_CELLS} cells; got ${cells}.`);
  const offset = experiment.offset ?? (named === undefined ? 0 : named.offset);
  if (offset === undefined)
    problems.push(
      `${where}, offset must be given with the fitness "${given}", which has no worst value. Add offset: the lowest fitness worth counting.`,
    );

  const seeds: Program[] = [];
  for (const text of experiment.seeds ?? [])
    try {
      const seed = parseProgram(grammar, text);
      const size = programSize(seed);
      if (size > parameters.maximumSize)
        problems.push(
          `${where}, seeds must have at most ${parameters.maximumSize} nodes; got ${size}: ${text}. Set maximumSize.`,
        );
      seeds.push(seed);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems.map((p) => `${where}, seeds: ${p}`));
    }
  if (parameters.cache === "lossy" && experiment.probe?.length === 0)
    problems.push(`${where}, probe must have at least one input.`);
  const probeRows =
    parameters.cache !== "lossy"
      ? null
      : (experiment.probe ??
        spacedCases(cases.length, parameters.probeCases).map(
          (i) => cases[i]?.input as Record<string, unknown>,
        ));
  const probe =
    probeRows === null ? null : { count: probeRows.length, inputs: columnsOf(probeRows, "probe") };
  const errorWeights =
    named === undefined || !isDistance(named.error)
      ? null
      : Float64Array.from(
          units ?? errorScale(named.error as NumberError, Array.from(numbersOf(exact))),
          (scale) => 1 / scale,
        );
  if (
    parameters.constantFitting !== "off" &&
    (errorWeights === null ||
      isScaled ||
      !(isOfReals(grammar) || isOfSingles(grammar)) ||
      !grammar.isConstant.includes(1))
  )
    problems.push(
      `${where}, constantFitting must be off unless the language is arithmetic with constants over reals or singles and the fitness is a named one of errors, such as "-log10 max relative error", without scaling.`,
    );
  if (problems.length > 0) throw new InputError(problems);
  let machine: Machine | undefined;
  const answer = (program: Program): Program => {
    if (!isScaled || scaling === null) return program;
    machine ??= createMachine(grammar, inputs, cases.length);
    const column = machine.run(program) as Float64Array;
    return scaledProgram(program, linearScaling(column, expected as readonly number[]), scaling);
  };
  const reduction = measure?.measured ?? null;
  const isMeasured =
    elementOf(grammar)?.errors.some((error) => error === reduction?.error) === true &&
    coordinates.every(
      (c) => c.kind !== "behaviour" || (reduction?.error === "passed" && c.isPassed === true),
    );
  return {
    name: experiment.name,
    grammar,
    caseCount: cases.length,
    inputs,
    expected,
    probe,
    fitness,
    measured:
      isMeasured && measure !== null && reduction !== null
        ? { reduction: { ...reduction, isScaled }, fitness: measure.ofError }
        : null,
    errorWeights,
    remainders,
    errors,
    isCustom,
    hasOwnFitness: typeof given === "function",
    axes,
    coordinates,
    space: experiment.archive.kind === "cvt" ? cvtSpace(axes, cells) : gridSpace(axes),
    approximates: experiment.approximates ?? null,
    target: experiment.target ?? named?.target ?? null,
    offset: offset as number,
    isScaled,
    answer,
    seeds,
    parameters,
    selector:
      parameters.selector !== "auto"
        ? parameters.selector
        : typeof given === "function" || parameters.cache === "lossy" || cases.length > LEXICASE_CASES
          ? "tournament"
          : "epsilon-lexicase",
  };
}

/** What an author's code gave, NaN unless it is a number: no text is read as one. */
const asNumber = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

function readAxis(name: string, range: AxisRange | CustomAxis): Axis {
  if (Array.isArray(range)) {
    const [from, to] = range as readonly [number, number];
    return { name, from, to: to + 1, bins: to - from + 1 };
  }
  const { from, to, bins } = (range ?? {}) as Partial<CustomAxis>;
  return { name, from: from ?? Number.NaN, to: to ?? Number.NaN, bins: bins ?? Number.NaN };
}

/** Indices of `count` cases spread evenly over all. */
function spacedCases(caseCount: number, count: number): number[] {
  const wanted = Math.min(count, caseCount);
  return Array.from({ length: wanted }, (_, k) => Math.floor(((k + 0.5) * caseCount) / wanted));
}

/** Number of cases that a column passes. */
export function casesPassed(task: Task, column: Column): number {
  let count = 0;
  for (let i = 0; i < task.caseCount; i++) if (passes(column, i, task.expected[i] as Value)) count++;
  return count;
}
