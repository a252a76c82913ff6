import { Archive } from "../archive/archive.ts";
import type { EpochMetrics } from "../journal.ts";
import { addPacked } from "../packed-elites.ts";
import type { RunState } from "../search.ts";
import type { Task } from "../task.ts";
import type { RunRecord } from "./run-record.ts";

/**
 * What a comparison needs of a stored run.
 * @param metrics of its epochs, ascending; at least one
 * @param state after the last of them; null where it is not known any more
 */
export function storedRunRecord(
  { name, seed }: { readonly name: string; readonly seed: string },
  task: Pick<Task, "target"> & { readonly space: Archive["space"] },
  metrics: readonly EpochMetrics[],
  state: Pick<RunState, "islands"> | null,
): RunRecord {
  const archive = new Archive(task.space);
  for (const island of state?.islands ?? []) addPacked(archive, island.elites);
  const { target } = task;
  const solved = target === null ? undefined : metrics.find(({ bestFitness }) => bestFitness >= target);
  return {
    name,
    seed,
    curve: metrics.map(({ counters, bestFitness, qdScore, coverage, seconds }) => ({
      candidates: counters.candidates,
      bestFitness,
      qdScore,
      coverage,
      seconds,
    })),
    solvedCandidates: solved?.counters.candidates ?? null,
    evaluations: metrics.at(-1)?.counters.evaluations ?? 0,
    cells:
      state === null
        ? null
        : new Map(archive.filledCells.map((cell) => [cell, archive.elite(cell)?.fitness as number])),
    digest: metrics.at(-1)?.digest ?? "",
  };
}
