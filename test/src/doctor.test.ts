import { describe, expect, it } from "vitest";
import { arithmetic, fn, parseProgram, type Program, real } from "../../dsl/index.ts";
import { emptyCounters } from "../../src/counters.ts";
import { checkCache } from "../../src/doctor/cache-use.ts";
import { checkDescriptors, suggestedRange } from "../../src/doctor/descriptor-ranges.ts";
import { checkDisk, diskNeed } from "../../src/doctor/disk-need.ts";
import type { Finding } from "../../src/doctor/finding.ts";
import { checkFailures, checkFitness, type FitnessUse, fitnessUse } from "../../src/doctor/fitness-values.ts";
import {
  descriptorsOf,
  emptyJudgements,
  judgePrograms,
  type Judgements,
  judgingMachine,
} from "../../src/doctor/judge.ts";
import { checkMemory, fullStateBytes, memoryNeed, stateSize } from "../../src/doctor/memory-need.ts";
import { checkDigests, checkJudging, compareRounds, suspectsIn } from "../../src/doctor/non-determinism.ts";
import { checkPace, estimateRun, type MeasuredPace } from "../../src/doctor/run-estimate.ts";
import { sampleCandidates } from "../../src/doctor/sample-candidates.ts";
import { paceOf, type ShortRun, shortRun } from "../../src/doctor/short-run.ts";
import { defineExperiment, type Experiment, grid } from "../../src/experiment.ts";
import type { Parameters } from "../../src/parameters.ts";
import { rootKey } from "../../src/random-stream.ts";
import type { Task } from "../../src/task.ts";
import { serialExecutor } from "../../workers/index.ts";
import { cubic, doubled, initials, taskOf } from "./small-tasks.ts";

const key = rootKey("doctor");

/** Judges programs in this thread, in an order. */
function judged(task: Task, programs: readonly Program[], order?: Int32Array): Judgements {
  const judgements = emptyJudgements(task, programs.length);
  let now = 0;
  judgePrograms(
    task,
    judgingMachine(task),
    programs,
    order ?? Int32Array.from(programs.keys()),
    0,
    judgements,
    {
      now: () => now++,
      enter: () => true,
      recall: () => null,
      leave: () => {},
      threw: () => {},
    },
  );
  return judgements;
}

const square = {
  name: "square",
  language: arithmetic(),
  program: fn({ x: real }, real),
  cases: [1, 2, 3].map((x) => ({ input: { x }, output: x * x })),
  archive: grid({ size: [1, 20] }),
} as const;

const bad = (findings: readonly Finding[]): string[] =>
  findings.filter((f) => f.verdict !== "ok").map((f) => `${f.verdict} ${f.check}`);

