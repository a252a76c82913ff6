import type { Grammar } from "./grammar.ts";
import type { Program } from "./program.ts";
import { parseProgram, printProgram } from "./text.ts";

/**
 * A program's text with the bare names of its rows where it is read as the same program, though some rows are there for several types; else as
 * `printProgram` has it.
 */
export function printPlainly(grammar: Grammar, program: Program): string {
  const text = printProgram(grammar, program);
  const plain = text.replaceAll(/\(([^\s()@"]+)@[^\s()]*/g, "($1");
  return plain !== text && isSame(grammar, plain, program) ? plain : text;
}

function isSame(grammar: Grammar, text: string, { tokens, constants }: Program): boolean {
  try {
    const read = parseProgram(grammar, text);
    return (
      read.tokens.length === tokens.length &&
      read.tokens.every((token, k) => token === tokens[k]) &&
      read.constants.every((constant, k) => Object.is(constant, constants[k]))
    );
  } catch {
    return false;
  }
}
