import type { Argv } from "yargs";
import {
  codeChoice,
  codeOptions,
  complete,
  configOption,
  executorOption,
  jsonOption,
  runPosition,
  runsOption,
  workersOption,
  type Finish,
} from "./options.ts";

/** What verify checks: a run, or an exported file. */
export const withVerifyCommands = (parser: Argv, finish: Finish): Argv =>
  parser
    .command(
      "$0 <run>",
      "recompute a run, or a sample of it, and compare everything that is stored",
      (y) =>
        y
          .positional("run", runPosition)
          .option("from", {
            type: "number",
            requiresArg: true,
            describe: "begin at a stored epoch instead of the seed",
          })
          .option("sample", {
            type: "number",
            requiresArg: true,
            describe: "compute one epoch after each of this many stored states instead of all",
          })
          .option("workers", workersOption)
          .option("executor", executorOption)
          .options(codeOptions)
          .option("config", configOption)
          .option("runs", runsOption)
          .option("json", jsonOption),
      async (argv) => {
        const { verifyCommand } = await import("./verify-command.ts");
        finish(
          await verifyCommand({
            ...(await complete(argv)),
            run: argv.run,
            from: argv.from,
            sample: argv.sample,
            code: codeChoice(argv),
          }),
        );
      },
    )
    .command(
      "champion <file>",
      "recompute what an exported file claims; nothing of it is executed",
      (y) =>
        y
          .positional("file", {
            type: "string",
            demandOption: true,
            describe: "file that illume export has written",
          })
          .option("run", {
            type: "string",
            requiresArg: true,
            describe: "its run (default: the one that the file names, if it is among the runs)",
          })
          .options(codeOptions)
          .option("config", configOption)
          .option("runs", runsOption)
          .option("json", jsonOption),
      async (argv) => {
        const { verifyChampionCommand } = await import("./verify-champion-command.ts");
        finish(
          await verifyChampionCommand({
            ...(await complete(argv)),
            file: argv.file,
            run: argv.run,
            code: codeChoice(argv),
          }),
        );
      },
    );
