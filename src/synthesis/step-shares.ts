/** Of the effort, what each arm gets at least. */
const LEAST_SHARE = 0.2;
/** How soon the past is forgotten, as the weight of what was gained last. */
const NEWEST_WEIGHT = 0.3;

interface Arm {
  spent: number;
  /** What was gained by so much effort, the latest counting most. */
  gain: number;
}

/**
 * A bandit that shares out effort: what arms gained for their effort lately tells their shares (probability matching: Thierens 2005), and the arm
 * that is farthest behind its share is next (stride scheduling: Waldspurger and Weihl 1995). Counts alone decide, and nothing is drawn.
 */
export class StepShares {
  readonly #arms: readonly Arm[];

  /** @param gains what each arm is thought to gain to begin with, relative to others */
  constructor(gains: readonly number[]) {
    this.#arms = gains.map((gain) => ({ spent: 0, gain }));
  }

  /** What an arm gets of the effort, in [0, 1]; all together 1. */
  share(arm: number): number {
    const sum = this.#arms.reduce((all, { gain }) => all + gain, 0);
    const { gain } = this.#arms[arm] as Arm;
    const free = 1 - LEAST_SHARE * this.#arms.length;
    return LEAST_SHARE + free * (sum > 0 ? gain / sum : 1 / this.#arms.length);
  }

  /** The arm whose turn it is. */
  next(): number {
    let best = 0;
    for (let arm = 1; arm < this.#arms.length; arm++) if (this.#due(arm) < this.#due(best)) best = arm;
    return best;
  }

  #due(arm: number): number {
    return (this.#arms[arm] as Arm).spent / this.share(arm);
  }

  /**
   * Tells what a turn of an arm cost and gained.
   * @param effort above 0
   */
  tell(arm: number, effort: number, gain: number): void {
    const one = this.#arms[arm] as Arm;
    one.spent += effort;
    one.gain += NEWEST_WEIGHT * (gain / effort - one.gain);
  }
}
