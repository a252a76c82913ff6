#!/usr/bin/env node
import { readFileSync } from "node:fs";
import yargs from "yargs";
import { completeSearch, experimentPosition, islandsOption, setOption } from "./search-options.ts";
import { usageStrings, wrongOption } from "./usage.ts";

/** The command line. Everything a command needs is imported when it runs, so that help comes at once. */

const version = (
  JSON.parse(
    readFileSync(
      new URL(
        import.meta.url.endsWith(".ts") ? "../../package.json" : "../../../package.json",
        import.meta.url,
      ),
      "utf8",
    ),
  ) as { version: string }
).version;

const runsOption = {
  type: "string",
  requiresArg: true,
  describe: "folder of the runs (default: runs)",
} as const;
const jsonOption = {
  type: "boolean",
  default: false,
  describe: "one JSON object on standard output, nothing else",
} as const;
const configOption = {
  type: "string",
  requiresArg: true,
  describe: "JSON file with options (default: illume.config.json if there is one)",
} as const;
const workersOption = {
  type: "string",
  requiresArg: true,
  describe: "worker threads, or auto (default: auto, one for each core)",
} as const;
const executorOption = {
  choices: ["threads", "serial"] as const,
  describe: "worker threads, or everything in this thread (default: threads)",
};
const minutesOption = {
  type: "number",
  requiresArg: true,
  describe: "end after this time, between epochs; resume goes on",
} as const;
const experimentOption = {
  type: "string",
  requiresArg: true,
  describe: "the source of the run's experiment, where the run is somebody else's",
} as const;
const trustOption = {
  type: "boolean",
  describe: "execute the code in the run's folder, and mark it as yours",
} as const;
const sharedCacheOption = {
  choices: ["on", "off", "auto"] as const,
  describe:
    "use what other runs have evaluated; changes the speed only (default: auto, for fitness of your own)",
};

let exitCode = 0;
const finish = (code: number): void => {
  exitCode = code;
};

interface Common {
  readonly config?: string | undefined;
  readonly runs?: string | undefined;
  readonly workers?: string | undefined;
  readonly executor?: "threads" | "serial" | undefined;
  readonly minutes?: number | undefined;
  readonly sharedCache?: "on" | "off" | "auto" | undefined;
  readonly json: boolean;
}

/** Which code of a run may be executed. */
const codeChoice = (argv: {
  readonly experiment?: string | undefined;
  readonly trust?: boolean | undefined;
}) => ({
  experiment: argv.experiment,
  trust: argv.trust === true,
});

/** Options from the command line, then the configuration file, then the defaults. */
async function complete(given: Common) {
  const { readConfiguration } = await import("./configuration.ts");
  const file = readConfiguration(given.config);
  return {
    file,
    runs: given.runs ?? file.runs ?? "runs",
    workers: given.workers ?? String(file.workers ?? "auto"),
    executor: given.executor ?? file.executor ?? "threads",
    minutes: given.minutes ?? file.minutes,
    sharedCache: given.sharedCache ?? file.sharedCache ?? "auto",
    json: given.json,
  } as const;
}

const parser = yargs()
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
  .wrap(Math.min(110, process.stdout.columns ?? 110))
  .command(
    "run <experiment>",
    "search: a shipped experiment (quickstart, parity, dates, lists) or a file.ts",
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
        .positional("run", {
          type: "string",
          demandOption: true,
          describe: "name (or its beginning) or folder of the run",
        })
        .option("workers", workersOption)
        .option("executor", executorOption)
        .option("minutes", minutesOption)
        .option("experiment", experimentOption)
        .option("trust", trustOption)
        .conflicts("experiment", "trust")
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
    "ls",
    "list the runs",
    (y) => y.option("config", configOption).option("runs", runsOption).option("json", jsonOption),
    async (argv) => {
      const { listCommand } = await import("./show-command.ts");
      finish(await listCommand(await complete(argv)));
    },
  )
  .command(
    "show <run>",
    "show the map of a run, its champion, one cell, the best of each size, or its quarantine",
    (y) =>
      y
        .positional("run", {
          type: "string",
          demandOption: true,
          describe: "name (or its beginning) or folder of the run",
        })
        .option("champion", { type: "boolean", describe: "the best program and what it does on each case" })
        .option("pareto", { type: "boolean", describe: "programs that no smaller one equals" })
        .option("cell", {
          type: "string",
          requiresArg: true,
          describe: "the elite of one cell: bins along the axes, such as 3,4",
        })
        .option("quarantine", {
          type: "boolean",
          describe: "programs on which the experiment's code hung, crashed, threw or gave no number",
        })
        .conflicts("champion", ["pareto", "cell", "quarantine"])
        .conflicts("pareto", ["cell", "quarantine"])
        .conflicts("cell", "quarantine")
        .option("experiment", experimentOption)
        .option("trust", trustOption)
        .conflicts("experiment", "trust")
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
          quarantine: argv.quarantine === true,
          cell: argv.cell,
          code: codeChoice(argv),
        }),
      );
    },
  )
  .command(
    "verify <run>",
    "recompute a run and compare the digest of every epoch",
    (y) =>
      y
        .positional("run", {
          type: "string",
          demandOption: true,
          describe: "name (or its beginning) or folder of the run",
        })
        .option("from", {
          type: "number",
          requiresArg: true,
          describe: "begin at a stored epoch instead of the seed",
        })
        .option("workers", workersOption)
        .option("executor", executorOption)
        .option("experiment", experimentOption)
        .option("trust", trustOption)
        .conflicts("experiment", "trust")
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
          code: codeChoice(argv),
        }),
      );
    },
  )
  .command(
    "export <run>",
    "write the best program as a standalone typed function",
    (y) =>
      y
        .positional("run", {
          type: "string",
          demandOption: true,
          describe: "name (or its beginning) or folder of the run",
        })
        .option("to", {
          choices: ["typescript", "javascript"] as const,
          default: "typescript" as const,
          describe: "language",
        })
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
        .option("experiment", experimentOption)
        .option("trust", trustOption)
        .conflicts("experiment", "trust")
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
          out: argv.out,
          name: argv.name,
          code: codeChoice(argv),
        }),
      );
    },
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
    throw error instanceof Error && error.name !== "YError" ? error : new UsageError(message);
  });

/** yargs' word on a wrong command line. */
class UsageError extends Error {}

// Who reads the output may stop reading, as head does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? exitCode : 70);
});

try {
  await parser.parseAsync(process.argv.slice(2));
} catch (error) {
  exitCode = await report(error);
}
process.exitCode = exitCode;

/** One clear error: input errors and wrong usage give 2, everything else 70 with what to do. */
async function report(error: unknown): Promise<number> {
  if (error instanceof UsageError) {
    const message = error.message.replaceAll(/\s+/g, " ").trim();
    process.stderr.write(
      `illume: ${message}${/[.?]$/.test(message) ? "" : "."}${message.includes("--help") ? "" : " illume --help lists commands and options."}\n`,
    );
    return 2;
  }
  const { InputError, JobError } = await import("../index.ts");
  if (error instanceof InputError) {
    const { printable } = await import("./printable.ts");
    for (const problem of error.problems) process.stderr.write(`illume: ${printable(problem)}\n`);
    return 2;
  }
  if (error instanceof JobError)
    process.stderr.write(
      `illume: internal fault: ${error.message}\neverything before it is stored; to see it happen in one thread: illume resume <run> --executor serial (island ${error.island}, epoch ${error.epoch})\n`,
    );
  else
    process.stderr.write(
      `illume: internal fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  return 70;
}
