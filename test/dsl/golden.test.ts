import { expect, it } from "vitest";
import {
  checkProgram,
  compileGrammar,
  createMachine,
  interpret,
  outcomeAt,
  outcomeText,
  parseProgram,
  printProgram,
  type Value,
} from "../../dsl/index.ts";
import { goldenPrograms } from "./golden/programs.ts";

it.each(goldenPrograms.map((golden) => [golden.text, golden] as const))(
  "%s",
  (text, { language, signature, cases }) => {
    const grammar = compileGrammar(language, signature);
    const program = parseProgram(grammar, text);
    expect(checkProgram(grammar, program)).toEqual([]);
    expect(parseProgram(grammar, printProgram(grammar, program))).toEqual(program);
    const inputs = signature.argumentNames.map((_, k) => cases.map(([args]) => args[k] as Value));
    const column = createMachine(grammar, inputs, cases.length).run(program);
    cases.forEach(([args, expected], i) => {
      expect(outcomeText(interpret(grammar, program, args as Value[]))).toBe(expected);
      expect(outcomeText(outcomeAt(grammar, column, i))).toBe(expected);
    });
  },
);
