import {
  arithmetic,
  bits,
  bitVectors,
  bool,
  createMachine,
  float32,
  fn,
  type Language,
  logic,
  type LogicOperation,
  type Machine,
  nearestValue,
  type Program,
  real,
  type Signature,
  string,
  text,
  type Value,
  VectorMachine,
} from "../dsl/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { type CElement, startCBaselines } from "./c-baseline.ts";
import { evaluateSingleTree, evaluateTrappingTree, evaluateTree, toTree } from "./plain-recursion.ts";
import { randomPrograms } from "./random-programs.ts";

const ROUNDS = 5;
const BATCH = 64;
const MEAN_SIZE = 25;
/** A run over packed booleans takes less than a millisecond. */
const RUNS_OF_A_ROUND = 20;

/** The operations that the SyGuS string tasks allow. */
const syGuS = text({
  operations: [
    "concat",
    "replace-first",
    "char-at",
    "int-to-string",
    "if",
    "substring",
    "length",
    "index-of",
    "string-to-int",
    "+",
    "-",
    "=",
    "starts-with",
    "ends-with",
    "contains",
  ],
  literals: ["-", " ", "."],
});

/** Plain recursion, by type; where it is not listed, values may be traps. */
const evaluations: Readonly<Record<string, typeof evaluateTree>> = {
  f64: evaluateTree,
  f32: evaluateSingleTree,
  word: evaluateTree,
  bit: evaluateTree,
};

/** Seconds to run every program once, or to measure it against what is expected. Where a machine holds batches of programs in its own memory, as a search breeds them there, it finds them there. */
function runAll(machine: Machine, programs: readonly Program[], isMeasured: boolean): number {
  let sink = 0;
  let seconds = 0;
  const inBatches = machine instanceof VectorMachine;
  const size = inBatches ? BATCH : programs.length;
  for (let first = 0; first < programs.length; first += size) {
    const part = programs.slice(first, first + size);
    if (inBatches) part.forEach((program, k) => machine.put(k, program));
    const started = performance.now();
    if (inBatches && isMeasured) {
      machine.measure(part.length, false);
      sink += machine.errors[0] as number;
    } else if (inBatches) for (let k = 0; k < part.length; k++) sink += machine.runPlaced(k).length;
    else for (const program of part) sink += machine.run(program).length;
    seconds += (performance.now() - started) / 1000;
  }
  if (sink < 0) throw new Error("unreachable: keeps the work from being optimised away");
  return seconds;
}

/** What is measured: one program after another, drawn from a language. */
interface Measurement {
  readonly type: string;
  readonly operations: string;
  readonly points: number;
  readonly language: Language;
  readonly signature: Signature<any, any>;
  readonly inputs: readonly (readonly Value[])[];
  readonly programs: number;
  /** The programs are measured against it by how many points differ, not only run. */
  readonly expected?: readonly Value[];
  /** The columns of the same interpreter in C, where it can run the language. */
  readonly cElement?: CElement;
}

function* floatMeasurements(
  precision: "f64" | "f32",
  number: typeof real,
  cElement: CElement,
): Generator<Measurement> {
  const signature = fn({ x: number, y: number }, number);
  const languages = {
    arithmetic: arithmetic({ precision, constants: true }),
    transcendental: arithmetic({
      precision,
      operations: ["+", "-", "*", "/", "exp", "log", "sin", "cos", "sqrt"],
      constants: true,
    }),
  };
  for (const [operations, language] of Object.entries(languages))
    for (const points of [20, 100, 1000, 10_000])
      yield {
        type: precision,
        operations,
        points,
        language,
        signature,
        inputs: [0, 1].map((k) =>
          Array.from({ length: points }, (_, i) =>
            nearestValue(number, 0.5 + ((i * 37 + k * 11) % 101) / 50),
          ),
        ),
        programs: Math.max(400, Math.round(4e6 / points)),
        cElement,
      };
}

function* wordMeasurements(): Generator<Measurement> {
  const points = 1000;
  yield {
    type: "word",
    operations: "bits",
    points,
    language: bitVectors(),
    signature: fn({ x: bits(64), y: bits(64) }, bits(64)),
    inputs: [37n, 101n].map((factor) =>
      Array.from({ length: points }, (_, i) => BigInt.asUintN(64, BigInt(i) * factor * 0x9e3779b97f4a7c15n)),
    ),
    programs: 800,
  };
}

/** Against what a search would measure them by: how many rows of the table differ. */
function* bitMeasurements(): Generator<Measurement> {
  for (const [operations, gates, inputCount, isTrue] of [
    ["parity", ["and", "or", "nand", "nor"], 10, (row) => row.filter(Boolean).length % 2 === 0],
    [
      "multiplexer",
      ["and", "or", "not", "if"],
      6,
      ([a, b, ...data]) => data[Number(a) + 2 * Number(b)] === true,
    ],
  ] as readonly [string, LogicOperation[], number, (row: readonly boolean[]) => boolean][]) {
    const names = Array.from({ length: inputCount }, (_, k) => `x${k}`);
    const rows = Array.from({ length: 2 ** inputCount }, (_, i) =>
      names.map((__, k) => ((i >> k) & 1) === 1),
    );
    yield {
      type: "bit",
      operations,
      points: rows.length,
      language: logic({ operations: gates }),
      signature: fn(Object.fromEntries(names.map((name) => [name, bool])), bool),
      inputs: names.map((_, k) => rows.map((row) => row[k] as boolean)),
      programs: Math.round(4e5 / rows.length),
      expected: rows.map(isTrue),
    };
  }
}

