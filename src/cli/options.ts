/** Options that several commands have, and what stands for those that are not given. */

/** What a command does when it is over: it says with which exit code. */
export type Finish = (exitCode: number) => void;

export const runPosition = {
  type: "string",
  demandOption: true,
  describe: "name (or its beginning) or folder of the run",
} as const;
export const runsOption = {
  type: "string",
  requiresArg: true,
  describe: "folder of the runs (default: runs)",
} as const;
export const jsonOption = {
  type: "boolean",
  default: false,
  describe: "one JSON object on standard output, nothing else",
} as const;
export const configOption = {
  type: "string",
  requiresArg: true,
  describe: "JSON file with options (default: illume.config.json if there is one)",
} as const;
export const workersOption = {
  type: "string",
  requiresArg: true,
  describe: "worker threads, or auto (default: auto, one for each core)",
} as const;
export const executorOption = {
  choices: ["threads", "serial"] as const,
  describe: "worker threads, or everything in this thread (default: threads)",
};
export const minutesOption = {
  type: "number",
  requiresArg: true,
  describe: "end after this time, between epochs; resume goes on",
} as const;
export const operationsOption = {
  type: "number",
  requiresArg: true,
  describe: "the best program of so many operations, where the map counts them",
} as const;
/** Which code of a run may be executed; read by `codeChoice`. */
export const codeOptions = {
  experiment: {
    type: "string",
    requiresArg: true,
    conflicts: "trust",
    describe: "the source of the run's experiment, where the run is somebody else's",
  },
  trust: {
    type: "boolean",
    describe: "execute the code in the run's folder, and mark it as yours",
  },
} as const;
export const sharedCacheOption = {
  choices: ["on", "off", "auto"] as const,
  describe:
    "use what other runs have evaluated; changes the speed only (default: auto, for fitness of your own)",
};

export interface GivenOptions {
  readonly config?: string | undefined;
  readonly runs?: string | undefined;
  readonly workers?: string | undefined;
  readonly executor?: "threads" | "serial" | undefined;
  readonly minutes?: number | undefined;
  readonly sharedCache?: "on" | "off" | "auto" | undefined;
  readonly json: boolean;
}

/** Which code of a run may be executed. */
export const codeChoice = (argv: {
  readonly experiment?: string | undefined;
  readonly trust?: boolean | undefined;
}) => ({
  experiment: argv.experiment,
  trust: argv.trust === true,
});

/** Options from the command line, then the configuration file, then the defaults. */
export async function complete(given: GivenOptions) {
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
