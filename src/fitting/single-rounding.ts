import { BATCH_PROGRAMS, type DerivativeMachine, type Program, VectorMachine } from "../../dsl/index.ts";
import { scatteredOrder } from "../scattered-order.ts";
import type { Task } from "../task.ts";
import { singleSteps } from "./single-steps.ts";
import { valleysOf } from "./valleys.ts";

/** How many singles a constant is moved from the best real, while the others follow. */
const VALLEY_STEPS = 24;
/** How many singles one constant is moved alone, to either side, and two at a time. */
const ALONE = [1, 2, 3, 4, 6, 8, 12, 16] as const;
const TOGETHER = [1, 2] as const;
/** Programs that are measured for one, at most. */
const MAXIMUM_MEASURED = 6000;
/** Cases on which all of them are measured, scattered over all; the best few there are measured on all. */
const FIRST_CASES = 1000;
const FINALISTS = 12;
/** How far behind its cell's elite a program may be to be moved on. */
const HOPEFUL = 1.5;

interface Measured {
  readonly constants: Float64Array;
  readonly error: number;
}

/**
 * Finds constants in singles for programs over singles, whose best real constants are known. What is measured is the program as it runs:
 * every operation rounded, in its order, on all cases. First come the roundings of constants that lie along the valleys of the
 * error about the real ones, since which way each is rounded depends on the others; then moves to neighbours, of one constant or two.
 */
export class SingleRounding {
  /** All cases, and as many as say which programs may be better. */
  readonly #all: VectorMachine;
  readonly #some: VectorMachine;
  #tokens: Int32Array = new Int32Array(0);
  #best: Float64Array = new Float64Array(0);
  #error = Number.POSITIVE_INFINITY;
  #measured = 0;
  #tried: Float64Array[] = [];

  /** @param task of the largest error, measured by the vector machine, over singles */
  constructor(task: Task) {
    const { grammar, inputs, caseCount, parameters } = task;
    const { reduction } = task.measured as NonNullable<Task["measured"]>;
    const order = scatteredOrder(caseCount);
    const { scale } = reduction;
    const machineOf = (count: number): VectorMachine => {
      const some = <T>(column: readonly T[]): T[] => order.slice(0, count).map((i) => column[i] as T);
      return new VectorMachine(grammar, inputs.map(some), count, {
        measured: {
          ...reduction,
          expected: some(reduction.expected),
          ...(scale === undefined ? {} : { scale: some(scale) }),
        },
        maximumSize: parameters.maximumSize,
      });
    };
    this.#all = machineOf(caseCount);
    this.#some = machineOf(Math.min(caseCount, FIRST_CASES));
  }

  /**
   * The program with the best constants found.
   * @param program over singles, with the best reals for constants
   * @param derivatives has the same program over reals ready
   * @param bar the error of what it is to beat
   */
  round({ tokens, constants }: Program, derivatives: DerivativeMachine, bar: number): Program {
    const count = constants.length;
    this.#tokens = tokens;
    this.#best = constants.map(Math.fround);
    this.#error = Number.POSITIVE_INFINITY;
    this.#measured = 0;
    this.#try(this.#best);
    for (const valley of count > 1 ? valleysOf(derivatives, constants) : []) {
      const leading = valley.indexOf(1);
      const from = Math.fround(constants[leading] as number);
      for (let steps = -VALLEY_STEPS; steps <= VALLEY_STEPS; steps++) {
        const to = singleSteps(from, steps);
        const distance = to - (constants[leading] as number);
        this.#try(valley.map((slope, k) => Math.fround((constants[k] as number) + slope * distance)));
      }
    }
    this.#choose();
    if (this.#error < HOPEFUL * bar) while (this.#moveOne() || this.#moveTwo());
    return { tokens, constants: this.#best };
  }

  #moveOne(): boolean {
    const from = this.#best;
    for (let k = 0; k < from.length; k++)
      for (const steps of ALONE) for (const sign of [-1, 1]) this.#try(moved(from, k, sign * steps));
    return this.#choose();
  }

  #moveTwo(): boolean {
    const from = this.#best;
    for (let k = 0; k < from.length; k++)
      for (const first of TOGETHER)
        for (const sign of [-1, 1]) {
          const one = moved(from, k, sign * first);
          for (let j = 0; j < k; j++)
            for (const second of TOGETHER)
              for (const other of [-1, 1]) this.#try(moved(one, j, other * second));
        }
    return this.#choose();
  }

  #try(constants: Float64Array): void {
    if (this.#tried.length < BATCH_PROGRAMS) this.#tried.push(constants);
  }

  /** Measures what was to be tried; whether some of it is the best so far. */
  #choose(): boolean {
    const tried = this.#tried.slice(0, MAXIMUM_MEASURED - this.#measured);
    this.#tried = [];
    this.#measured += tried.length;
    const [best] = this.#better(
      this.#all,
      this.#better(this.#some, tried)
        .slice(0, FINALISTS)
        .map(({ constants }) => constants),
    );
    if (best === undefined) return false;
    this.#best = best.constants;
    this.#error = best.error;
    return true;
  }

  /** Those constants that are better than the best on the cases of a machine, in the order of their errors there. */
  #better(machine: VectorMachine, tried: readonly Float64Array[]): Measured[] {
    tried.forEach((constants, n) => machine.put(n, { tokens: this.#tokens, constants }));
    machine.thresholds.fill(this.#error, 0, tried.length);
    machine.measure(tried.length);
    return tried
      .flatMap((constants, n): Measured[] => {
        const error = machine.errors[n] as number;
        return !machine.isGivenUp(n) && error < this.#error ? [{ constants, error }] : [];
      })
      .sort((a, b) => a.error - b.error);
  }
}

/** Constants with one of them some singles further. */
function moved(constants: Float64Array, k: number, steps: number): Float64Array {
  const others = constants.slice();
  others[k] = singleSteps(constants[k] as number, steps);
  return others;
}
