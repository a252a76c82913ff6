import { type Difference, InputError, type Task, type Verification, verifyRun, counted } from "../index.ts";
import { findingsOf } from "./findings.ts";
import { printable } from "./printable.ts";
import { storedArchive } from "./run-command.ts";
import { replayLine, runFault } from "./run-fault.ts";
import type { CodeChoice } from "./run-code.ts";
import { createExecutor, type ExecutorChoice, openRun, type RunSession, workerCount } from "./run-session.ts";
import { describe, summarise } from "./summary.ts";

const SHOWN_BEGINS = 6;

/**
 * illume verify: recomputes a run, from its seed or a stored epoch, or a sample of it, and compares all that is stored.
 * Exit code 0, or 1 on a difference.
 */
export async function verifyCommand(args: {
  readonly run: string;
  readonly runs: string;
  readonly workers: string;
  readonly executor: ExecutorChoice;
  readonly from: number | undefined;
  readonly sample: number | undefined;
  readonly code: CodeChoice;
  readonly json: boolean;
}): Promise<number> {
  const workers = args.executor === "serial" ? 1 : workerCount(args.workers);
  const session = await openRun(args.run, args.runs, true, args.code);
  const { task, store } = session;
  const latest = store.latest;
  if (latest === null)
    throw new InputError(`run ${session.name} must have a finished epoch; it has none yet.`);
  const started = performance.now();
  const executor = createExecutor(session, args.executor, workers);
  const told = store.damage.length;
  let verification: Verification;
  try {
    verification = await verifyRun({
      task,
      store,
      executor,
      // The seed is a stored epoch, too.
      from: args.from,
      sample: args.sample,
    });
  } catch (error) {
    throw runFault(session, error);
  } finally {
    await executor.close();
    await session.close();
  }
  for (const damage of store.damage.slice(told))
    process.stderr.write(`illume: ${printable(`run ${session.name}: ${damage}`)}.\n`);
  const seconds = (performance.now() - started) / 1000;
  const { difference, last } = verification;
  if (args.json) {
    const { digest, rollingDigest } =
      last === null ? latest : { digest: last.digest, rollingDigest: last.state.rollingDigest };
    const archive = last?.archive ?? storedArchive(session);
    const summary = summarise(
      task,
      { name: session.name, workers, seconds, digest, rollingDigest },
      {
        archive,
        counters: last?.counters ?? latest.counters,
        epochs: latest.epoch + 1,
        stop: latest.stop,
      },
      last?.state ?? store.state,
      findingsOf(task, archive),
    );
    process.stdout.write(
      `${printable(
        JSON.stringify({
          ...summary,
          verified: difference === null,
          storedDigest: latest.digest,
          checkedEpochs: verification.checkedEpochs,
          firstEpochs: latest.epoch + 1 - verification.epochs,
          firstDifference: difference === null ? null : differenceRecord(task, difference),
        }),
      )}\n`,
    );
  } else
    process.stdout.write(
      `${(difference === null ? verifiedLines(session, verification, seconds) : differenceLines(session, difference)).map(printable).join("\n")}\n`,
    );
  return difference === null ? 0 : 1;
}

function verifiedLines(session: RunSession, verification: Verification, seconds: number): string[] {
  const { epochs, checkedEpochs, checkedCandidates, begins, last } = verification;
  const [first = 0] = begins;
  const { origin } = session.config;
  const shown = begins.slice(0, SHOWN_BEGINS).join(", ");
  return [
    `verified     ${session.name}: ${checkedEpochs === epochs ? "" : `${checkedEpochs} of `}${counted(epochs, "epoch")}, ${counted(checkedCandidates, "candidate")} recomputed in ${seconds.toFixed(1)} s`,
    ...(checkedEpochs === epochs
      ? []
      : [
          `checked      ${((100 * checkedEpochs) / epochs).toFixed(1)} % of the epochs: one each after ${shown}${begins.length > SHOWN_BEGINS ? ", …" : ""}`,
        ]),
    ...(origin === undefined || first !== origin.epochs
      ? []
      : [
          `begins       with the state after ${counted(origin.epochs, "epoch")} of ${origin.run}, which verifies for itself`,
        ]),
    `digest       ${last?.digest}`,
  ];
}

/** Where to look first: at the birth of the elite that differs, or else at the epoch. */
function placeOf({ epoch, island, elite }: Difference): {
  readonly epoch: number;
  readonly island: number | null;
  readonly candidate: number | null;
} {
  return elite === null ? { epoch, island, candidate: null } : elite.birth;
}

function differenceRecord(task: Task, difference: Difference): Record<string, unknown> {
  const { stored, computed, elite } = difference;
  const { epoch, island, candidate } = placeOf(difference);
  const side = (of: "stored" | "computed"): unknown => {
    const individual = elite?.[of] ?? null;
    return individual === null ? null : describe(task, individual);
  };
  return {
    of: difference.of,
    epoch,
    island,
    candidate,
    stored,
    computed,
    differingEpoch: difference.epoch,
    differingIsland: difference.island,
    lastEqualEpoch: difference.lastEqualEpoch,
    comparedState: difference.comparedState,
    storedElite: side("stored"),
    computedElite: side("computed"),
    repeatable: difference.isRepeatable,
  };
}

function differenceLines(session: RunSession, difference: Difference): string[] {
  const { task, name } = session;
  const { elite, comparedState, lastEqualEpoch, isRepeatable } = difference;
  const place = placeOf(difference);
  const where = [
    `epoch ${place.epoch}`,
    ...(place.island === null ? [] : [`island ${place.island}`]),
    ...(place.candidate === null ? [] : [`candidate ${place.candidate}`]),
  ].join(", ");
  const side = (of: "stored" | "computed"): string => {
    const individual = elite?.[of] ?? null;
    if (individual === null) return "not in the map";
    const { fitness, program } = describe(task, individual);
    return `${fitness}  ${program}`;
  };
  const candidateLines = (): string[] =>
    elite === null
      ? [
          comparedState === null
            ? "candidate    unknown: no stored state shows it"
            : `candidate    unknown: in the state after ${counted(comparedState, "epoch")} every elite is as computed`,
        ]
      : [
          `candidate    ${place.candidate}, as the state after ${counted(elite.epochs, "epoch")} shows`,
          `  stored     ${side("stored")}`,
          `  computed   ${side("computed")}`,
        ];
  const wholeState = `the state after ${counted(difference.epoch + 1, "epoch")}`;
  return [
    `not verified ${name}: ${where} differs first`,
    `stored       ${difference.stored}${difference.of === "figure" ? "" : difference.of === "state" ? `, ${wholeState}` : `, epoch ${difference.epoch}`}`,
    `computed     ${difference.computed}`,
    lastEqualEpoch === null
      ? "equal        nothing was compared before"
      : `equal        up to epoch ${lastEqualEpoch}`,
    ...(difference.of === "figure"
      ? ["cause        what is told of the run has been changed; its maps are as computed up to here"]
      : candidateLines()),
    ...(difference.of === "figure"
      ? []
      : isRepeatable === null
        ? [`cause        the file of ${wholeState} has been changed: the journal says what is computed`]
        : [
            isRepeatable
              ? "cause        computing it twice more gives the same: what is stored was changed, or comes from another machine or version"
              : "cause        computing it twice more gives something else: the fitness does not give the same every time",
          ]),
    `to look      ${replayLine(session, { epoch: place.epoch, island: place.island ?? 0 })}${place.candidate === null ? "" : ` --candidate ${place.candidate}`}`,
  ];
}
