import {
  Archive,
  addPacked,
  approximationClaims,
  approximationKeys,
  archiveDigest,
  checkRunState,
  type ClaimKey,
  type Computed,
  createMachine,
  eliteClaims,
  type ExportClaims,
  grammarClaims,
  type Individual,
  InputError,
  judgedFitness,
  judgementClaims,
  parseProgram,
  type Program,
  programClaims,
  runClaims,
  type RunState,
  type Task,
  unknownClaims,
} from "../index.ts";
import { cellNumber } from "./cell-name.ts";
import type { ShownRun } from "./run-session.ts";

type ComputedClaims = Readonly<Partial<Record<ClaimKey, Computed>>>;

const runKeys = ["question", "experiment", "seed", "run"] as const;
const eliteKeys = ["archive digest", "cell", "birth"] as const;

/** What only a run tells of how a program was judged. Where a header names the function that is approximated, its domain is known. */
const judgementKeysOf = ({ target }: ExportClaims): readonly ClaimKey[] =>
  target === undefined ? ["fitness", "measured", "domain"] : ["fitness", "measured"];

/** What a run would tell, where there is none. */
export const withoutRun = (reason: string, claims: ExportClaims): ComputedClaims =>
  unknownClaims([...runKeys, ...eliteKeys, ...judgementKeysOf(claims)], reason);

/**
 * What a run says of the program in the cell that a header names: in the map whose digest the header has, or else in the
 * run's last one. The fitness is computed again.
 */
export function claimsOfRun(run: ShownRun, claims: ExportClaims): ComputedClaims {
  const ofRun: ComputedClaims = {
    question: undefined,
    ...runClaims(run.config, run.name),
    ...(run.task === null ? {} : grammarClaims(run.task.grammar)),
  };
  const judgementKeys = judgementKeysOf(claims);
  const map = mapOf(run, claims["archive digest"]);
  if (typeof map === "string") return { ...ofRun, ...unknownClaims([...eliteKeys, ...judgementKeys], map) };
  const { archive, digest, isLater } = map;
  const elite = eliteOf(run, archive, claims.cell);
  const place = typeof elite === "string" ? null : eliteClaims(digest, claims.cell as string, elite);
  if (isLater && place?.birth !== claims.birth)
    return {
      ...ofRun,
      ...unknownClaims(
        ["cell", "birth", ...judgementKeys],
        "the run has gone on: the map of then is no longer kept, and the cell holds another program now",
      ),
      "archive digest": digest,
    };
  if (typeof elite === "string")
    return {
      ...ofRun,
      ...unknownClaims(["birth", ...judgementKeys], `the header's cell is ${elite}`),
      "archive digest": digest,
      cell: elite,
    };
  return { ...ofRun, ...place, ...judgementOf(run, elite, judgementKeys, claims.program) };
}

/** What a run says of an elite's program and fitness. */
function judgementOf(
  { shown, task, experiment, withoutCode }: ShownRun,
  elite: Individual,
  judgementKeys: readonly ClaimKey[],
  claimed: string,
): ComputedClaims {
  const reason = `the run must hold ${withoutCode}`;
  const program = (): ComputedClaims => ({
    program: programClaims(shown.grammar, shown.answer(elite.program)).program,
  });
  if (task === null || experiment === null)
    // The scale of a program comes from the cases.
    return {
      ...(shown.isScaled ? unknownClaims(["program"], reason) : program()),
      ...unknownClaims(judgementKeys, reason),
    };
  const { approximates } = task;
  return {
    ...Object.fromEntries(["domain", ...approximationKeys].map((key) => [key, undefined])),
    ...program(),
    ...judgementClaims(task, experiment.fitness, fitnessOf(task, elite)),
    ...(approximates === null
      ? {}
      : approximationClaims(task.grammar, claimedProgram(task, elite, claimed), approximates)),
  };
}

/** The program of a file, whose errors are its own, or the elite's where it has none. */
function claimedProgram(task: Task, elite: Individual, text: string): Program {
  try {
    return parseProgram(task.grammar, text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return task.answer(elite.program);
  }
}

interface KnownMap {
  readonly archive: Archive;
  /** As the journal has it where the map is a later one. */
  readonly digest: string;
  readonly isLater: boolean;
}

/**
 * The map of a digest: that of a state which is kept, or the last one, where the journal has the digest or nothing has.
 * @returns a text that says why there is none
 */
function mapOf({ shown, store }: ShownRun, wanted: string | undefined): KnownMap | string {
  if (store.state === null) return "the run has no state that can be read";
  const last = mapOfState(shown, store.state);
  const earlier = store.metrics.findLast(({ digest }) => digest === wanted);
  if (wanted === undefined || wanted === last.digest || earlier === undefined) return last;
  const state = store.snapshot(earlier.epoch + 1);
  const map = state === null || checkRunState(shown, state).length > 0 ? null : mapOfState(shown, state);
  return map?.digest === wanted ? map : { ...last, digest: wanted, isLater: true };
}

function mapOfState({ space }: ShownRun["shown"], state: RunState): KnownMap {
  const archive = new Archive(space);
  for (const island of state.islands) addPacked(archive, island.elites);
  return { archive, digest: archiveDigest(archive), isLater: false };
}

/** The elite of the cell that a header names, or what there is instead. */
function eliteOf({ shown }: ShownRun, archive: Archive, cell: string | undefined): Individual | string {
  if (cell === undefined) return "the header names no cell";
  try {
    return archive.elite(cellNumber(shown, cell)) ?? "an empty cell";
  } catch (error) {
    if (error instanceof InputError) return "no cell of the map";
    throw error;
  }
}

/** The fitness of an elite, computed again on the cases; NaN where the experiment's code fails. */
function fitnessOf(task: Task, { program }: Individual): number {
  try {
    return judgedFitness(task)(
      program,
      createMachine(task.grammar, task.inputs, task.caseCount).run(program),
    );
  } catch {
    return Number.NaN;
  }
}
