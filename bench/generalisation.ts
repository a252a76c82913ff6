import { contradictions, readSygusAnswer, readSygusTask, sameOutcome } from "../dsl/index.ts";

/** A task as it is written, and the answer that was found for it. */
export interface AnsweredTask {
  readonly name: string;
  readonly text: string;
  readonly answer: string | null;
}

/** Endings of the variants of a task, from the shortest on; the task itself has none. */
const shorter = /[-_](?:short|small)$/;
const longer = /-long(?:-repeat)?$/;

/** The name that the variants of a task share, and which of them it is: −1 a shorter one, 1 a longer one. */
function variantOf(name: string): { readonly stem: string; readonly length: number } {
  if (shorter.test(name)) return { stem: name.replace(shorter, ""), length: -1 };
  return longer.test(name) ? { stem: name.replace(longer, ""), length: 1 } : { stem: name, length: 0 };
}

/** How many answers to shorter variants of tasks are right on every example of a longer one, and which are not. */
export function generalisation(tasks: readonly AnsweredTask[]): {
  readonly pairs: number;
  readonly right: number;
  readonly wrong: readonly string[];
} {
  let [pairs, right] = [0, 0];
  const wrong: string[] = [];
  for (const { name, text } of tasks)
    for (const known of tasks) {
      const [to, from] = [variantOf(name), variantOf(known.name)];
      if (to.stem !== from.stem || to.length <= from.length || known.answer === null) continue;
      const task = readSygusTask(text, name);
      const { examples } = task;
      if (examples === null || contradictions(examples).length > 0) continue;
      pairs++;
      const { row } = readSygusAnswer(task, known.answer, known.name);
      if (examples.every(({ inputs, output }) => sameOutcome(row.apply(...inputs) as typeof output, output)))
        right++;
      else wrong.push(`${known.name} → ${name}`);
    }
  return { pairs, right, wrong };
}
