import { join, resolve } from "node:path";
import {
  checkRunState,
  type CompleteQuestion,
  folderDisk,
  InputError,
  questionText,
  RunStore,
  count,
  counted,
} from "../index.ts";
import { errorText, findingsOf } from "./findings.ts";
import { printable } from "./printable.ts";
import { descriptionOf } from "./run-code.ts";
import { storedArchive } from "./run-command.ts";
import { runNames } from "./run-folder.ts";
import { runsWord } from "./run-word.ts";
import { describedTask } from "./shown-task.ts";
import { number } from "./summary.ts";

/** illume ls: the stored runs. */
export async function listCommand(args: { readonly runs: string; readonly json: boolean }): Promise<number> {
  const rows = [];
  for (const name of runNames(args.runs)) {
    let store: RunStore;
    try {
      store = RunStore.open(folderDisk(join(resolve(args.runs), name)), { readOnly: true });
    } catch (error) {
      // One run that cannot be read must not hide the others.
      if (!(error instanceof InputError)) throw error;
      process.stderr.write(`illume: ${printable(error.message)}\n`);
      continue;
    }
    const { config, latest } = store;
    rows.push({
      run: name,
      experiment: config.experiment,
      seed: config.seed,
      stop: latest?.stop ?? null,
      epochs: latest === null ? 0 : latest.epoch + 1,
      candidates: latest?.counters.candidates ?? 0,
      budget: config.budgetCandidates,
      bestFitness: latest?.bestFitness ?? null,
      ...approximationOf(join(resolve(args.runs), name), store),
      digest: latest?.digest ?? null,
      origin: config.origin ?? null,
    });
  }
  if (args.json) process.stdout.write(`${printable(JSON.stringify(rows))}\n`);
  else if (rows.length === 0)
    process.stdout.write(
      `no runs in ${args.runs} yet; illume run quickstart${runsWord(args.runs)} makes one\n`,
    );
  else {
    const width = rows.reduce((most, r) => Math.max(most, printable(r.run).length), 3);
    process.stdout.write(`${"run".padEnd(width)}  stop         candidates            best\n`);
    for (const r of rows)
      process.stdout.write(
        `${printable(r.run).padEnd(width)}  ${(r.stop ?? "unfinished").padEnd(11)}  ${`${count(r.candidates)} of ${count(r.budget)}`.padEnd(20)}  ${bestText(r)}${r.origin === null ? "" : `  forked from ${printable(r.origin.run)} after ${counted(r.origin.epochs, "epoch")}`}\n${r.question === null ? "" : `  ${printable(questionText(r.question))}\n`}`,
      );
  }
  return 0;
}

interface Listed {
  /** The function that is approximated, and how near the best program is to it as people are told; null for other runs. */
  readonly question: CompleteQuestion | null;
  readonly bestError: number | null;
}

/** What a run says of itself; its code is not executed. */
function approximationOf(folder: string, store: RunStore): Listed {
  const description = descriptionOf({ folder, config: store.config });
  if (typeof description === "string" || description.approximates === null)
    return { question: null, bestError: null };
  const { approximates: question } = description;
  const task = describedTask(description, store.config);
  if (task.approximates === null || store.state === null || checkRunState(task, store.state).length > 0)
    return { question, bestError: null };
  const { champion, errorOf } = findingsOf(task, storedArchive({ task, store }));
  return { question, bestError: champion === undefined ? null : errorOf(champion) };
}

const bestText = ({
  question,
  bestError,
  bestFitness,
}: Listed & { readonly bestFitness: number | null }): string =>
  question === null
    ? bestFitness === null
      ? ""
      : number(bestFitness)
    : bestError === null
      ? ""
      : errorText(bestError);
