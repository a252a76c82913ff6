import type { Argv } from "yargs";
import { complete, configOption, type Finish, jsonOption, runsOption, workersOption } from "./options.ts";

/** What counts where searches are held against each other. */
const measureOption = {
  choices: ["best", "qd-score", "coverage", "solved-after"] as const,
  describe: "what counts (default: candidates until the target where one is reached, else the best fitness)",
};

/** The commands that hold searches against each other: compare, tune. */
export const withComparisonCommands = (parser: Argv, finish: Finish): Argv =>
  withTune(parser, finish).command(
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
        .option("evaluations", {
          type: "number",
          requiresArg: true,
          describe: "evaluations of each run in the place of candidates, up to the end of an epoch",
        })
        .option("seconds", {
          type: "number",
          requiresArg: true,
          describe: "seconds of each run in the place of candidates, as measured on this machine",
        })
        .option("measure", measureOption)
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
          budget: argv.budget,
          file,
          evaluations: argv.evaluations,
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

const withTune = (parser: Argv, finish: Finish): Argv =>
  parser.command(
    "tune [experiments..]",
    "find better settings for searches, or for any program",
    (y) =>
      y
        .positional("experiments", {
          type: "string",
          array: true,
          default: [] as string[],
          describe: "what is tuned on: names or files of experiments",
        })
        .option("command", {
          type: "string",
          requiresArg: true,
          describe:
            "a program in their place, with {name} for parameters, {seed} and {instance}; it prints a number",
        })
        .option("space", {
          type: "string",
          requiresArg: true,
          describe: "with --command: JSON file of its parameters",
        })
        .option("instances", {
          type: "string",
          requiresArg: true,
          describe: "with --command: what {instance} is, with commas between",
        })
        .option("minimize", {
          type: "boolean",
          default: false,
          describe: "with --command: smaller is better",
        })
        .option("timeout", {
          type: "number",
          requiresArg: true,
          default: 60,
          describe: "with --command: seconds that it may take; beyond it has failed",
        })
        .option("parameters", {
          type: "string",
          requiresArg: true,
          describe:
            "search parameters to tune, with commas between; name=2..9 or name=a/b for a part of a range (default: all that can be)",
        })
        .option("validate", {
          type: "string",
          requiresArg: true,
          describe: "experiments or instances on which the result is shown only, with commas between",
        })
        .option("budget", {
          type: "number",
          requiresArg: true,
          describe: "full runs that all together may take (default: 100)",
        })
        .option("run-budget", {
          type: "number",
          requiresArg: true,
          describe: "candidates of a full run (default: the experiment's)",
        })
        .option("hours", {
          type: "number",
          requiresArg: true,
          describe: "stop after this time; the same command goes on",
        })
        .option("measure", measureOption)
        .option("evidence", {
          type: "number",
          requiresArg: true,
          default: 20,
          describe: "fresh seeds with which the best is held against the default; 0 for none",
        })
        .option("seed", { type: "string", requiresArg: true, default: "1", describe: "seed of the tuning" })
        .option("out", {
          type: "string",
          requiresArg: true,
          describe:
            "folder for best.json, tuning.json, report.html and the scores (default: one in tunings/)",
        })
        .option("workers", workersOption)
        .option("config", configOption)
        .option("runs", runsOption)
        .option("json", jsonOption)
        .example("$0 tune parity --run-budget 100000 --budget 60", "settings for one experiment"),
    async (argv) => {
      const { tuneCommand } = await import("./tune-command.ts");
      const { runs, workers, json, file } = await complete(argv);
      finish(
        await tuneCommand({
          experiments: argv.experiments,
          command: argv.command,
          space: argv.space,
          parameters: argv.parameters,
          instances: argv.instances,
          validate: argv.validate,
          minimize: argv.minimize,
          timeout: argv.timeout,
          budget: argv.budget,
          runBudget: argv.runBudget,
          hours: argv.hours,
          file,
          measure: argv.measure,
          evidence: argv.evidence,
          seed: argv.seed,
          workers,
          runs,
          out: argv.out,
          json,
        }),
      );
    },
  );
