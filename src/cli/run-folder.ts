import { existsSync, lstatSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { InputError, RunStore } from "../index.ts";
import { runsWord } from "./run-word.ts";

/** Whether a folder, not a link to one, holds a run. */
export function isRun(folder: string): boolean {
  try {
    return lstatSync(folder).isDirectory() && RunStore.exists(folder);
  } catch {
    return false;
  }
}

const MAXIMUM_NAMED = 10;

/** The folder of a run given by path, by name, or by the beginning of its name. */
export function findRun(given: string, runs: string): string {
  if (RunStore.exists(resolve(given))) return resolve(given);
  const named = join(resolve(runs), given);
  if (isRun(named)) return named;
  const matches = runNames(runs).filter((name) => name.startsWith(given));
  if (matches.length === 1) return join(resolve(runs), matches[0] as string);
  if (matches.length > MAXIMUM_NAMED) matches.splice(MAXIMUM_NAMED, Number.POSITIVE_INFINITY, "another");
  if (matches.length > 1)
    throw new InputError(`run must be named so that it is unique; ${given} may be ${matches.join(", ")}.`);
  throw new InputError(
    `run must be the name or folder of a stored run; got ${given}. illume ls${runsWord(runs)} shows the runs.`,
  );
}

/** Names of the stored runs, sorted. */
export function runNames(runs: string): string[] {
  const folder = resolve(runs);
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory()) throw new InputError(`--runs must be a folder; got ${runs}.`);
  return readdirSync(folder)
    .filter((name) => !name.startsWith(".") && isRun(join(folder, name)))
    .sort();
}
