import {
  arithmetic,
  createMachine,
  fn,
  type Language,
  real,
  type Signature,
  string,
  text,
  type Value,
} from "../dsl/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { evaluateTrappingTree, evaluateTree, toTree } from "./plain-recursion.ts";
import { randomPrograms } from "./random-programs.ts";

const ROUNDS = 5;

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

/**
 * Node-evaluations a second on one core: every program evaluated once, on all points, by the columnar machine and by
 * plain recursion in turn; leaves count as nodes. The figure is the best of five rounds each; a fresh machine a round,
 * so that nothing is remembered from the round before.
 */
export async function* machineBenchmark(): AsyncGenerator<BenchmarkRecord> {
  const points = [20, 100, 1000, 10_000];
  const signature = fn({ x: real, y: real }, real);
  const realInputs = (n: number): Value[][] =>
    [0, 1].map((k) => Array.from({ length: n }, (_, i) => 0.5 + ((i * 37 + k * 11) % 101) / 50));
  for (const [operations, language] of [
    ["arithmetic", arithmetic({ constants: true })],
    [
      "transcendental",
      arithmetic({ operations: ["+", "-", "*", "/", "exp", "log", "sin", "cos", "sqrt"], constants: true }),
    ],
  ] as const)
    for (const n of points)
      yield measure(
        "f64",
        operations,
        language,
        signature,
        realInputs(n),
        n,
        Math.max(400, Math.round(4e6 / n)),
        29,
      );
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
): BenchmarkRecord {
  const { grammar, programs } = randomPrograms(language, signature, count, meanSize);
  const trees = programs.map((p) => toTree(grammar, p));
  const rows = Array.from({ length: points }, (_, i) => inputs.map((column) => column[i] as Value));
  const nodes = programs.reduce((sum, p) => sum + p.tokens.length, 0);
  const evaluate = type === "f64" ? evaluateTree : evaluateTrappingTree;
  let machineSeconds = Number.POSITIVE_INFINITY;
  let recursionSeconds = Number.POSITIVE_INFINITY;
  let sink = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const machine = createMachine(grammar, inputs, points);
    let started = performance.now();
    for (const program of programs) sink += machine.run(program).length;
    machineSeconds = Math.min(machineSeconds, (performance.now() - started) / 1000);
    started = performance.now();
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
