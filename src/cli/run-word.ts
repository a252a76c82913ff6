import { join, relative, resolve } from "node:path";
import { readConfiguration } from "./configuration.ts";
import { printable } from "./printable.ts";
import { shellWord } from "./shell-word.ts";

/** A run as it can be typed here in a command without other options: by name where runs are looked for, or else by its folder. */
export function runWord({ folder, name }: { readonly folder: string; readonly name: string }): string {
  return printable(shellWord(folder === join(resolve(defaultRuns()), name) ? name : pathWord(folder)));
}

/** Where a command without `--runs` looks for runs. */
const defaultRuns = (): string => readConfiguration(undefined).runs ?? "runs";

/** `--runs DIR` where a command would look elsewhere without it, with a blank before it. */
export const runsWord = (runs: string): string =>
  resolve(runs) === resolve(defaultRuns()) ? "" : printable(` --runs ${shellWord(runs)}`);

const pathWord = (folder: string): string => {
  const path = relative(process.cwd(), folder);
  return path.startsWith("-") ? `./${path}` : path;
};
