import { join, resolve } from "node:path";
import { folderDisk, InputError, RunStore } from "../index.ts";
import { printable } from "./printable.ts";
import { runNames } from "./run-folder.ts";
import { count, number } from "./summary.ts";

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
      digest: latest?.digest ?? null,
      origin: config.origin ?? null,
    });
  }
  if (args.json) process.stdout.write(`${printable(JSON.stringify(rows))}\n`);
  else if (rows.length === 0)
    process.stdout.write(`no runs in ${args.runs} yet; illume run quickstart makes one\n`);
  else {
    const width = rows.reduce((most, r) => Math.max(most, printable(r.run).length), 3);
    process.stdout.write(`${"run".padEnd(width)}  stop         candidates            best\n`);
    for (const r of rows)
      process.stdout.write(
        `${printable(r.run).padEnd(width)}  ${(r.stop ?? "unfinished").padEnd(11)}  ${`${count(r.candidates)} of ${count(r.budget)}`.padEnd(20)}  ${r.bestFitness === null ? "" : number(r.bestFitness)}${r.origin === null ? "" : `  forked from ${printable(r.origin.run)} after ${r.origin.epochs} epochs`}\n`,
      );
  }
  return 0;
}