describe("judging the same programs again", () => {
  const rounds = (fitness: Experiment["fitness"], parameters: Partial<Parameters> = {}) => {
    const task = taskOf(defineExperiment({ ...square, fitness }), parameters);
    const programs = sampleCandidates(task, key, 60);
    const forwards = Int32Array.from(programs.keys());
    return {
      task,
      programs,
      rounds: [
        { circumstances: "first", judgements: judged(task, programs) },
        { circumstances: "backwards", judgements: judged(task, programs, forwards.toReversed()) },
      ],
    };
  };

  it.each([cubic, doubled, initials])("is the same for $name", (experiment) => {
    const task = taskOf(experiment);
    const programs = sampleCandidates(task, key, 60);
    const again = [0, 1].map(() => ({ circumstances: "", judgements: judged(task, programs) }));
    expect(compareRounds(task, again)).toEqual({ compared: 60, differing: 0, first: null });
    expect(checkJudging(task, programs, again, "", null)).toMatchObject([{ verdict: "ok" }]);
  });

  it("finds a fitness that counts its calls, and names a program and both values", () => {
    let calls = 0;
    const { task, programs, rounds: two } = rounds(() => calls++);
    const [finding] = checkJudging(task, programs, two, "let calls = 0;", true);
    expect(finding).toMatchObject({
      check: "non-determinism",
      verdict: "bad",
      figures: { compared: 60, differing: 60, what: "fitness", first: "0", second: "119" },
    });
    expect(finding?.message).toContain("something is kept between calls");
    expect(finding?.advice).toContain("Usual causes");
  });

  it("finds errors on cases that differ where selection looks at them", () => {
    let calls = 0;
    const {
      task,
      programs,
      rounds: two,
    } = rounds(() => ({ fitness: 1, errors: [0, 0, calls++] }), { selector: "lexicase" });
    expect(compareRounds(task, two).first?.what).toBe("error on case 3");
    expect(checkJudging(task, programs, two, "", null)[0]?.verdict).toBe("bad");
  });

  it("takes NaN for the same, and 0 and -0 for different", () => {
    const nothing = rounds(() => Number.NaN);
    expect(compareRounds(nothing.task, nothing.rounds).differing).toBe(0);
    let calls = 0;
    const zeros = rounds(() => (calls++ < 60 ? 0 : -0));
    expect(compareRounds(zeros.task, zeros.rounds).differing).toBe(60);
  });

  it("names what the code mentions", () => {
    expect(suspectsIn("const a = Math.random() + Math.sin(2) + Math.sqrt(3);\n// Date.now()")).toEqual({
      random: ["Math.random"],
      machineDependent: ["Math.sin"],
    });
    const { task, programs, rounds: two } = rounds("cases passed");
    expect(bad(checkJudging(task, programs, two, "Date.now()", null))).toEqual(["look code"]);
  });
});

describe("a short run", () => {
  const run = async (task: Task): Promise<ShortRun> => {
    let now = 0;
    const executor = serialExecutor(task);
    // Every look at the clock takes 100 ms.
    return shortRun({ task, key, executor, seconds: 2, hardSeconds: 60, now: () => (now += 100) });
  };

  it("goes on though the target is reached, and has the same digests again", async () => {
    const task = taskOf({ ...cubic, target: 0 });
    const [one, other] = [await run(task), await run(task)];
    expect(one.epochs.length).toBeGreaterThan(5);
    expect(one.fault).toBeNull();
    expect(checkDigests(one, other)).toMatchObject({ verdict: "ok" });
    expect(paceOf(one)).toMatchObject({ isSteady: true });
    const changed = { ...other, epochs: other.epochs.map((e, i) => (i < 2 ? e : { ...e, digest: "0" })) };
    expect(checkDigests(one, changed)).toMatchObject({ verdict: "bad", figures: { firstDifference: 2 } });
  });

  it("tells what a job failed of", async () => {
    const task = taskOf(cubic);
    const executor = { ...serialExecutor(task), run: () => Promise.reject(new Error("no luck")) };
    const failed = await shortRun({ task, key, executor, seconds: 1, hardSeconds: 60, now: () => 0 });
    expect(failed).toMatchObject({ fault: "no luck", epochs: [] });
    expect(checkDigests(failed, failed)).toMatchObject({ verdict: "bad" });
    expect(paceOf(failed)).toBeNull();
  });
});

