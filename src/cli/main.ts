#!/usr/bin/env node
import { existsSync } from "node:fs";
import yargs from "yargs";
import { withJoinedOperations } from "./joined-operations.ts";
import { withComparisonCommands } from "./comparison-commands.ts";
import { jsonOption } from "./options.ts";
import { withSearchCommands } from "./search-commands.ts";
import { withStoredRunCommands } from "./stored-run-commands.ts";
import { usageMessage, usageStrings, wrongOption } from "./usage.ts";
import { version } from "./version.ts";

/** The command line. Everything a command needs is imported when it runs, so that help comes at once. */

let exitCode = 0;
const finish = (code: number): void => {
  exitCode = code;
};

const named = yargs()
  .scriptName("illume")
  .usage("illume discovers programs: a map of good ones that differ in ways you choose.\n\n$0 <command>")
  .version(version)
  .locale("en")
  .updateStrings(usageStrings as unknown as Record<string, string>)
  .strict()
  .demandCommand(1, "a command is needed. illume --help lists them.")
  .check((argv) => wrongOption(argv) ?? true)
  .recommendCommands()
  .alias("help", "h")
  .parserConfiguration({ "parse-positional-numbers": false })
  .exitProcess(false)
  .wrap(Math.min(110, process.stdout.columns ?? 110));

const parser = withComparisonCommands(
  withStoredRunCommands(withSearchCommands(named, finish), finish),
  finish,
)
  .command(
    "cache",
    "show, reduce or empty the cache of evaluations that runs share",
    (y) =>
      y
        .option("trim", {
          type: "number",
          describe: "keep at most so many MB (default: 256); damaged files go first, then the oldest",
        })
        .option("clear", { type: "boolean", describe: "empty it" })
        .conflicts("trim", "clear")
        .option("json", jsonOption),
    async (argv) => {
      const { cacheCommand } = await import("./cache-command.ts");
      finish(
        cacheCommand({
          trim: "trim" in argv ? (argv.trim ?? "default") : undefined,
          clear: argv.clear === true,
          json: argv.json,
        }),
      );
    },
  )
  .command(
    "init",
    "write an example experiment, a config and npm scripts into this folder",
    (y) => y.option("json", jsonOption),
    async (argv) => {
      const { initCommand } = await import("./init-command.ts");
      finish(await initCommand({ folder: process.cwd(), json: argv.json, version }));
    },
  )
  .command(
    "parameters",
    "list the search parameters with defaults and meaning",
    (y) => y.option("json", jsonOption),
    async (argv) => {
      const { parametersCommand } = await import("./parameters-command.ts");
      finish(parametersCommand(argv.json));
    },
  )
  .fail((message, error) => {
    // What checks find comes as a text, or as an error of yargs' own.
    if (error instanceof Error && error.name !== "YError") throw error;
    throw new UsageError(message, knownOptions());
  });

/** The options of the command that is read: what yargs' types do not tell. */
const knownOptions = (): string[] =>
  Object.keys((named as unknown as { getOptions?(): { key: object } }).getOptions?.().key ?? {});

/** The command line; help of a command is asked for in two ways. */
const [first, ...rest] = process.argv.slice(2);
const words = first === "help" ? [...rest, "--help"] : process.argv.slice(2);

/** yargs' word on a wrong command line. */
class UsageError extends Error {
  readonly options: readonly string[];

  constructor(message: string, options: readonly string[]) {
    super(message);
    this.options = options;
  }
}

// Who reads the output may stop reading, as head does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? exitCode : 70);
});

try {
  await parser.parseAsync(withJoinedOperations(words));
} catch (error) {
  exitCode = await report(error);
}
process.exitCode = exitCode;

/** One clear error: input errors and wrong usage give 2, everything else 70 with what to do. */
async function report(error: unknown): Promise<number> {
  if (error instanceof UsageError) {
    const { nearestName } = await import("../../dsl/index.ts");
    const message = usageMessage(error.message, words[0] ?? "", error.options, existsSync, nearestName);
    process.stderr.write(
      `illume: ${message}${/[.?]$/.test(message) ? "" : "."}${message.includes("--help") ? "" : " illume --help lists commands and options."}\n`,
    );
    return 2;
  }
  const { InputError } = await import("../index.ts");
  const { printable } = await import("./printable.ts");
  const { RunFault } = await import("./run-fault.ts");
  if (error instanceof InputError) {
    for (const problem of error.problems) process.stderr.write(`illume: ${printable(problem)}\n`);
    return 2;
  }
  if (error instanceof RunFault) {
    process.stderr.write(`illume: ${[error.message, ...error.advice].map(printable).join("\n")}\n`);
    return error.exitCode;
  }
  process.stderr.write(
    `illume: internal fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return 70;
}
