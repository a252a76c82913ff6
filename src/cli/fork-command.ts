import { isDeepStrictEqual } from "node:util";
import { completeParameters, type Fork, forkOf, InputError, pastState, counted } from "../index.ts";
import { printable } from "./printable.ts";
import type { CodeChoice } from "./run-code.ts";
import { checkLimits, finishNamedRun, type RunArguments } from "./run-command.ts";
import { runFault } from "./run-fault.ts";
import { runWord } from "./run-word.ts";
import { createExecutor, openRun, requestFork, workerCount } from "./run-session.ts";

/** illume fork: a new run from another one's state after some epochs; exit code. */
export async function forkCommand(
  args: RunArguments & {
    readonly run: string;
    readonly at: number;
    readonly code: CodeChoice;
    readonly seed: string | undefined;
    readonly budget: number | undefined;
    readonly parameters: Readonly<Record<string, unknown>>;
  },
): Promise<number> {
  checkLimits(args);
  const session = await openRun(args.run, args.runs, true, args.code);
  const { store, task, experiment, name, config } = session;
  const first = Math.max(1, config.origin?.epochs ?? 1);
  const finished = Math.max(store.state?.epochs ?? 0, (store.latest?.epoch ?? -1) + 1);
  if (!Number.isInteger(args.at) || args.at < first || args.at > finished)
    throw new InputError(
      `--at must be a whole number of epochs from ${first} to ${finished}, of which ${store.snapshots.join(", ") || "none"} are stored and others are computed again; got ${args.at}.`,
    );
  const workers = args.executor === "serial" ? 1 : workerCount(args.workers);
  const executor = createExecutor(session, args.executor, workers);
  let fork: Fork;
  try {
    fork = forkOf({
      experiment,
      run: name,
      config,
      state: await pastState({ task, store, executor, epochs: args.at }),
      seed: args.seed,
      budgetCandidates: args.budget,
      parameters: args.parameters,
    });
  } catch (error) {
    throw runFault(session, error);
  } finally {
    await executor.close();
    await session.close();
  }
  const { origin: _, ...terms } = fork.config;
  const { origin: __, ...termsBefore } = { ...config, parameters: completeParameters(config.parameters) };
  if (isDeepStrictEqual(terms, termsBefore))
    throw new InputError(
      `a fork must differ from the run that it comes from; give --seed, --budget or --set. illume resume ${runWord(session)} goes on with the run itself.`,
    );
  const forked = await requestFork(session, fork, args.runs);
  if (forked.isNew && !args.json)
    process.stderr.write(
      `${printable(`forked from ${name} after ${counted(args.at, "epoch")} as ${forked.name}`)}\n`,
    );
  return finishNamedRun(forked, args);
}
