import type { Configuration } from "./configuration.ts";

/** What is alike in the commands that search. */

export const experimentPosition = {
  type: "string",
  demandOption: true,
  describe: "name or file of the experiment",
} as const;
export const islandsOption = {
  type: "number",
  requiresArg: true,
  describe: "the same as --set islands=N",
} as const;
export const setOption = {
  type: "string",
  array: true,
  nargs: 1,
  default: [] as string[],
  describe: "name=value of a search parameter (illume parameters lists them)",
} as const;

/** The experiment, seed, budget and parameters, from the command line, then the configuration file, then the defaults. */
export async function completeSearch<T extends { readonly file: Configuration }>(
  given: {
    readonly experiment: string;
    readonly seed?: string | undefined;
    readonly budget?: number | undefined;
    readonly islands?: number | undefined;
    readonly set: string[];
  },
  options: T,
) {
  const { readSettings } = await import("./configuration.ts");
  return {
    ...options,
    experiment: given.experiment,
    seed: given.seed ?? String(options.file.seed ?? "1"),
    budget: given.budget ?? options.file.budget,
    parameters: {
      ...options.file.set,
      ...readSettings(given.set),
      ...(given.islands === undefined ? {} : { islands: given.islands }),
    },
  };
}