describe("descriptors", () => {
  const findings = (axes: Parameters_<typeof grid>, candidates: number[][]): Finding[] => {
    const task = taskOf(defineExperiment({ ...square, fitness: "cases passed", archive: grid(axes) }));
    const rows = Float64Array.from(candidates.flat());
    return checkDescriptors(task, { candidates: rows, elites: rows });
  };
  const count = 200;
  const spread = (of: (i: number) => number[]): number[][] => Array.from({ length: count }, (_, i) => of(i));

  it("are fine where programs spread over the map", () => {
    expect(
      findings(
        { size: [1, 20], depth: [1, 10] },
        spread((i) => [1 + (i % 20), 1 + (i % 7)]),
      ),
    ).toMatchObject([{ check: "descriptor", verdict: "ok" }]);
  });

  it("saturate where most lie outside the range, and a better one is proposed", () => {
    const [finding] = findings(
      { size: [1, 5] },
      spread((i) => [i % 10 === 0 ? 3 : 6 + (i % 20)]),
    );
    expect(finding).toMatchObject({ verdict: "bad", figures: { axis: "size", above: 0.9, below: 0 } });
    expect(finding?.message).toMatch(/^axis size: saturated: 90 % .* in the last bin$/);
    expect(finding?.advice).toContain("size: [3, 25]");
  });

  it("are constant on an axis", () => {
    const found = findings(
      { size: [1, 20], depth: [1, 10] },
      spread((i) => [1 + (i % 20), 4]),
    );
    expect(bad(found)).toEqual(["bad descriptor"]);
    expect(found[0]?.message).toContain("axis depth: every program gives 4");
  });

  it("are the same on two axes", () => {
    const found = findings(
      { size: [1, 20], operations: [0, 20] },
      spread((i) => [1 + (i % 20), i % 20]),
    );
    expect(bad(found)).toEqual(["look descriptor"]);
    expect(found[0]?.message).toContain("axes size and operations");
  });

  it("leave most bins of an axis empty, unless those are the goal", () => {
    const low = spread((i) => [1 + (i % 20), (i % 3) / 10]);
    const far = { from: 0, to: 10, bins: 100 };
    expect(bad(findings({ size: [1, 20], constants: far }, low))).toEqual(["look descriptor"]);
    expect(bad(findings({ size: [1, 20], fitness: far }, low))).toEqual([]);
  });

  it("fall into one cell", () => {
    const found = findings(
      { size: { from: 0, to: 1000, bins: 2 } },
      spread((i) => [1 + (i % 20)]),
    );
    expect(bad(found)).toEqual(["bad descriptor", "bad descriptor"]);
    expect(found.at(-1)?.message).toContain("into one cell of 2");
  });

  it("say nothing when they are too few", () => {
    expect(bad(findings({ size: [1, 20] }, [[1], [2]]))).toEqual(["look descriptor"]);
  });

  it("suggest ranges as they are written", () => {
    expect(suggestedRange(Float64Array.of(2, 3, 9), 5)).toBe("[2, 9]");
    expect(suggestedRange(Float64Array.of(0.123, 0.5, 8.77), 5)).toBe("{ from: 0.12, to: 8.8, bins: 10 }");
    expect(suggestedRange(Float64Array.of(0, 500, 999), 20)).toBe("{ from: 0, to: 1000, bins: 20 }");
  });
});

type Parameters_<F extends (axes: any) => unknown> = F extends (axes: infer A) => unknown ? A : never;

