import { type Program, printProgram } from "../../dsl/index.ts";
import type { Executor } from "../executor.ts";
import type { Experiment } from "../experiment.ts";
import type { Individual } from "../individual.ts";
import type { Task } from "../task.ts";
import { checkCache } from "./cache-use.ts";
import { checkDescriptors } from "./descriptor-ranges.ts";
import { checkDisk, type DiskNeed, diskNeed } from "./disk-need.ts";
import { figure, type Finding, quantile, secondsText } from "./finding.ts";
import { checkFailures, checkFitness, fitnessUse } from "./fitness-values.ts";
import {
  descriptorsOf,
  type Judge,
  type Judgements,
  judgedValueCount,
  judgementKinds,
  selectJudgements,
} from "./judge.ts";
import { checkMemory, fullStateBytes, type MemoryNeed, memoryNeed, stateSize } from "./memory-need.ts";
import {
  checkDigests,
  checkJudging,
  compareRounds,
  IN_THE_SEARCH,
  type JudgingRound,
} from "./non-determinism.ts";
import { checkPace, estimateRun, type RunEstimate } from "./run-estimate.ts";
import { sampleCandidates } from "./sample-candidates.ts";
import { alternate, judgementsOfSearch } from "./sampled-programs.ts";
import { paceOf, type ShortRun, shortRun } from "./short-run.ts";
import { counted } from "../counted.ts";

/** What is examined, and the outer world that the examination needs. */
export interface Examinee {
  readonly experiment: Experiment;
  readonly task: Task;
  /** The experiment's bundled code. */
  readonly code: string;
  readonly key: Int32Array;
  readonly workers: number;
  /** About how long the examination takes; longer where a single evaluation does. */
  readonly seconds: number;
  readonly budgetCandidates: number;
  /** What --minutes allows. */
  readonly limitSeconds: number | null;
  /** Time until the hour asked for. */
  readonly untilSeconds: number | null;
  readonly createExecutor: (task: Task, workers: number) => Executor;
  readonly createJudge: (task: Task) => Judge;
  /** Milliseconds. */
  readonly now: () => number;
  readonly cores: number;
  readonly residentBytes: () => number;
  readonly availableBytes: () => number;
  readonly freeDiskBytes: () => number;
  /** Told what is being done. */
  readonly onStep?: (step: string) => void;
}

export interface Examination {
  readonly findings: readonly Finding[];
  /** Null where no pace could be measured. */
  readonly estimate:
    | (RunEstimate & { readonly memory: MemoryNeed | null; readonly disk: DiskNeed | null })
    | null;
  /** How the time was spent, in words. */
  readonly course: string;
}

const PROBE_PROGRAMS = 64;
/** After which a search is broken off: workers may need long to load. */
const RUN_HARD_SECONDS = 15;
/** The parts of an examination as shares of its time; the rest goes into starting workers. */
const PROBE_SHARE = 0.15;
const RUN_SHARE = 0.22;
const ROUND_SHARE = 0.15;
/** Longest that a single evaluation is waited for. */
const PATIENCE_MS = 20_000;
/** An evaluation that takes so many times the usual one, and at least so long, counts as hung here. */
const HANG_FACTOR = 50;
const HANG_MS = 1000;
/** Of one epoch of one island, where epochs are shortened. */
const EPOCH_SECONDS = 0.4;
const SAMPLE_CANDIDATES = 1500;
const SAMPLE_ELITES = 1000;
const MAXIMUM_JUDGED_VALUES = 4_000_000;

const judgedKind = judgementKinds.indexOf("judged");
const threwKind = judgementKinds.indexOf("threw");

/**
 * Examines an experiment before a long run: judges programs again and again, searches for a few seconds with one
 * worker and with several, and says what a person should look at. Takes some ten seconds, longer where evaluations do.
 */
