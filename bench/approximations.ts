import {
  type ApproximationQuestion,
  approximation,
  baselines,
  compileTask,
  completeParameters,
  comparedPoints,
  costOf,
  ErrorMeasure,
  type Parameters,
  paretoFront,
  pointsOf,
  printProgram,
  rootKey,
  search,
  targetOf,
  type Task,
} from "../src/index.ts";
import { threadsExecutor } from "../workers/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { questionCode } from "./question-code.ts";

const WORKERS = 2;
/** Points where what was found is measured in the end: many more than the search looks at. */
const REPORTED_POINTS = 10_001;
const ENDLESS = 1_000_000_000;

/**
 * The best errors known when the project began, for 2^x on (0, 1] by number of operations (Real et al. 2023, and their shapes with the best
 * constants), and how near a search must come.
 */
const KNOWN: readonly (readonly [operations: number, error: number, factor: number])[] = [
  [2, 2.98e-2, 1.05],
  [3, 8.67e-4, 1.05],
  [4, 2.17e-4, 1.05],
  [5, 4.34e-6, 1.05],
  [6, 2.73e-7, 1.05],
  [7, 5.64e-10, 1.05],
  [8, 8.94e-12, 1.05],
  [9, 1.4e-13, 1.05],
  [10, 2.19e-15, 1.25],
];

const exp2: ApproximationQuestion = { name: "exp2", target: "2^x", from: 0, to: 1 };

const questions: readonly ApproximationQuestion[] = [
  { name: "log2", target: "log2(x)", from: 1, to: 2, error: "absolute" },
  { name: "sin", target: "sin(x)", from: 0, to: Math.PI / 2 },
  { name: "erf", target: "erf(x)", from: 0, to: 2 },
  { name: "airy", target: "airy(-7*x)", from: 0, to: 1, error: "absolute" },
  // Nobody tuned for these.
  { name: "tanh", target: "tanh(x)", from: 0, to: 3 },
  { name: "gamma", target: "gamma(x)", from: 1, to: 2 },
  { name: "besselj0", target: "besselj0(x)", from: 0, to: 2 },
];

const variants: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "as it is": {},
  "without hashing": { skeletonCache: "off" },
  // Constants are varied as the rest is, and judged as they are.
  "without fitting": { constantFitting: "off" },
  "without sharing": { valueSharing: "off" },
  "random search": { randomShare: 1, randomSize: 25 },
};

interface Searched {
  readonly task: Task;
  readonly seconds: number;
  readonly candidates: number;
  readonly evaluations: number;
  readonly digest: string;
  /** Operations → what was found, each better than those of fewer operations. */
  readonly found: ReadonlyMap<number, { readonly error: number; readonly program: string }>;
  /** Operations → seconds until a program as good as is known was there. */
  readonly reached: ReadonlyMap<number, number>;
}

/** One search with two worker threads; seconds count from before they start. */
async function searched(
  question: ApproximationQuestion,
  seed: string,
  limits: {
    readonly seconds?: number;
    readonly candidates?: number;
    readonly evaluations?: number;
    readonly endsWhenReached?: boolean;
  },
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<Searched> {
  const { code, experiment } = await questionCode(question, parameters);
  const complete = completeParameters({ ...experiment.parameters } as Partial<Parameters>);
  const task = compileTask(experiment, complete);
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const executor = threadsExecutor(task, code, WORKERS);
  const reached = new Map<number, number>();
  let evaluations = 0;
  const result = await search({
    task,
    key: rootKey(seed),
    budgetCandidates: limits.candidates ?? ENDLESS,
    executor,
    interruption: () =>
      seconds() > (limits.seconds ?? Number.POSITIVE_INFINITY) ||
      evaluations >= (limits.evaluations ?? Number.POSITIVE_INFINITY) ||
      (limits.endsWhenReached === true && reached.size === KNOWN.length)
        ? "time"
        : null,
    onEpoch: ({ archive, counters }) => {
      evaluations = counters.evaluations;
      for (const elite of paretoFront(archive, costOf(task.axes)))
        for (const [operations, error, factor] of KNOWN)
          if (
            !reached.has(operations) &&
            (elite.descriptor[0] as number) <= operations &&
            -elite.fitness <= Math.log10(factor * error)
          )
            reached.set(operations, seconds());
    },
  });
  await executor.close();
  const measure = new ErrorMeasure(
    task.grammar,
    comparedPoints(
      targetOf(experiment.approximates as never),
      pointsOf(experiment.approximates as never, REPORTED_POINTS),
    ),
  );
  const found = new Map<number, { error: number; program: string }>();
  for (const elite of paretoFront(result.archive, costOf(task.axes)))
    found.set(elite.descriptor[0] as number, {
      error: measure.largest(elite.program),
      program: printProgram(task.grammar, elite.program),
    });
  const { candidates } = result.counters;
  return { task, seconds: seconds(), candidates, evaluations, digest: result.digest, found, reached };
}

const errorsOf = ({ found }: Searched): Record<string, number> =>
  Object.fromEntries([...found].map(([operations, { error }]) => [`error${operations}`, error]));

/** 2^x from scratch, by seed: seconds until each number of operations is as good as is known, and the errors at the end. */
export async function* exp2Benchmark(seeds: number, seconds: number): AsyncGenerator<BenchmarkRecord> {
  for (let seed = 1; seed <= seeds; seed++) {
    const one = await searched(exp2, String(seed), { seconds, endsWhenReached: true });
    yield {
      type: "exp2",
      seed,
      seconds: one.seconds,
      candidates: one.candidates,
      isReached: one.reached.size === KNOWN.length ? 1 : 0,
      ...Object.fromEntries([...one.reached].map(([operations, at]) => [`seconds${operations}`, at])),
      ...errorsOf(one),
    };
  }
}

/** Other functions under the same settings, against the best baseline of as many operations. */
export async function* functionsBenchmark(
  seeds: number,
  candidates: number,
): AsyncGenerator<BenchmarkRecord> {
  for (const question of questions) {
    const known = baselines(targetOf(approximation(question).approximates as never), 12);
    for (let seed = 1; seed <= seeds; seed++) {
      const one = await searched(question, String(seed), { candidates });
      const ratios: Record<string, number> = {};
      for (let operations = 1; operations <= 12; operations++) {
        const best = Math.min(...known.filter((b) => b.operations <= operations).map((b) => b.error));
        const own = Math.min(
          ...[...one.found].filter(([n]) => n <= operations).map(([, { error }]) => error),
        );
        if (best < Number.POSITIVE_INFINITY) ratios[`better${operations}`] = best / own;
      }
      yield {
        type: question.name as string,
        seed,
        seconds: one.seconds,
        candidates: one.candidates,
        ...ratios,
        ...errorsOf(one),
      };
    }
  }
}

/** 2^x with parts of the search left out, at equal numbers of evaluations, which are those of fitted programs where constants are fitted. */
export async function* ablationBenchmark(
  seeds: number,
  evaluations: number,
): AsyncGenerator<BenchmarkRecord> {
  for (const [name, parameters] of Object.entries(variants))
    for (let seed = 1; seed <= seeds; seed++) {
      const one = await searched(exp2, String(seed), { evaluations }, parameters);
      yield {
        type: name,
        seed,
        seconds: one.seconds,
        candidates: one.candidates,
        evaluations: one.evaluations,
        ...errorsOf(one),
      };
    }
}
