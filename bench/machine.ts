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
import { evaluateSingleTree, evaluateTrappingTree, evaluateTree, toTree } from "./plain-recursion.ts";
import { randomPrograms } from "./random-programs.ts";

const ROUNDS = 5;
const BATCH = 64;
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

/**
 * Node-evaluations a second on one core: every program evaluated once, on all points, by the columnar machine and by
 * plain recursion in turn; leaves count as nodes. The figure is the best of five rounds each; nothing is
 * remembered from the round before.
 */
export async function* machineBenchmark(): AsyncGenerator<BenchmarkRecord> {
  const points = [20, 100, 1000, 10_000];
  for (const [precision, number] of [
    ["f64", real],
    ["f32", float32],
  ] as const) {
    const signature = fn({ x: number, y: number }, number);
    const inputs = (n: number): Value[][] =>
      [0, 1].map((k) =>
        Array.from({ length: n }, (_, i) => nearestValue(number, 0.5 + ((i * 37 + k * 11) % 101) / 50)),
      );
    for (const [operations, language] of [
      ["arithmetic", arithmetic({ precision, constants: true })],
      [
        "transcendental",
        arithmetic({
          precision,
          operations: ["+", "-", "*", "/", "exp", "log", "sin", "cos", "sqrt"],
          constants: true,
        }),
      ],
    ] as const)
      for (const n of points)
        yield measure(
          precision,
          operations,
          language,
          signature,
          inputs(n),
          n,
          Math.max(400, Math.round(4e6 / n)),
          29,
        );
  }
  yield measure(
    "word",
    "bits",
    bitVectors(),
    fn({ x: bits(64), y: bits(64) }, bits(64)),
    [37n, 101n].map((factor) =>
      Array.from({ length: 1000 }, (_, i) => BigInt.asUintN(64, BigInt(i) * factor * 0x9e3779b97f4a7c15n)),
    ),
    1000,
    800,
    29,
  );
  // Against what a search would measure them by: how many rows of the table differ.
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
    yield measure(
      "bit",
      operations,
      logic({ operations: gates }),
      fn(Object.fromEntries(names.map((name) => [name, bool])), bool),
      names.map((_, k) => rows.map((row) => row[k] as boolean)),
      rows.length,
      Math.round(4e5 / rows.length),
      operations === "parity" ? 29 : 25,
      rows.map(isTrue),
    );
  }
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
  for (const n of [4, 10, 100]) {
    const inputs = [
      Array.from(
        { length: n },
        (_, i) => (words[i % words.length] as string) + (i >= words.length ? String(i) : ""),
      ),
    ];
    yield measure("strings", "text", syGuS, fn({ s: string }, string), inputs, n, Math.round(4e5 / n), 29);
  }
}

function measure(
  type: string,
  operations: string,
  language: Language,
  signature: Signature<any, any>,
  inputs: readonly (readonly Value[])[],
  points: number,
  count: number,
  meanSize: number,
  expected: readonly Value[] | null = null,
): BenchmarkRecord {
  const { grammar, programs } = randomPrograms(language, signature, count, meanSize);
  const trees = programs.map((p) => toTree(grammar, p));
  const rows = Array.from({ length: points }, (_, i) => inputs.map((column) => column[i] as Value));
  const nodes = programs.reduce((sum, p) => sum + p.tokens.length, 0);
  const evaluate = evaluations[type] ?? evaluateTrappingTree;
  let machineSeconds = Number.POSITIVE_INFINITY;
  let recursionSeconds = Number.POSITIVE_INFINITY;
  let sink = 0;
  let machine =
    expected === null
      ? createMachine(grammar, inputs, points)
      : new VectorMachine(grammar, inputs, points, {
          measured: { error: "passed", reduction: "sum", expected },
          givesUp: false,
        });
  for (let round = 0; round < ROUNDS; round++) {
    // The vector machine remembers no program; making it anew would only have its memory collected in the next round.
    if (round > 0 && !(machine instanceof VectorMachine)) machine = createMachine(grammar, inputs, points);
    for (let run = 0; run < (expected === null ? 1 : RUNS_OF_A_ROUND); run++)
      machineSeconds = Math.min(machineSeconds, runAll(machine, programs, expected !== null));
    const started = performance.now();
    for (const tree of trees) for (const row of rows) sink += evaluate(tree, row) === 0 ? 1 : 0;
    recursionSeconds = Math.min(recursionSeconds, (performance.now() - started) / 1000);
  }
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
  };
}