export async function examine(examinee: Examinee): Promise<Examination> {
  const { task, key, experiment, code, now, seconds } = examinee;
  const roundMs = 1000 * ROUND_SHARE * seconds;
  const say = examinee.onStep ?? ((): void => {});
  const course: string[] = [];
  const print = (program: Program | undefined): string | null =>
    program === undefined ? null : printProgram(task.grammar, program);
  const withParameters = (changes: Partial<Task["parameters"]>): Task => ({
    ...task,
    parameters: { ...task.parameters, patienceEpochs: 0, ...changes },
  });

  say("judging random programs");
  const patient = withParameters({
    evaluationTimeoutMs: Math.min(PATIENCE_MS, task.parameters.evaluationTimeoutMs),
  });
  const probe = sampleCandidates(task, key, PROBE_PROGRAMS);
  const probed = await judgeProbe(examinee, patient, probe);
  const durations = millisecondsOf(probed);
  course.push(`${figure(durations.length)} random programs judged`);
  if (durations.length === 0) {
    const use = fitnessUse(task, probed);
    return {
      findings: checkFailures(use, {
        limitMs: patient.parameters.evaluationTimeoutMs,
        thrown: null,
        stopped: print(probe[firstStopped(probed)]),
        slowest: null,
      }),
      estimate: null,
      course: "no evaluation came to an end, so nothing else was tried",
    };
  }
  const usualMs = quantile(durations, 0.5);
  const meanMs = durations.reduce((sum, ms) => sum + ms, 0) / durations.length;
  const limitMs = Math.min(
    task.parameters.evaluationTimeoutMs,
    Math.max(HANG_MS, HANG_FACTOR * usualMs, 2 * (durations.at(-1) as number)),
  );

  // Where an epoch would take too long here, it is shortened; the pace hardly depends on it.
  const { epochCandidates, islands } = task.parameters;
  const short =
    epochCandidates * meanMs < 2000 * EPOCH_SECONDS
      ? epochCandidates
      : Math.max(1, Math.floor((EPOCH_SECONDS * 1000) / meanMs));
  const most = Math.max(2, Math.floor((RUN_SHARE * seconds * 1000) / (short * meanMs)));
  const runTask = withParameters({
    evaluationTimeoutMs: limitMs,
    epochCandidates: short,
    islands: Math.min(islands, Math.max(most, examinee.workers)),
  });
  const runs: ShortRun[] = [];
  let residentBytes = examinee.residentBytes();
  if (runTask.parameters.islands * meanMs < 1000 * RUN_HARD_SECONDS)
    for (const workers of [1, Math.max(2, examinee.workers)]) {
      say(`searching with ${workers} worker${workers === 1 ? "" : "s"}`);
      runs.push(
        await shortRun({
          task: runTask,
          key,
          executor: examinee.createExecutor(runTask, workers),
          seconds: RUN_SHARE * seconds,
          hardSeconds: RUN_HARD_SECONDS,
          now,
          onEpoch: () => {
            residentBytes = Math.max(residentBytes, examinee.residentBytes());
          },
        }),
      );
    }
  const [single, several] = runs;
  const asked = examinee.workers === 1 ? single : several;
  const run = several?.archive === null ? single : several;
  if (run !== undefined)
    course.push(
      `two searches of ${runs.map((r) => secondsText(r.epochs.at(-1)?.seconds ?? 0)).join(" and ")}, in epochs of ${figure(short)} candidates on ${counted(runTask.parameters.islands, "island")}${short < epochCandidates || runTask.parameters.islands < islands ? ` (instead of ${figure(epochCandidates)} on ${islands}: an evaluation takes ${secondsText(meanMs / 1000)})` : ""}`,
    );
  else
    course.push(
      `no search was tried, since an evaluation takes ${secondsText(meanMs / 1000)}: the pace is that of evaluations alone`,
    );

  // Elites and what the search would propose next, judged again.
  say("judging the same programs three times");
  const archive = run?.archive ?? null;
  const filled = archive?.filledCells ?? [];
  const kept = filled.filter((_, i) => i % Math.max(1, Math.ceil(filled.length / SAMPLE_ELITES)) === 0);
  const elites = kept.map((cell) => archive?.elite(cell) as Individual);
  const affordable = Math.max(
    8,
    Math.min(Math.floor(roundMs / meanMs), Math.floor(MAXIMUM_JUDGED_VALUES / judgedValueCount(task))),
  );
  const candidates = sampleCandidates(
    task,
    key,
    Math.min(SAMPLE_CANDIDATES, affordable),
    ...(archive === null ? [] : [archive]),
  );
  const sample = alternate(candidates, elites).slice(0, affordable);
  const programs = sample.map(({ program }) => program);
  const judgeTask = withParameters({ evaluationTimeoutMs: limitMs });
  const one = examinee.createJudge(judgeTask);
  const two = examinee.createJudge(judgeTask);
  const rounds: JudgingRound[] = [];
  let thrown: string | null = null;
  try {
    const all = Int32Array.from(programs.keys());
    const first = await one.judge(programs, all, roundMs);
    thrown = one.thrown.values().next().value ?? null;
    // What had no time, or did not come back, is not tried again.
    const done = all.filter((i) => hasEnded(first, i));
    rounds.push({ circumstances: "when judged first", judgements: first });
    for (const [judge, order, circumstances] of [
      [one, done, "in the same worker again"],
      [two, done.toReversed(), "in another worker, in the opposite order"],
    ] as const)
      rounds.push({ circumstances, judgements: await judge.judge(programs, order, 2 * roundMs) });
  } finally {
    await one.close();
    await two.close();
  }
  course.push(`${figure(programs.length)} programs of the search judged three times`);
  if (task.parameters.cache !== "lossy")
    rounds.unshift({ circumstances: IN_THE_SEARCH, judgements: judgementsOfSearch(task, sample) });
  const first = compareRounds(task, rounds).first;
  let isFreshSame: boolean | null = null;
  if (first !== null) {
    say("judging the first that differs in fresh workers");
    const program = [programs[first.program] as Program];
    const fresh: JudgingRound[] = [];
    for (let worker = 0; worker < 2; worker++)
      fresh.push({
        circumstances: "",
        judgements: await judgeOnce(examinee, judgeTask, program, roundMs),
      });
    const compared = compareRounds(task, fresh);
    isFreshSame = compared.compared === 0 ? null : compared.differing === 0;
  }

  const judgements = leastTimes(rounds.slice(-3).map((round) => round.judgements));
  const ofCandidates = selectJudgements(task, judgements, (i) => sample[i]?.elite === null);
  const slowest = slowestOf(judgements);
  const findings: Finding[] = [
    ...checkJudging(task, programs, rounds, code, isFreshSame),
    ...(single === undefined || several === undefined ? [] : [checkDigests(single, several)]),
    ...checkFailures(fitnessUse(task, ofCandidates), {
      limitMs,
      thrown,
      stopped: print(programs[firstStopped(judgements)]),
      slowest: print(programs[slowest]),
    }),
    ...checkFitness(
      task,
      experiment,
      fitnessUse(task, ofCandidates),
      fitnessUse(task, probed),
      Float64Array.from(filled, (cell) => archive?.elite(cell)?.fitness as number),
    ),
    ...checkDescriptors(task, {
      candidates: descriptorsOf(task, ofCandidates),
      elites: Float64Array.from(filled.flatMap((cell) => Array.from(archive?.elite(cell)?.descriptor ?? []))),
    }),
  ];

  const measured = asked === undefined ? null : paceOf(asked);
  const alone = single === undefined ? null : paceOf(single);
  const workers = Math.min(examinee.workers, examinee.cores);
  const pace =
    measured ??
    (run === undefined
      ? { candidatesPerSecond: (1000 * workers) / meanMs, evaluationsPerSecond: (1000 * workers) / meanMs }
      : null);
  if (pace === null) return { findings, estimate: null, course: course.join("; ") };
  const estimate = estimateRun(
    task,
    {
      workers: examinee.workers,
      candidatesPerSecond: pace.candidatesPerSecond,
      evaluationsPerSecond: pace.evaluationsPerSecond,
      speedup:
        measured?.isSteady === true && alone?.isSteady === true
          ? measured.candidatesPerSecond / alone.candidatesPerSecond
          : null,
    },
    examinee,
  );
  findings.push(...checkPace(task, estimate, examinee.cores));
  let memory: MemoryNeed | null = null;
  let disk: DiskNeed | null = null;
  const state = run?.state ?? null;
  if (run !== undefined && state !== null) {
    const size = stateSize(state);
    memory = memoryNeed(task, {
      size,
      cachedEntries: Math.min(
        runTask.parameters.islands * task.parameters.cacheEntries,
        run.counters.evaluations,
      ),
      residentBytes,
      availableBytes: examinee.availableBytes(),
      workers: Math.min(examinee.workers, islands),
    });
    disk = diskNeed(task, estimate.plannedEpochs, fullStateBytes(task, size), examinee.freeDiskBytes());
    findings.push(checkMemory(task, memory), checkDisk(disk));
    const candidateMs =
      (1000 * Math.min(run.workers, examinee.cores)) / (paceOf(run)?.candidatesPerSecond ?? 1);
    findings.push(checkCache(task, run.counters, judgingMsOf(judgements), candidateMs));
  }
  return { findings, estimate: { ...estimate, memory, disk }, course: course.join("; ") };
}