function* stringMeasurements(): Generator<Measurement> {
  const words = [
    "2024-03-17 meeting",
    "alpha beta gamma",
    "x",
    "",
    "One, Two, Three",
    "a-b-c-d-e",
    "2010-01-05",
    "hello world",
    "10 Downing Street",
    "foo.bar",
  ];
  for (const points of [4, 10, 100])
    yield {
      type: "strings",
      operations: "text",
      points,
      language: syGuS,
      signature: fn({ s: string }, string),
      inputs: [
        Array.from(
          { length: points },
          (_, i) => (words[i % words.length] as string) + (i >= words.length ? String(i) : ""),
        ),
      ],
      programs: Math.round(4e5 / points),
    };
}

/** What of the benchmark is wanted; a list that is empty means all. */
export interface MachineChoice {
  readonly type: readonly string[];
  readonly operations: readonly string[];
  readonly points: readonly string[];
}

/**
 * Node-evaluations a second on one core: every program evaluated once, on all points, by the machine of its language, by
 * plain recursion and, where there is a C compiler, by the vector machine's interpreter in C, in turn; leaves count as nodes.
 * The figure is the best of five rounds each; nothing is remembered from the round before.
 * @throws Error where the C program gives other bits than the machine
 */
export async function* machineBenchmark(choice: MachineChoice): AsyncGenerator<BenchmarkRecord> {
  const isWanted = (wanted: readonly string[], value: string | number): boolean =>
    wanted.length === 0 || wanted.includes(String(value));
  const measurements = [
    ...floatMeasurements("f64", real, "double"),
    ...floatMeasurements("f32", float32, "float"),
    ...wordMeasurements(),
    ...bitMeasurements(),
    ...stringMeasurements(),
  ];
  for (const measurement of measurements) {
    const { type, operations, points } = measurement;
    if (
      isWanted(choice.type, type) &&
      isWanted(choice.operations, operations) &&
      isWanted(choice.points, points)
    )
      yield measure(measurement);
  }
}

async function measure(measurement: Measurement): Promise<BenchmarkRecord> {
  const { type, operations, points, language, signature, inputs, expected, cElement } = measurement;
  const { grammar, programs } = randomPrograms(language, signature, measurement.programs, MEAN_SIZE);
  const trees = programs.map((p) => toTree(grammar, p));
  const rows = Array.from({ length: points }, (_, i) => inputs.map((column) => column[i] as Value));
  const nodes = programs.reduce((sum, p) => sum + p.tokens.length, 0);
  const evaluate = evaluations[type] ?? evaluateTrappingTree;
  let machineSeconds = Number.POSITIVE_INFINITY;
  let recursionSeconds = Number.POSITIVE_INFINITY;
  let sink = 0;
  let machine =
    expected === undefined
      ? createMachine(grammar, inputs, points)
      : new VectorMachine(grammar, inputs, points, {
          measured: { error: "passed", reduction: "sum", expected },
          givesUp: false,
        });
  const baselines =
    cElement === undefined ? [] : startCBaselines(cElement, grammar, inputs, points, programs);
  const baselineSeconds = baselines.map(() => Number.POSITIVE_INFINITY);
  for (const baseline of baselines)
    await baseline.check(programs.length, points, (k) => machine.run(programs[k] as Program) as Float64Array);
  for (let round = 0; round < ROUNDS; round++) {
    // The vector machine remembers no program; making it anew would only have its memory collected in the next round.
    if (round > 0 && !(machine instanceof VectorMachine)) machine = createMachine(grammar, inputs, points);
    for (let run = 0; run < (expected === undefined ? 1 : RUNS_OF_A_ROUND); run++)
      machineSeconds = Math.min(machineSeconds, runAll(machine, programs, expected !== undefined));
    for (const [k, baseline] of baselines.entries())
      baselineSeconds[k] = Math.min(baselineSeconds[k] as number, await baseline.round());
    const started = performance.now();
    for (const tree of trees) for (const row of rows) sink += evaluate(tree, row) === 0 ? 1 : 0;
    recursionSeconds = Math.min(recursionSeconds, (performance.now() - started) / 1000);
  }
  for (const baseline of baselines) baseline.close();
  if (sink < 0) throw new Error("unreachable: keeps the work from being optimised away");
  const million = (nodes * points) / 1e6;
  return {
    type,
    operations,
    points,
    meanSize: nodes / programs.length,
    millionNodeEvaluationsPerSecond: million / machineSeconds,
    recursionMillionNodeEvaluationsPerSecond: million / recursionSeconds,
    ratioToRecursion: recursionSeconds / machineSeconds,
    ...Object.fromEntries(
      baselines.flatMap(({ name }, k) => {
        const seconds = baselineSeconds[k] as number;
        return [
          [`c${name}MillionNodeEvaluationsPerSecond`, million / seconds],
          [`ratioToC${name}`, seconds / machineSeconds],
        ];
      }),
    ),
  };
}
