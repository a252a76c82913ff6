import {
  casesPassed,
  createMachine,
  outcomeAt,
  outcomeText,
  type Program,
  type Task,
  type Value,
  count,
} from "../index.ts";
import { printable } from "./printable.ts";

const SHOWN_CASES = 12;

/** What a program does on each case. */
export function behaviourRecord(task: Task, program: Program): Record<string, unknown> {
  const { grammar } = task;
  const column = createMachine(grammar, task.inputs, task.caseCount).run(task.answer(program));
  return {
    casesPassed: casesPassed(task, column),
    cases: Array.from({ length: task.caseCount }, (_, i) => ({
      input: Object.fromEntries(
        grammar.signature.argumentNames.map((name, a) => [name, task.inputs[a]?.[i]]),
      ),
      expected: task.expected[i],
      outcome: outcomeText(outcomeAt(grammar, column, i)),
    })),
  };
}

/** What a program does on the first cases. */
export function behaviourLines(task: Task, program: Program): string[] {
  const { grammar } = task;
  const column = createMachine(grammar, task.inputs, task.caseCount).run(task.answer(program));
  const shown = Math.min(SHOWN_CASES, task.caseCount);
  return [
    `passes       ${casesPassed(task, column)} of ${task.caseCount} cases`,
    ...Array.from({ length: shown }, (_, i) => {
      const input = grammar.signature.argumentNames
        .map((name, a) => `${name} = ${outcomeText(task.inputs[a]?.[i] as Value)}`)
        .join(", ");
      return printable(
        `  ${input}  →  ${outcomeText(outcomeAt(grammar, column, i))}   expected ${outcomeText(task.expected[i] as Value)}`,
      );
    }),
    ...(shown < task.caseCount ? [`  … ${count(task.caseCount - shown)} more cases`] : []),
  ];
}