async function judgeOnce(
  examinee: Examinee,
  task: Task,
  programs: readonly Program[],
  limitMs: number,
): Promise<Judgements> {
  const judge = examinee.createJudge(task);
  try {
    return await judge.judge(programs, Int32Array.from(programs.keys()), limitMs);
  } finally {
    await judge.close();
  }
}

/** Judges random programs, a second time if that is cheap: the first time machines and code are cold. */
async function judgeProbe(examinee: Examinee, task: Task, programs: readonly Program[]): Promise<Judgements> {
  const order = Int32Array.from(programs.keys());
  const limitMs = 1000 * PROBE_SHARE * examinee.seconds;
  const judge = examinee.createJudge(task);
  try {
    const cold = await judge.judge(programs, order, limitMs);
    const took = millisecondsOf(cold);
    if (took.length < programs.length || took.reduce((sum, ms) => sum + ms, 0) > limitMs / 4) return cold;
    return await judge.judge(programs, order, limitMs);
  } finally {
    await judge.close();
  }
}

const hasEnded = (judgements: Judgements, i: number): boolean =>
  judgements.kinds[i] === judgedKind || judgements.kinds[i] === threwKind;

/** Milliseconds of every evaluation that ended, ascending. */
function millisecondsOf(judgements: Judgements): Float64Array {
  return judgements.runningMs
    .map((ms, i) => ms + (judgements.judgingMs[i] as number))
    .filter((_, i) => hasEnded(judgements, i))
    .sort();
}