describe("fitness", () => {
  const ofValues = (values: readonly number[], changes: Partial<FitnessUse> = {}): FitnessUse => ({
    count: values.length,
    threw: 0,
    timedOut: 0,
    crashed: 0,
    notANumber: 0,
    fitness: Float64Array.from(values).sort(),
    milliseconds: Float64Array.from(values, () => 0.01),
    ...changes,
  });
  const degrees = Array.from({ length: 100 }, (_, i) => i / 200);
  const check = (experiment: Partial<Experiment>, values = degrees, random = values): string[] => {
    const whole = defineExperiment({ ...square, fitness: "cases passed", ...experiment });
    return checkFitness(
      taskOf(whole),
      whole,
      ofValues(values),
      ofValues(random),
      Float64Array.from(values),
    ).map((f) => `${f.verdict} ${f.message}`);
  };
  const circumstances = { limitMs: 1000, thrown: null, stopped: null, slowest: null };

  it("is fine where it tells programs apart", () => {
    expect(check({})).toEqual([expect.stringMatching(/^ok from 0 to 0.495, 100 different values/)]);
  });

  it("is the same for all programs, or for nearly all", () => {
    expect(check({}, [0, 0, 0])).toEqual([expect.stringMatching(/^bad every program has the fitness 0/)]);
    expect(check({}, [...Array.from({ length: 99 }, () => 0), 1 / 3])).toEqual([
      expect.stringMatching(/^look 99 % of the programs have the same fitness/),
    ]);
  });

  it("has a target that cannot be reached, or is reached at once", () => {
    expect(check({ target: 1.5 })).toEqual([
      expect.stringMatching(/^bad target 1.5 cannot be reached.* at most 1$/),
    ]);
    expect(check({ fitness: "-log10 max relative error", target: 18 })[0]).toMatch(/at most 17$/);
    expect(check({ target: 1 })[0]).toMatch(/^ok/);
    expect(check({ target: 0.4 })).toEqual([
      expect.stringMatching(/^look 20 % of the programs grown at random/),
    ]);
  });

  it("lies below what the QD-score counts from where no offset was given", () => {
    const below = degrees.map((v) => v - 0.25);
    expect(check({ fitness: () => 1 }, below)).toEqual([
      expect.stringMatching(/^look 50 % of the elites lie below 0/),
    ]);
    expect(check({ fitness: () => 1, offset: -1 }, below)[0]).toMatch(/^ok/);
    expect(check({ fitness: () => 1 })[0]).toMatch(/^ok/);
  });

  it("is infinite, or there is none", () => {
    expect(check({ fitness: () => 1 }, [...degrees, Number.POSITIVE_INFINITY])[0]).toMatch(
      /^bad some fitness/,
    );
    const whole = defineExperiment({ ...square, fitness: "cases passed" });
    const none = ofValues([], { count: 9, notANumber: 9 });
    expect(bad(checkFitness(taskOf(whole), whole, none, none, new Float64Array(0)))).toEqual(["bad fitness"]);
  });

  it("fails in ways that are counted", () => {
    const failures = (changes: Partial<FitnessUse>): string[] =>
      bad(checkFailures(ofValues(degrees, changes), circumstances));
    expect(failures({})).toEqual([]);
    expect(failures({ notANumber: 10 })).toEqual([]);
    expect(failures({ notANumber: 60 })).toEqual(["look failures"]);
    expect(failures({ notANumber: 100 })).toEqual(["bad failures"]);
    expect(failures({ threw: 1 })).toEqual(["look failures"]);
    expect(failures({ timedOut: 1 })).toEqual(["look failures"]);
    expect(failures({ crashed: 2 })).toEqual(["bad failures"]);
    expect(failures({ milliseconds: Float64Array.of(0.01, 0.01, 60) })).toEqual(["look failures"]);
  });

  it("is counted as programs were judged", () => {
    const fitness: Experiment["fitness"] = ({ outcomes }) => {
      if (outcomes[0] === 2) throw new Error("two");
      return outcomes[0] === 1 ? 5 : Number.NaN;
    };
    const task = taskOf(defineExperiment({ ...square, fitness }));
    const programs = ["x", "(+ x x)", "(- x x)"].map((text) => parseProgram(task.grammar, text));
    const judgements = judged(task, programs);
    expect(fitnessUse(task, judgements)).toMatchObject({
      count: 3,
      threw: 1,
      notANumber: 1,
      fitness: Float64Array.of(5),
    });
    expect([...descriptorsOf(task, judgements)]).toEqual([1]);
  });
});

describe("pace", () => {
  const pace: MeasuredPace = {
    workers: 2,
    candidatesPerSecond: 1000,
    evaluationsPerSecond: 500,
    speedup: 1.8,
  };
  const plan = { budgetCandidates: 3_600_000, limitSeconds: null, untilSeconds: null };
  const check = (parameters: Partial<Parameters>, changes = {}, times = {}, cores = 2): string[] => {
    const task = taskOf(cubic, { islands: 4, epochCandidates: 500, ...parameters });
    return bad(checkPace(task, estimateRun(task, { ...pace, ...changes }, { ...plan, ...times }), cores));
  };

  it("is carried on over the budget, a time limit, and to an hour", () => {
    const task = taskOf(cubic, { islands: 4, epochCandidates: 500 });
    expect(estimateRun(task, pace, { ...plan, limitSeconds: 1800, untilSeconds: 900 })).toMatchObject({
      epochSeconds: 2,
      epochsPerHour: 1800,
      budgetSeconds: 3600,
      plannedSeconds: 1800,
      plannedEpochs: 900,
      until: { candidates: 900_000, evaluations: 450_000 },
    });
  });

  it("has workers that do nothing, or wait", () => {
    expect(check({})).toEqual([]);
    expect(check({}, { workers: 8 }, {}, 8)).toEqual(["look throughput"]);
    expect(check({}, { workers: 4, speedup: 2 }, {}, 2)).toEqual(["look throughput"]);
    expect(check({}, { speedup: 1 })).toEqual(["look throughput"]);
  });

  it("has epochs that are too short or too long", () => {
    expect(check({ epochCandidates: 10 })).toEqual(["look epochs"]);
    expect(check({ epochCandidates: 50_000 })).toEqual(["look epochs"]);
    expect(check({ epochCandidates: 1_000_000 })).toEqual(["bad epochs"]);
  });

  it("does not suit the time there is", () => {
    expect(check({}, {}, { untilSeconds: 4000 })).toEqual([]);
    expect(check({}, {}, { untilSeconds: 1000 })).toEqual(["look time"]);
    expect(check({}, {}, { untilSeconds: 40_000 })).toEqual(["look time"]);
  });
});

