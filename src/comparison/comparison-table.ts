import type { Variant } from "./pair-comparison.ts";
import { endOf } from "./run-record.ts";

const COLUMNS = [
  "variant",
  "seed",
  "run",
  "best_fitness",
  "qd_score",
  "coverage",
  "solved_after",
  "candidates",
  "evaluations",
  "seconds",
  "digest",
] as const;

/** All runs of a comparison as CSV (RFC 4180), a line each; what there is not is left empty. */
export function comparisonTable(variants: readonly Variant[]): string {
  const lines = variants.flatMap(({ name, runs }) =>
    runs.map((run) => {
      const { bestFitness, qdScore, coverage, candidates, seconds } = endOf(run);
      return [
        name,
        run.seed,
        run.name,
        bestFitness,
        qdScore,
        coverage,
        run.solvedCandidates,
        candidates,
        run.evaluations,
        seconds,
        run.digest,
      ].map(cell);
    }),
  );
  return [COLUMNS, ...lines].map((cells) => `${cells.join(",")}\n`).join("");
}

function cell(value: string | number | null): string {
  if (value === null || (typeof value === "number" && !Number.isFinite(value))) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