/** The usual time of the task's own judging. */
function judgingMsOf(judgements: Judgements): number {
  const sorted = judgements.judgingMs.filter((_, i) => hasEnded(judgements, i)).sort();
  return sorted.length === 0 ? 0 : quantile(sorted, 0.5);
}

/** The first program whose evaluation did not come back, or −1. */
const firstStopped = ({ kinds }: Judgements): number =>
  kinds.findIndex((kind) => ["timedOut", "crashed"].includes(judgementKinds[kind] as string));

function slowestOf(judgements: Judgements): number {
  let slowest = -1;
  let longest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < judgements.count; i++) {
    const ms = (judgements.runningMs[i] as number) + (judgements.judgingMs[i] as number);
    if (hasEnded(judgements, i) && ms > longest) [slowest, longest] = [i, ms];
  }
  return slowest;
}

/** The first of several judgements of the same programs, with the shortest times: what else a machine does only adds to them. */
function leastTimes(all: readonly Judgements[]): Judgements {
  const [first, ...others] = all as readonly [Judgements, ...Judgements[]];
  const least = (of: (judgements: Judgements) => Float64Array): Float64Array =>
    of(first).map((ms, i) =>
      Math.min(ms, ...others.filter((o) => hasEnded(o, i)).map((o) => of(o)[i] as number)),
    );
  return { ...first, judgingMs: least((j) => j.judgingMs), runningMs: least((j) => j.runningMs) };
}
