import { endOf, type RunRecord } from "../index.ts";
import type { SearchVariant } from "./compared-variants.ts";
import { withParameters } from "./experiment-source.ts";

/** Runs that a budget is divided between, of which the best counts. */
export const RESTARTS = 4;

/** The same search without variation: every candidate is grown at random. */
export const randomSearch = ({ loaded }: SearchVariant): SearchVariant => ({
  name: "random search",
  loaded: withParameters(loaded, { ...loaded.task.parameters, randomShare: 1 }),
});

/** The same search with a part of its budget, to be run several times with each seed. */
export function restartedSearch({ loaded }: SearchVariant): SearchVariant {
  const budgetCandidates = Math.max(1, Math.floor(loaded.budgetCandidates / RESTARTS));
  return { name: `best of ${RESTARTS} restarts`, loaded: { ...loaded, budgetCandidates } };
}

/** The seed of a restart. */
export const restartSeed = (seed: string, restart: number): string => `${seed}, restart ${restart + 1}`;

/** Runs one after the other as one that keeps the best of all. */
export function joinedRuns(seed: string, runs: readonly RunRecord[]): RunRecord {
  const curve: RunRecord["curve"][number][] = [];
  let [candidates, seconds, evaluations] = [0, 0, 0];
  let solvedCandidates: number | null = null;
  let best = { bestFitness: Number.NEGATIVE_INFINITY, qdScore: Number.NEGATIVE_INFINITY, coverage: 0 };
  for (const run of runs) {
    if (run.solvedCandidates !== null) solvedCandidates ??= candidates + run.solvedCandidates;
    for (const point of run.curve) {
      best = {
        bestFitness: Math.max(best.bestFitness, point.bestFitness),
        qdScore: Math.max(best.qdScore, point.qdScore),
        coverage: Math.max(best.coverage, point.coverage),
      };
      curve.push({ candidates: candidates + point.candidates, seconds: seconds + point.seconds, ...best });
    }
    candidates += endOf(run).candidates;
    seconds += endOf(run).seconds;
    evaluations += run.evaluations;
  }
  const name = runs.map((run) => run.name).join(" ");
  const fittest = runs.reduce((one, other) =>
    endOf(other).bestFitness > endOf(one).bestFitness ? other : one,
  );
  return {
    name,
    seed,
    curve,
    solvedCandidates,
    evaluations,
    cells: fittest.cells,
    digest: runs.map(({ digest }) => digest).join(""),
  };
}
