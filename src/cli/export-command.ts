import { writeFile } from "node:fs/promises";
import { championOf, exportProgram, InputError } from "../index.ts";
import { storedArchive } from "./run-command.ts";
import { printable } from "./printable.ts";
import type { CodeChoice } from "./run-code.ts";
import { openRun } from "./run-session.ts";
import { shellWord } from "./shell-word.ts";
import { describe, number } from "./summary.ts";

/** illume export: the champion as a standalone function. */
export async function exportCommand(args: {
  readonly run: string;
  readonly runs: string;
  readonly to: "typescript" | "javascript";
  readonly out: string | undefined;
  readonly name: string | undefined;
  readonly code: CodeChoice;
  readonly json: boolean;
}): Promise<number> {
  const session = await openRun(args.run, args.runs, true, args.code);
  const { task, store, config } = session;
  const archive = storedArchive(session);
  const latest = store.stateMetrics;
  await session.close();
  const best = championOf(archive, task.target);
  if (best === undefined || latest === null)
    throw new InputError(
      store.latest === null || store.stateMetrics !== null
        ? `run ${session.name} must have found a program; it has none yet.`
        : `run ${session.name} must have a state that can be read. What is lost is computed again: illume resume ${shellWord(session.name)}`,
    );
  const name =
    args.name ??
    config.experiment.replaceAll(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) =>
      (next ?? "").toUpperCase(),
    );
  if (!/^[A-Za-z_$][\w$]*$/.test(name))
    throw new InputError(`--name must be a JavaScript name; got ${name}.`);
  const { fitness, program } = describe(task, best);
  const text = exportProgram(task.grammar, task.answer(best.program), {
    to: args.to,
    name,
    header: [
      ...(config.question === "" ? [] : [printable(config.question)]),
      `Found by Illume: experiment ${config.experiment}, seed ${printable(config.seed)}, archive digest ${latest.digest}.`,
      `Fitness ${number(fitness)} (${typeof task.target === "number" && fitness >= task.target ? "solved" : "best of its run"}) on ${task.caseCount} cases.`,
      `Program: ${program}`,
    ],
  });
  if (args.out !== undefined) {
    try {
      await writeFile(args.out, text);
    } catch (error) {
      throw new InputError(`--out must be a file that can be written; ${(error as Error).message}.`);
    }
  }
  if (args.json)
    process.stdout.write(
      `${printable(JSON.stringify({ run: session.name, to: args.to, name, program, file: args.out ?? null, code: text }))}\n`,
    );
  else process.stdout.write(args.out === undefined ? text : `written to ${args.out}\n`);
  return 0;
}
