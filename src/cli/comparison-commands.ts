import type { Argv } from "yargs";
import { complete, configOption, type Finish, jsonOption, runsOption, workersOption } from "./options.ts";

/** The commands that hold searches against each other: compare. */
export const withComparisonCommands = (parser: Argv, finish: Finish): Argv =>
  parser.command(
    "compare <subjects..>",
    "hold searches against each other with equal seeds and budgets: experiments, configuration files, settings, or stored runs",
    (y) =>
      y
        .positional("subjects", {
          type: "string",
          array: true,
          demandOption: true,
          describe: "experiments; one experiment and configuration files (.json); or stored runs",
        })
        .option("set", {
          type: "string",
          array: true,
          nargs: 1,
          default: [] as string[],
          describe: "a variant: name=value of search parameters, several with commas between",
        })
        .option("seeds", {
          type: "string",
          requiresArg: true,
          describe:
            "how many, or the first and the last, such as 101-130 (default: as many as --effect needs)",
        })
        .option("effect", {
          type: "number",
          requiresArg: true,
          default: 0.75,
          describe: "the A12 that is to be found nine times in ten: how often the better one is better",
        })
        .option("budget", { type: "number", requiresArg: true, describe: "candidates of each run" })
        .option("seconds", {
          type: "number",
          requiresArg: true,
          describe: "seconds of each run in the place of candidates, as measured on this machine",
        })
        .option("measure", {
          choices: ["best", "qd-score", "coverage", "solved-after"] as const,
          describe:
            "what counts (default: candidates until the target where one is reached, else the best fitness)",
        })
        .option("controls", {
          type: "boolean",
          default: true,
          describe:
            "also random search, and the best of 4 restarts, with the same budget; --no-controls for none",
        })
        .option("out", {
          type: "string",
          requiresArg: true,
          describe:
            "folder for comparison.json, runs.csv and curves.svg (default: a new one in comparisons/)",
        })
        .option("workers", workersOption)
        .option("config", configOption)
        .option("runs", runsOption)
        .option("json", jsonOption)
        .example(
          "$0 compare parity --set selector=tournament --seeds 30",
          "the experiment as it is, and with other parents",
        ),
    async (argv) => {
      const { compareCommand } = await import("./compare-command.ts");
      const { runs, workers, json, file } = await complete(argv);
      finish(
        await compareCommand({
          subjects: argv.subjects,
          set: argv.set,
          seeds: argv.seeds,
          effect: argv.effect,
          budget: argv.budget ?? file.budget,
          seconds: argv.seconds,
          measure: argv.measure,
          controls: argv.controls,
          workers,
          runs,
          out: argv.out,
          json,
        }),
      );
    },
  );
