import { Session } from "node:inspector";
import { emptyIsland, epochTools, rootKey, runEpoch } from "../src/index.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { type Operations, operationsOf, regressionTask } from "./regression-task.ts";

const steps: readonly (readonly [string, RegExp])[] = [
  [
    "evaluate",
    /wasm|vector-machine|number-columns|value-columns|row-code|languages|kernels|fitness|task\.js|evaluator\.js/,
  ],
  ["hash", /probe-signature|equivalence-cache/],
  ["select", /selectors|archive\.js.*nth/],
  ["insert", /archive|individual|packed-elites|compareP/],
  ["breed", /variation|emitters|program-graph|program\.js|random-stream/],
];

/** Candidates a second of whole epochs on one core (breed, hash, evaluate, insert), and where the time goes. */
export async function* epochBenchmark(): AsyncGenerator<BenchmarkRecord> {
  for (const [operations, points] of (Object.keys(operationsOf) as Operations[]).flatMap((o) =>
    [20, 100, 1000].map((n) => [o, n] as const),
  )) {
    const task = regressionTask(operations, points);
    const tools = epochTools(task);
    const key = rootKey("bench");
    let state = emptyIsland(task);
    const candidates = points > 500 ? 20_000 : 50_000;
    const epoch = (number: number): number => {
      const started = performance.now();
      state = runEpoch(tools, {
        key,
        island: 0,
        epoch: number,
        candidates,
        state,
        immigrants: [],
        quarantine: [],
      }).state;
      return (performance.now() - started) / 1000;
    };
    epoch(0);
    epoch(1);
    const seconds = Math.min(epoch(2), epoch(3), epoch(4));
    const shares = await profile(() => {
      for (let number = 5; number < 10; number++) epoch(number);
    });
    yield {
      type: operations,
      points,
      candidatesPerSecond: candidates / seconds,
      microsecondsPerCandidate: (1e6 * seconds) / candidates,
      ...shares,
    };
  }
}

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly hitCount?: number;
    readonly callFrame: { readonly url: string; readonly functionName: string };
  }[];
}

/** Shares of the processor's samples by step, in per cent. Code generated from rows counts as evaluation. */
async function profile(run: () => void): Promise<Record<string, number>> {
  const session = new Session();
  session.connect();
  const post = (method: string, parameters?: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      session.post(method, parameters, (error, result) => (error === null ? resolve(result) : reject(error)));
    });
  await post("Profiler.enable");
  await post("Profiler.setSamplingInterval", { interval: 200 });
  await post("Profiler.start");
  run();
  const { profile: samples } = (await post("Profiler.stop")) as { profile: Profile };
  session.disconnect();
  const counts: Record<string, number> = {
    evaluate: 0,
    hash: 0,
    select: 0,
    insert: 0,
    breed: 0,
    collectGarbage: 0,
    other: 0,
  };
  let total = 0;
  for (const node of samples.nodes) {
    const hits = node.hitCount ?? 0;
    const { url, functionName } = node.callFrame;
    if (functionName === "(program)" || functionName === "(idle)" || functionName === "(root)") continue;
    total += hits;
    const where = `${url} ${functionName}`;
    const step =
      functionName === "(garbage collector)"
        ? "collectGarbage"
        : url === ""
          ? "evaluate"
          : (steps.find(([, pattern]) => pattern.test(where))?.[0] ?? "other");
    counts[step] = (counts[step] as number) + hits;
  }
  return Object.fromEntries(
    Object.entries(counts).map(([step, hits]) => [`${step}Percent`, (100 * hits) / Math.max(1, total)]),
  );
}