describe("resources", () => {
  it("are those of a full map", async () => {
    const task = taskOf(cubic);
    let now = 0;
    const run = await shortRun({
      task,
      key,
      executor: serialExecutor(task),
      seconds: 1,
      hardSeconds: 60,
      now: () => (now += 100),
    });
    const size = stateSize(run.state as NonNullable<typeof run.state>);
    const full = fullStateBytes(task, size);
    expect(size.elites).toBeGreaterThan(0);
    expect(full / size.bytes).toBeCloseTo((3 * task.space.cellCount) / size.elites, 0);
    const gigabyte = 1e9;
    const memory = (availableBytes: number) =>
      checkMemory(
        task,
        memoryNeed(task, { size, cachedEntries: 0, residentBytes: 1e8, availableBytes, workers: 2 }),
      ).verdict;
    expect([memory(gigabyte), memory(5e7), memory(0)]).toEqual(["ok", "look", "bad"]);
    const disk = (freeBytes: number) => checkDisk(diskNeed(task, 1000, full, freeBytes)).verdict;
    expect([disk(gigabyte), disk(1.5 * diskNeed(task, 1000, full, 0).bytes), disk(1000)]).toEqual([
      "ok",
      "look",
      "bad",
    ]);
  });

  it("include the heap of workers", () => {
    const archive = grid({ size: [1, 20], constants: { from: 0, to: 1, bins: 40_000 } });
    const task = taskOf({ ...cubic, archive }, { workerMemoryMb: 512 });
    const need = { residentBytes: 1e8, fullBytes: 2e8, availableBytes: 1e12 };
    expect(checkMemory(task, need)).toMatchObject({ verdict: "bad" });
    expect(checkMemory(taskOf({ ...cubic, archive }, { workerMemoryMb: 8192 }), need).verdict).toBe("ok");
  });
});

describe("the cache", () => {
  const check = (parameters: Partial<Parameters>, counters: object, experiment = initials): string =>
    checkCache(taskOf(experiment, parameters), { ...emptyCounters(), candidates: 1000, ...counters }, 1, 1)
      .verdict;

  it("is fine, full, wrong, or too little audited", () => {
    expect(check({ cache: "off" }, {})).toBe("ok");
    expect(check({}, {}, cubic)).toBe("ok");
    expect(check({}, { cacheHits: 500, evaluations: 500 })).toBe("ok");
    expect(check({}, { cacheHits: 500, evaluations: 500, cacheEvictions: 400 })).toBe("look");
    const lossy = { cache: "lossy" } as const;
    expect(check(lossy, { cacheHits: 500, audits: 100 })).toBe("ok");
    expect(check(lossy, { cacheHits: 500, audits: 10 })).toBe("look");
    expect(check(lossy, { cacheHits: 500, audits: 100, falseMerges: 1 })).toBe("look");
    expect(check(lossy, { cacheHits: 500, audits: 100, falseMerges: 10 })).toBe("bad");
  });
});
