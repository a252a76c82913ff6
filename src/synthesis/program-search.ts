import type { Program } from "../../dsl/index.ts";

/** A program that gives the output of every example. */
export interface Answer {
  readonly program: Program;
  readonly size: number;
}

/** A program that gives some outputs. */
export interface PartialAnswer {
  readonly program: Program;
  readonly passed: number;
}

/** A search for programs from examples that whoever waits for it takes a step at a time. */
export interface ProgramSearch {
  /** The smallest program so far that gives every output. */
  readonly answer: Answer | null;
  /** The program that gives most outputs, while none gives all. */
  readonly best: PartialAnswer | null;
  /** Candidates that were looked at: how effort is counted. */
  readonly steps: number;
  /** Two searches with the same digest went the same way; undefined where none is kept. */
  readonly digest?: string;
  /** Whether there is nothing more to be found. */
  readonly isOver: boolean;
  /**
   * Goes on for a while.
   * @returns whether there is a better answer than before
   */
  next(): boolean | Promise<boolean>;
  /**
   * Takes in a program that was found elsewhere.
   * @returns whether it is a better answer than before
   */
  take?(program: Program): boolean;
}
