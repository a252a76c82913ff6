import type { Argv } from "yargs";
import {
  codeChoice,
  codeOptions,
  complete,
  configOption,
  executorOption,
  jsonOption,
  operationsOption,
  runPosition,
  runsOption,
  workersOption,
  type Finish,
} from "./options.ts";
import { withVerifyCommands } from "./verify-commands.ts";

/** The commands that look at stored runs: ls, show, verify, replay, export. */
export const withStoredRunCommands = (parser: Argv, finish: Finish): Argv =>
  parser
    .command(
      "ls",
      "list the runs",
      (y) => y.option("config", configOption).option("runs", runsOption).option("json", jsonOption),
      async (argv) => {
        const { listCommand } = await import("./list-command.ts");
        finish(await listCommand(await complete(argv)));
      },
    )
    .command(
      "show <run>",
      "show the map of a run, its champion, one cell, the best of each size, or its quarantine",
      (y) =>
        y
          .positional("run", runPosition)
          .option("champion", { type: "boolean", describe: "the best program and what it does on each case" })
          .option("pareto", { type: "boolean", describe: "programs that no cheaper one equals" })
          .option("time", {
            type: "boolean",
            implies: "pareto",
            describe: "with --pareto, of approximations: nanoseconds of a call as JavaScript on this machine",
          })
          .option("cell", {
            type: "string",
            requiresArg: true,
            describe: "the elite of one cell: bins along the axes, such as 3,4",
          })
          .option("operations", operationsOption)
          .option("quarantine", {
            type: "boolean",
            describe: "programs on which the experiment's code hung, crashed, threw or gave no number",
          })
          .conflicts("champion", ["pareto", "cell", "operations", "quarantine"])
          .conflicts("pareto", ["cell", "operations", "quarantine"])
          .conflicts("cell", ["operations", "quarantine"])
          .conflicts("operations", "quarantine")
          .options(codeOptions)
          .option("config", configOption)
          .option("runs", runsOption)
          .option("json", jsonOption),
      async (argv) => {
        const { showCommand } = await import("./show-command.ts");
        finish(
          await showCommand({
            ...(await complete(argv)),
            run: argv.run,
            champion: argv.champion === true,
            pareto: argv.pareto === true,
            time: argv.time === true,
            quarantine: argv.quarantine === true,
            cell: argv.cell,
            operations: argv.operations,
            code: codeChoice(argv),
          }),
        );
      },
    )
    .command(
      "verify",
      "recompute a run (verify <run>), or what an exported file claims (verify champion <file>)",
      (y) => withVerifyCommands(y, finish),
    )
    .command(
      "replay <run>",
      "run one epoch of one island again and show what became of its candidates",
      (y) =>
        y
          .positional("run", runPosition)
          .option("epoch", {
            type: "number",
            requiresArg: true,
            demandOption: true,
            describe: "epoch, from 0, as where show --champion says born",
          })
          .option("island", {
            type: "number",
            requiresArg: true,
            demandOption: true,
            describe: "island, from 0",
          })
          .option("candidate", {
            type: "number",
            requiresArg: true,
            describe: "one candidate in full, from 0",
          })
          .option("all", {
            type: "boolean",
            describe: "every candidate, not only those that took a cell",
          })
          .conflicts("candidate", "all")
          .option("workers", workersOption)
          .option("executor", executorOption)
          .options(codeOptions)
          .option("config", configOption)
          .option("runs", runsOption)
          .option("json", jsonOption),
      async (argv) => {
        const { replayCommand } = await import("./replay-command.ts");
        finish(
          await replayCommand({
            ...(await complete(argv)),
            run: argv.run,
            epoch: argv.epoch,
            island: argv.island,
            candidate: argv.candidate,
            all: argv.all === true,
            code: codeChoice(argv),
          }),
        );
      },
    )
    .command(
      "export <run>",
      "write the best program, or that of a cell, as a standalone function",
      (y) =>
        y
          .positional("run", runPosition)
          .option("to", {
            choices: ["typescript", "javascript", "c", "python", "latex"] as const,
            default: "typescript" as const,
            describe:
              "language; c, python and latex for programs over reals, floats and booleans, python also for ints and strings",
          })
          .option("cell", {
            type: "string",
            requiresArg: true,
            describe: "the elite of one cell instead of the best: bins along the axes, such as 3,4",
          })
          .option("operations", operationsOption)
          .conflicts("cell", "operations")
          .option("out", {
            alias: "o",
            type: "string",
            requiresArg: true,
            describe: "file to write (default: standard output)",
          })
          .option("name", {
            type: "string",
            requiresArg: true,
            describe: "name of the function (default: the experiment's)",
          })
          .option("with-tests", {
            type: "boolean",
            describe:
              "write a test in that language beside the file: what the machine gives on cases and edge values",
          })
          .option("force", { type: "boolean", describe: "overwrite a file that holds something else" })
          .options(codeOptions)
          .option("config", configOption)
          .option("runs", runsOption)
          .option("json", jsonOption),
      async (argv) => {
        const { exportCommand } = await import("./export-command.ts");
        finish(
          await exportCommand({
            ...(await complete(argv)),
            run: argv.run,
            to: argv.to,
            cell: argv.cell,
            operations: argv.operations,
            out: argv.out,
            name: argv.name,
            withTests: argv.withTests === true,
            force: argv.force === true,
            code: codeChoice(argv),
          }),
        );
      },
    );
