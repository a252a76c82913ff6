import { CacheStore } from "./cache-store.ts";
import { keyEntries } from "./cache-segment.ts";
import { digestOf } from "./digest.ts";
import { type Evaluations, EvaluationList } from "./evaluation-list.ts";
import { EvaluationTable } from "./evaluation-table.ts";
import { ProbeSignature } from "./probe-signature.ts";
import type { Task } from "./task.ts";

/** Version of what gives a behaviour its evaluation: signatures, named fitnesses and axes. Another one begins anew. */
export const EVALUATION_VERSION = 1;

/** Evaluations gathered before they are written. */
const SEGMENT_ENTRIES = 1 << 14;
/** Evaluations that one session may add. */
const SESSION_ENTRIES = 1 << 18;

/** Whether evaluations of a task may be shared: with an exact cache they cannot change a result. */
export const isShareable = (task: Task): boolean =>
  task.parameters.cache === "exact" && task.measured === null;

/** Numbers of an evaluation: fitness and the coordinates of behaviour. */
const valuesOf = (task: Task): number => 1 + task.coordinates.filter((c) => c.kind === "behaviour").length;

/** All that gives an evaluation its meaning. */
function keyParts(task: Task, codeDigest: string): Readonly<Record<string, string | number>> {
  // Data may come from elsewhere than the bundle.
  const signature = new ProbeSignature(52, true);
  const columns = [...task.inputs, task.expected, ...(task.errorWeights === null ? [] : [task.errorWeights])];
  const cases = columns.map((column) => signature.of(column).join());
  return {
    evaluation: EVALUATION_VERSION,
    // Code of one's own may use functions of Math, which differ between engines.
    engine: `v8 ${process.versions.v8} ${process.arch}`,
    grammar: digestOf(task.grammar.fingerprint),
    code: codeDigest,
    cases: digestOf(cases.join(" ")),
    values: valuesOf(task),
    mantissaBits: task.parameters.mantissaBits,
    // What takes longer or more fails, and failures are not kept.
    evaluationTimeoutMs: task.parameters.evaluationTimeoutMs,
    workerMemoryMb: task.parameters.workerMemoryMb,
  };
}

/**
 * A run's part in the cache that all runs share: what was known when it began, and what it adds. Nothing here can
 * fail a run.
 */
export class SharedCache {
  /** For `search`. */
  readonly known: Evaluations;
  /** Evaluations known at the beginning. */
  readonly knownCount: number;
  readonly #store: CacheStore;
  readonly #key: string;
  readonly #about: Readonly<Record<string, unknown>>;
  readonly #valueCount: number;
  /** What this session has added. */
  readonly #own: EvaluationTable;
  /** What is not written yet. */
  readonly #pending: EvaluationList;
  readonly #onProblem: (problem: string) => void;
  #isBroken = false;
  #contradictions = 0;

  /**
   * @param task one that `isShareable`
   * @param codeDigest digest of the experiment's bundle
   * @param onProblem told once if nothing can be written
   */
  constructor(
    task: Task,
    codeDigest: string,
    onProblem: (problem: string) => void,
    store: CacheStore = new CacheStore(),
  ) {
    const parts = keyParts(task, codeDigest);
    this.#store = store;
    this.#key = digestOf(JSON.stringify(parts));
    this.#about = { experiment: task.name, ...parts };
    this.#valueCount = valuesOf(task);
    this.#onProblem = onProblem;
    const table = store.read(this.#key, this.#valueCount);
    this.known = table.share();
    this.knownCount = table.count;
    const entries = Math.min(SESSION_ENTRIES, keyEntries(this.#valueCount));
    this.#own = new EvaluationTable(this.#valueCount, entries);
    this.#pending = new EvaluationList(this.#valueCount, entries);
  }

  /** Behaviours that this session evaluated twice with different results: the fitness is not the same every time. */
  get contradictions(): number {
    return this.#contradictions;
  }

  /** Takes in what an epoch learned, and writes when there is enough of it. */
  add(learned: readonly Evaluations[]): void {
    for (const evaluations of learned)
      for (let entry = 0; entry < evaluations.signatures.length / 4; entry++) {
        const outcome = this.#own.insert(evaluations, entry);
        if (outcome === "contradicted") this.#contradictions++;
        // What contradicts itself is written as well, so that the store knows that it does.
        if (outcome === "added" || outcome === "contradicted")
          this.#pending.append(
            evaluations.signatures.subarray(4 * entry, 4 * entry + 4),
            evaluations.values.subarray(entry * this.#valueCount, (entry + 1) * this.#valueCount),
          );
      }
    if (this.#pending.length >= SEGMENT_ENTRIES) this.flush();
  }

  /** Writes what has been learned since the last time. */
  flush(): void {
    if (this.#isBroken || this.#pending.length === 0) return;
    try {
      this.#store.write(this.#key, this.#valueCount, this.#pending.take(), this.#about);
    } catch (error) {
      this.#isBroken = true;
      this.#onProblem(`${this.#store.folder} cannot be written: ${(error as Error).message}`);
    }
  }
}
