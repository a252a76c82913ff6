import { type Configuration, type Trial, type Tuner } from "../index.ts";
import type { TuningJournal } from "./tuning-journal.ts";
import type { TargetRun, TargetScore, TuningTarget } from "./tuning-target.ts";

/** Runs what a tuner asks for, and keeps what comes of it. */
export class TuningSearch {
  readonly #target: TuningTarget;
  readonly #journal: TuningJournal;
  readonly #isEnded: () => boolean;
  readonly #onRun: (share: number) => void;
  /** Run → up to which fraction it was run. */
  readonly #reached = new Map<string, number>();
  /** Failure → how often. */
  readonly failures = new Map<string, number>();

  /**
   * @param isEnded asked before every run: whether nothing more is to be run
   * @param onRun told of every run that is done: the part of a full run that it took, since what was run before goes on
   */
  constructor(
    target: TuningTarget,
    journal: TuningJournal,
    isEnded: () => boolean,
    onRun: (share: number) => void,
  ) {
    this.#target = target;
    this.#journal = journal;
    this.#isEnded = isEnded;
    this.#onRun = onRun;
  }

  /**
   * Runs a tuner to its end.
   * @returns false where it was ended before
   */
  async tune(tuner: Tuner, rungs: readonly number[]): Promise<boolean> {
    for (let batch = tuner.next(); batch !== null; batch = tuner.next()) {
      const runs = batch.map(
        ({ configuration, instance, seed, rung }: Trial): TargetRun => ({
          configuration: tuner.configuration(configuration),
          instance,
          seed: String(seed + 1),
          fraction: rungs[rung] as number,
        }),
      );
      const scores = await this.scoresOf(runs);
      if (scores === null) return false;
      tuner.tell(scores);
    }
    return true;
  }

  /** Scores of runs in their order, of those that are not known already by running them; null where it was ended before. */
  async scoresOf(runs: readonly TargetRun[]): Promise<number[] | null> {
    const keys = runs.map((run) => this.#keyOf(run));
    const missing = [...runs.keys()].filter((k) => this.#journal.known(keys[k] as string) === undefined);
    if (missing.length > 0) {
      if (this.#isEnded()) return null;
      await this.#target.run(
        missing.map((k) => runs[k] as TargetRun),
        (place, score) => {
          // What was ended with everything says nothing of itself.
          if (score.isEnded === true && this.#isEnded()) return;
          this.#journal.add(keys[missing[place] as number] as string, score);
          this.#onRun(this.#shareOf(runs[missing[place] as number] as TargetRun));
        },
        this.#isEnded,
      );
      if (keys.some((key) => this.#journal.known(key) === undefined)) return null;
    }
    return keys.map((key) => {
      const { score, failure } = this.#journal.known(key) as TargetScore;
      if (failure !== "") this.failures.set(failure, (this.failures.get(failure) ?? 0) + 1);
      return score;
    });
  }

  #shareOf(run: TargetRun): number {
    const key = this.#keyOf({ ...run, fraction: 1 });
    const before = this.#reached.get(key) ?? 0;
    this.#reached.set(key, Math.max(before, run.fraction));
    return Math.max(0, run.fraction - before);
  }

  #keyOf({ configuration, instance, seed, fraction }: TargetRun): string {
    return JSON.stringify([entriesOf(configuration), instance, seed, fraction]);
  }
}

const entriesOf = (configuration: Configuration): readonly unknown[] =>
  Object.entries(configuration).sort(([p], [q]) => (p < q ? -1 : 1));
