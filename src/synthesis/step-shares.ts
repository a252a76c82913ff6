/** How soon the past is forgotten, as the weight of what was gained last. */
const NEWEST_WEIGHT = 0.3;

/** Who competes for effort. */
export interface Arm {
  /** Part of the effort that it gets at least; together below 1. */
  readonly least: number;
  /** What it is thought to gain by a unit of effort to begin with, relative to others. */
  readonly gain: number;
}

interface Account {
  readonly least: number;
  spent: number;
  /** What was gained by a unit of effort, the latest counting most. */
  gain: number;
}

/**
 * A bandit that shares out effort: what arms gained for their effort lately tells their shares (probability matching: Thierens 2005), and the arm
 * that is farthest behind its share is next (stride scheduling: Waldspurger and Weihl 1995). Counts alone decide, and nothing is drawn.
 */
export class StepShares {
  readonly #arms: readonly Account[];
  readonly #free: number;

  constructor(arms: readonly Arm[]) {
    this.#arms = arms.map(({ least, gain }) => ({ least, gain, spent: 0 }));
    this.#free = 1 - arms.reduce((sum, { least }) => sum + least, 0);
  }

  /** What an arm gets of the effort, in [0, 1]; all together 1. */
  share(arm: number): number {
    const sum = this.#arms.reduce((all, { gain }) => all + gain, 0);
    const { least, gain } = this.#arms[arm] as Account;
    return least + this.#free * (sum > 0 ? gain / sum : 1 / this.#arms.length);
  }

  /** The arm whose turn it is. */
  next(): number {
    let best = 0;
    for (let arm = 1; arm < this.#arms.length; arm++) if (this.#due(arm) < this.#due(best)) best = arm;
    return best;
  }

  #due(arm: number): number {
    return (this.#arms[arm] as Account).spent / this.share(arm);
  }

  /**
   * Tells what a turn of an arm cost and gained.
   * @param effort above 0
   */
  tell(arm: number, effort: number, gain: number): void {
    const one = this.#arms[arm] as Account;
    one.spent += effort;
    one.gain += NEWEST_WEIGHT * (gain / effort - one.gain);
  }
}
