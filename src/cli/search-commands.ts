import type { Argv } from "yargs";
import {
  codeChoice,
  codeOptions,
  complete,
  configOption,
  executorOption,
  jsonOption,
  minutesOption,
  runPosition,
  runsOption,
  sharedCacheOption,
  workersOption,
  type Finish,
} from "./options.ts";
import { completeSearch, experimentPosition, islandsOption, setOption } from "./search-options.ts";

/** The commands that search: run, approximate, solve, doctor, resume, fork. */
export const withSearchCommands = (parser: Argv, finish: Finish): Argv =>
  parser
    .command(
      "run <experiment>",
      "search: a shipped experiment (quickstart, parity, dates, lists, exp2, log2, sin, erf, airy) or a file.ts",
      (y) =>
        y
          .positional("experiment", experimentPosition)
          .option("seed", {
            type: "string",
            requiresArg: true,
            describe: "any number or word; the same one gives the same archive (default: 1)",
          })
          .option("budget", {
            type: "number",
            requiresArg: true,
            describe: "candidates to spend (default: the experiment's own)",
          })
          .option("islands", islandsOption)
          .option("workers", workersOption)
          .option("executor", executorOption)
          .option("minutes", minutesOption)
          .option("shared-cache", sharedCacheOption)
          .option("set", setOption)
          .option("config", configOption)
          .option("runs", runsOption)
          .option("json", jsonOption)
          .example("$0 run quickstart --seed 7", "find Kepler's third law")
          .example("$0 run my.ts --budget 2e6 --set selector=tournament", "your own question"),
      async (argv) => {
        const { runCommand } = await import("./run-command.ts");
        finish(await runCommand(await completeSearch(argv, await complete(argv))));
      },
    )
    .command(
      "approximate <formula>",
      "find the programs nearest to a function, for each number of operations",
      (y) =>
        y
          .positional("formula", {
            type: "string",
            demandOption: true,
            describe: "the function, such as 2^x, log2(x), sin(x)/x or erf(x)",
          })
          .option("from", {
            type: "string",
            requiresArg: true,
            demandOption: true,
            describe: "lower end of the interval: a number, or a formula such as pi/2",
          })
          .option("to", { type: "string", requiresArg: true, demandOption: true, describe: "its upper end" })
          .option("ops", {
            type: "string",
            requiresArg: true,
            describe: "operations that programs may use (default: + - * /)",
          })
          .option("max-ops", {
            type: "number",
            requiresArg: true,
            describe: "operations on the argument, at most (default: 12)",
          })
          .option("error", {
            choices: ["relative", "absolute", "ulp"] as const,
            describe: "what is to be small at its largest (default: relative)",
          })
          .option("precision", {
            choices: ["f64", "f32"] as const,
            describe: "programs of doubles, or of singles with every operation rounded (default: f64)",
          })
          .option("constants", {
            choices: ["double", "double-double"] as const,
            describe: "constants as doubles, or as sums of two (default: double)",
          })
          .option("seed", {
            type: "string",
            requiresArg: true,
            describe: "any number or word; the same one gives the same programs (default: 1)",
          })
          .option("budget", {
            type: "number",
            requiresArg: true,
            describe:
              "candidates to spend (default: 200,000: about a minute; with --precision f32 several, since every rounding is tried)",
          })
          .option("islands", islandsOption)
          .option("workers", workersOption)
          .option("executor", executorOption)
          .option("minutes", minutesOption)
          .option("set", setOption)
          .option("config", configOption)
          .option("runs", runsOption)
          .option("json", jsonOption)
          .example(
            "$0 approximate 2^x --from 0 --to 1 --ops + - '*' /",
            "programs for 2^x of 0 to 12 operations, beside the best known methods",
          ),
      async (argv) => {
        const { approximateCommand } = await import("./approximate-command.ts");
        const { questionOf } = await import("./approximation-question.ts");
        const search = await completeSearch({ ...argv, experiment: "" }, await complete(argv));
        finish(await approximateCommand({ ...search, question: questionOf(argv) }));
      },
    )
    .command(
      "solve <file>",
      "find a program from examples: a .csv or .json file, a task of SyGuS-IF (.sl) or an experiment (.ts)",
      (y) =>
        y
          .positional("file", { type: "string", demandOption: true, describe: "the file of examples" })
          .option("target", {
            type: "string",
            requiresArg: true,
            describe: "column of a .csv file that has the outputs (default: the last one)",
          })
          .option("holdout", {
            type: "number",
            requiresArg: true,
            describe:
              "keep so many examples back, or such a share of them, and tell what the answer does there",
          })
          .option("ask", {
            type: "boolean",
            default: false,
            describe: "ask for outputs on which programs that give every example differ, and go on with them",
          })
          .option("oracle", {
            type: "string",
            requiresArg: true,
            describe: "ask this program, or the function that this .ts or .js file exports",
          })
          .option("save", {
            type: "string",
            requiresArg: true,
            describe: "JSON file for the examples, with those that were learned",
          })
          .option("to", {
            choices: ["typescript", "javascript", "python", "sl", "text"] as const,
            describe: "write the answer as a function of that language, as SyGuS does, or as it is printed",
          })
          .option("out", {
            type: "string",
            requiresArg: true,
            implies: "to",
            describe: "file for it",
          })
          .option("with-tests", {
            type: "boolean",
            default: false,
            describe: "write a test of the function beside it",
          })
          .option("force", {
            type: "boolean",
            default: false,
            describe: "overwrite files that hold something else",
          })
          .option("seconds", {
            type: "number",
            requiresArg: true,
            describe: "end after this time (default: 10, or none with --budget)",
          })
          .option("more", {
            type: "number",
            requiresArg: true,
            describe:
              "seconds to look for a smaller program once there is one (default: until none comes for a second, or no end with --budget)",
          })
          .option("budget", {
            type: "number",
            requiresArg: true,
            describe: "end after so many candidates, which gives the same program on every machine",
          })
          .option("emitters", {
            choices: ["enumeration", "evolution", "both"] as const,
            default: "both" as const,
            describe: "who looks for programs, to compare them",
          })
          .option("workers", {
            type: "number",
            requiresArg: true,
            default: 1,
            describe: "threads that evolution runs on; any number gives the same program",
          })
          .option("seed", { type: "string", requiresArg: true, default: "1", describe: "seed of evolution" })
          .option("json", jsonOption)
          .example("$0 solve initials.sl", 'such as (constraint (= (f "Jan Kotas") "J.K."))'),
      async (argv) => {
        const { solveCommand } = await import("./solve-command.ts");
        finish(await solveCommand(argv));
      },
    )
    .command(
      "doctor <experiment>",
      "examine an experiment before a long run: some ten seconds, nothing is stored",
      (y) =>
        y
          .positional("experiment", experimentPosition)
          .option("seed", {
            type: "string",
            requiresArg: true,
            describe: "seed of the short searches (default: 1)",
          })
          .option("budget", {
            type: "number",
            requiresArg: true,
            describe: "candidates of the run to come (default: the experiment's own)",
          })
          .option("islands", islandsOption)
          .option("workers", workersOption)
          .option("minutes", { ...minutesOption, describe: "time that the run to come may take" })
          .option("until", {
            type: "string",
            requiresArg: true,
            describe: "time of day, such as 07:00: what will be done by then",
          })
          .option("seconds", {
            type: "number",
            requiresArg: true,
            default: 10,
            describe: "about how long to look, more where a single evaluation takes long",
          })
          .option("set", setOption)
          .option("config", configOption)
          .option("runs", runsOption)
          .option("json", jsonOption),
      async (argv) => {
        const { doctorCommand } = await import("./doctor-command.ts");
        finish(
          await doctorCommand({
            ...(await completeSearch(argv, await complete(argv))),
            until: argv.until,
            seconds: argv.seconds,
          }),
        );
      },
    )
    .command(
      "resume <run>",
      "go on with a run that was stopped",
      (y) =>
        y
          .positional("run", runPosition)
          .option("workers", workersOption)
          .option("executor", executorOption)
          .option("minutes", minutesOption)
          .options(codeOptions)
          .option("shared-cache", sharedCacheOption)
          .option("config", configOption)
          .option("runs", runsOption)
          .option("json", jsonOption),
      async (argv) => {
        const { resumeCommand } = await import("./run-command.ts");
        finish(await resumeCommand({ ...(await complete(argv)), run: argv.run, code: codeChoice(argv) }));
      },
    )
    .command(
      "fork <run>",
      "begin a new run from an earlier state of another one, under changed terms",
      (y) =>
        y
          .positional("run", runPosition)
          .option("at", {
            type: "number",
            requiresArg: true,
            demandOption: true,
            describe: "epochs of the run to keep",
          })
          .option("seed", {
            type: "string",
            requiresArg: true,
            describe: "another seed from there on (default: the run's)",
          })
          .option("budget", {
            type: "number",
            requiresArg: true,
            describe: "candidates in all, with those that the run spent until there (default: the run's)",
          })
          .option("set", {
            type: "string",
            array: true,
            nargs: 1,
            default: [] as string[],
            describe: "name=value of a search parameter that changes; all but islands may",
          })
          .option("workers", workersOption)
          .option("executor", executorOption)
          .option("shared-cache", sharedCacheOption)
          .option("minutes", minutesOption)
          .options(codeOptions)
          .option("config", configOption)
          .option("runs", runsOption)
          .option("json", jsonOption)
          .example("$0 fork quickstart-1 --at 10 --seed 2", "another way to go on"),
      async (argv) => {
        const { forkCommand } = await import("./fork-command.ts");
        const { readSettings } = await import("./configuration.ts");
        finish(
          await forkCommand({
            ...(await complete(argv)),
            run: argv.run,
            at: argv.at,
            seed: argv.seed,
            budget: argv.budget,
            parameters: readSettings(argv.set),
            code: codeChoice(argv),
          }),
        );
      },
    );
