import { InputError, rootKey, type RunState, search } from "../index.ts";
import { printable } from "./printable.ts";
import { type CodeChoice, createExecutor, type ExecutorChoice, openRun, workerCount } from "./run-session.ts";
import { count, summarise } from "./summary.ts";

/** illume verify: recomputes a run, from its seed or a stored epoch, and compares every epoch's digest. Exit code 0, or 1 on a difference. */
export async function verifyCommand(args: {
  readonly run: string;
  readonly runs: string;
  readonly workers: string;
  readonly executor: ExecutorChoice;
  readonly from: number | undefined;
  readonly code: CodeChoice;
  readonly json: boolean;
}): Promise<number> {
  const workers = args.executor === "serial" ? 1 : workerCount(args.workers);
  const session = await openRun(args.run, args.runs, true, args.code);
  const { task, store, config } = session;
  const metrics = store.metrics;
  const last = metrics.at(-1);
  if (last === undefined)
    throw new InputError(`run ${session.name} must have a finished epoch; it has none yet.`);
  let from: RunState | null = null;
  if (args.from !== undefined && args.from > 0) {
    from = store.snapshot(args.from);
    if (from === null)
      throw new InputError(
        `--from must be a stored epoch: ${store.snapshots.join(", ") || "this run has none"}; got ${args.from}.`,
      );
  }
  const started = performance.now();
  const executor = createExecutor(session, args.executor, workers);
  let state = from;
  let difference: { readonly epoch: number; readonly stored: string; readonly computed: string } | null =
    null;
  try {
    const result = await search({
      task,
      key: rootKey(config.seed),
      budgetCandidates: config.budgetCandidates,
      executor,
      untilEpoch: last.epoch + 1,
      ...(from === null ? {} : { from }),
      interruption: () => (difference === null ? null : "interrupted"),
      onEpoch: ({ digest, epoch, ...report }) => {
        state = report.state;
        const stored = metrics.find((m) => m.epoch === epoch)?.digest ?? "none";
        if (digest !== stored) difference ??= { epoch, stored, computed: digest };
      },
    });
    const seconds = (performance.now() - started) / 1000;
    const summary = summarise(
      task,
      { name: session.name, workers, seconds, digest: result.digest, rollingDigest: result.rollingDigest },
      { ...result, stop: last.stop },
      state,
    );
    const isVerified =
      difference === null && result.epochs === last.epoch + 1 && result.digest === last.digest;
    if (args.json)
      process.stdout.write(
        `${printable(JSON.stringify({ ...summary, verified: isVerified, storedDigest: last.digest, firstDifference: difference }))}\n`,
      );
    else if (isVerified)
      process.stdout.write(
        `verified     ${printable(session.name)}: ${result.epochs - (args.from ?? 0)} epochs, ${count(result.counters.candidates)} candidates recomputed in ${seconds.toFixed(1)} s\ndigest       ${result.digest}\n`,
      );
    else {
      const d = difference as { epoch: number; stored: string; computed: string } | null;
      process.stdout.write(
        `not verified ${printable(session.name)}: epoch ${d?.epoch ?? result.epochs} differs first\nstored       ${d?.stored ?? last.digest}\ncomputed     ${d?.computed ?? result.digest}\n`,
      );
    }
    return isVerified ? 0 : 1;
  } finally {
    await executor.close();
    await session.close();
  }
}
