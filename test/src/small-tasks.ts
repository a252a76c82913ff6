import { arithmetic, float32, fn, int, list, lists, real, string, text } from "../../dsl/index.ts";
import { cvt, defineExperiment, type Experiment, grid } from "../../src/experiment.ts";
import { emptyIsland, type EpochInput } from "../../src/island.ts";
import { completeParameters, type Parameters } from "../../src/parameters.ts";
import { rootKey } from "../../src/random-stream.ts";
import { compileTask, type Task } from "../../src/task.ts";

/** How programs are bred where a test must not depend on what the defaults come to be. */
export const plainBreeding = {
  selector: "uniform",
  extraVariationChance: 0.3,
  randomShare: 0.03,
  randomSize: 15,
} as const satisfies Partial<Parameters>;

/** Small epochs, so that a test lives through many of them. */
export const smallParameters = {
  ...plainBreeding,
  islands: 3,
  epochCandidates: 150,
  initialCandidates: 40,
  cacheEntries: 256,
  maximumSize: 20,
} as const satisfies Partial<Parameters>;

const points = Array.from({ length: 12 }, (_, i) => i / 4 - 1.25);

/** Find x³ − x/2: numbers, a grid by form, a built-in fitness. */
export const cubic: Experiment = defineExperiment({
  name: "cubic",
  language: arithmetic({ constants: true, operations: ["+", "-", "*", "square", "neg"] }),
  program: fn({ x: real }, real),
  cases: points.map((x) => ({ input: { x }, output: x * x * x - x / 2 })),
  fitness: "1/(1+mean absolute error)",
  archive: grid({ size: [1, 12], operations: [0, 6] }),
});

/** Find a fraction: programs as graphs, whose constants are fitted. What skeletons an island remembers decides what is tried. */
export const fraction: Experiment = defineExperiment({
  name: "fraction",
  language: arithmetic({ constants: true, operations: ["+", "-", "*", "/"] }),
  program: fn({ x: real }, real),
  cases: points.map((x) => ({ input: { x }, output: (3 + x) / (1 + x * x) })),
  fitness: "-log10 max relative error",
  archive: grid({ operations: [1, 6], structure: { from: 0, to: 1, bins: 4 } }),
  parameters: {
    constantFitting: "derivatives",
    variation: "graphs",
    selector: "stratified",
    skeletonEntries: 16,
    batchCandidates: 4,
    broodSize: 1,
  },
});

/** Find 2ˣ in single precision: every operation rounded, inputs and outputs that are no singles as given. */
export const singleExponential: Experiment = defineExperiment({
  name: "single-exponential",
  language: arithmetic({ precision: "f32", constants: true, operations: ["+", "*", "/", "exp", "square"] }),
  program: fn({ x: float32 }, float32),
  cases: Array.from({ length: 21 }, (_, i) => ({ input: { x: i / 20 }, output: 2 ** (i / 20) })),
  fitness: "-log10 max relative error",
  archive: grid({ operations: [0, 8], depth: [1, 6] }),
});

/** Lambdas, a CVT over form and behaviour, errors on each case. */
export const doubled: Experiment = defineExperiment({
  name: "doubled",
  language: lists({ ints: [0, 1, 2] }),
  program: fn({ xs: list(int) }, list(int)),
  cases: [[], [1], [3, 1], [2, 2, 5], [-1, 0, 7, 7]].map((xs) => ({
    input: { xs },
    output: xs.map((x) => 2 * x),
  })),
  fitness: "similarity",
  archive: cvt({ size: { from: 1, to: 20, bins: 1 }, passed: { from: 0, to: 5, bins: 1 } }, 30),
  parameters: { broodSize: 1 },
});

/** Strings, with a fitness of one's own. */
export const initials: Experiment = defineExperiment({
  name: "initials",
  language: text({ operations: ["concat", "char-at", "split-part", "length", "upper"] }),
  program: fn({ name: string }, string),
  cases: ["ada lovelace", "alan turing", "grace hopper"].map((name) => ({
    input: { name },
    output: name
      .split(" ")
      .map((part) => part.slice(0, 1).toUpperCase())
      .join(""),
  })),
  fitness: ({ cases, outcomes }) => {
    let sum = 0;
    outcomes.forEach((outcome, i) => {
      const wanted = cases[i]?.output as string;
      if (typeof outcome === "string")
        sum += outcome === wanted ? 1 : 0.5 / (1 + Math.abs(outcome.length - wanted.length));
    });
    return sum / cases.length;
  },
  archive: grid({ size: [1, 10], passed: [0, 3] }),
  parameters: { broodSize: 1 },
});

export const taskOf = (experiment: Experiment, parameters: Partial<Parameters> = {}): Task =>
  compileTask(
    experiment,
    completeParameters({ ...smallParameters, ...experiment.parameters, ...parameters }),
  );

/** The first epoch of an island, unless told otherwise. */
export const epochInput = (task: Task, changes: Partial<EpochInput> = {}): EpochInput => ({
  key: rootKey(1),
  island: 0,
  epoch: 0,
  candidates: task.parameters.epochCandidates,
  state: emptyIsland(task),
  immigrants: [],
  quarantine: [],
  ...changes,
});
