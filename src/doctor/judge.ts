import { createMachine, type Machine, type Program } from "../../dsl/index.ts";
import { judgedFitness } from "../judged-fitness.ts";
import { ProbeSignature } from "../probe-signature.ts";
import type { Task } from "../task.ts";

/** How judging a program ended; "unjudged" where there was no time for it. */
export const judgementKinds = ["unjudged", "judged", "threw", "timedOut", "crashed"] as const;

export type JudgementKind = (typeof judgementKinds)[number];

/** What judging a list of programs gave, in the order of the list. Buffers may be shared with the worker that fills them. */
export interface Judgements {
  readonly count: number;
  /** Index into `judgementKinds`. */
  readonly kinds: Uint8Array;
  /** Program × `judgedValueCount`: fitness, the descriptor, and the errors on all cases where selection looks at them. */
  readonly values: Float64Array;
  /** What the task's fitness and measures took, in milliseconds. */
  readonly judgingMs: Float64Array;
  /** What it took to run the program on all cases, in milliseconds. */
  readonly runningMs: Float64Array;
}

/** Judges programs one by one, without a cache, where code that hangs or dies does no harm. */
export interface Judge {
  /**
   * Judges the programs in an order, always in the same worker unless it dies.
   * @param order indices into `programs`
   * @param limitMs when to stop beginning with another program
   */
  judge(programs: readonly Program[], order: Int32Array, limitMs: number): Promise<Judgements>;
  /** Messages of the first errors that the task's code threw, by program of the last call. */
  readonly thrown: ReadonlyMap<number, string>;
  close(): Promise<void>;
}

const looksAtErrors = (task: Task): boolean => task.selector.includes("lexicase");

/** Numbers that judging a program gives. */
export const judgedValueCount = (task: Task): number =>
  1 + task.axes.length + (looksAtErrors(task) ? task.caseCount : 0);

/** What the k-th number of a judgement is called. */
export const judgedValueName = (task: Task, k: number): string =>
  k === 0
    ? "fitness"
    : k <= task.axes.length
      ? `coordinate ${task.axes[k - 1]?.name}`
      : `error on case ${k - task.axes.length}`;

/** Judgements to be filled, all "unjudged", in memory that threads can share. */
export function emptyJudgements(task: Task, count: number): Judgements {
  const doubles = (n: number): Float64Array => new Float64Array(new SharedArrayBuffer(8 * n));
  return {
    count,
    kinds: new Uint8Array(new SharedArrayBuffer(count)),
    values: doubles(count * judgedValueCount(task)).fill(Number.NaN),
    judgingMs: doubles(count),
    runningMs: doubles(count),
  };
}

/** The judgements of some of the programs, in the same order. */
export function selectJudgements(
  task: Task,
  judgements: Judgements,
  isWanted: (program: number) => boolean,
): Judgements {
  const wanted = [...judgements.kinds.keys()].filter(isWanted);
  const width = judgedValueCount(task);
  const selected = emptyJudgements(task, wanted.length);
  wanted.forEach((program, i) => {
    selected.kinds[i] = judgements.kinds[program] as number;
    selected.values.set(judgements.values.subarray(program * width, (program + 1) * width), i * width);
    selected.judgingMs[i] = judgements.judgingMs[program] as number;
    selected.runningMs[i] = judgements.runningMs[program] as number;
  });
  return selected;
}

/** Program × axis: the descriptors of the programs that have a fitness and could go into a map. */
export function descriptorsOf(task: Task, { count, kinds, values }: Judgements): Float64Array {
  const width = judgedValueCount(task);
  const descriptors: number[] = [];
  for (let i = 0; i < count; i++) {
    const fitness = values[i * width] as number;
    const descriptor = values.subarray(i * width + 1, i * width + 1 + task.axes.length);
    const isMapped =
      kinds[i] === judgementKinds.indexOf("judged") &&
      fitness === fitness &&
      fitness !== Number.NEGATIVE_INFINITY &&
      descriptor.every((v) => v === v);
    if (isMapped) descriptors.push(...descriptor);
  }
  return Float64Array.from(descriptors);
}

/** What judging tells on its way. */
export interface JudgingWatch {
  /** Milliseconds, for the durations. */
  readonly now: () => number;
  /** Before the program at a position of the order is run; false: stop here. */
  readonly enter: (position: number) => boolean;
  /** Before behaviour of a signature is judged. What is known never to come back is not judged: its kind is given. */
  readonly recall: (signature: Int32Array) => JudgementKind | null;
  readonly leave: () => void;
  readonly threw: (program: number, message: string) => void;
}

export const judgingMachine = (task: Task): Machine =>
  createMachine(task.grammar, task.inputs, task.caseCount);

/** Judges programs in an order from a position on, and writes down what comes out as soon as it is known. */
export function judgePrograms(
  task: Task,
  machine: Machine,
  programs: readonly Program[],
  order: Int32Array,
  from: number,
  into: Judgements,
  watch: JudgingWatch,
): void {
  const width = judgedValueCount(task);
  const signature = new ProbeSignature(task.parameters.mantissaBits);
  const fitnessOf = judgedFitness(task);
  for (let position = from; position < order.length; position++) {
    const at = order[position] as number;
    const program = programs[at] as Program;
    if (!watch.enter(position)) return;
    const begin = watch.now();
    const column = machine.run(program);
    const known = watch.recall(signature.of(column));
    if (known !== null) {
      into.kinds[at] = judgementKinds.indexOf(known);
      watch.leave();
      continue;
    }
    let kind: JudgementKind = "judged";
    const judging = watch.now();
    let fitness = Number.NaN;
    const values = into.values.subarray(at * width, (at + 1) * width);
    try {
      fitness = fitnessOf(program, column);
      values[0] = fitness;
      task.coordinates.forEach((coordinate, k) => {
        if (coordinate.kind === "behaviour") values[1 + k] = coordinate.of(column);
      });
      into.judgingMs[at] = watch.now() - judging;
      if (looksAtErrors(task)) values.set(task.errors(column), 1 + task.axes.length);
    } catch (error) {
      kind = "threw";
      into.judgingMs[at] = watch.now() - judging;
      values.fill(Number.NaN);
      watch.threw(at, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
    into.runningMs[at] = judging - begin;
    task.coordinates.forEach((coordinate, k) => {
      if (coordinate.kind !== "behaviour")
        values[1 + k] = coordinate.kind === "fitness" ? fitness : coordinate.of(program);
    });
    into.kinds[at] = judgementKinds.indexOf(kind);
    watch.leave();
  }
}
