import * as z from "zod";
import { BATCH_PROGRAMS, excerpt, InputError } from "../dsl/index.ts";
import type { ParameterRange } from "./tuning/parameter-range.ts";
import type { Condition } from "./tuning/parameter-space.ts";

/** Where a parameter is looked for when it is tuned. */
interface TunedRange {
  readonly range: ParameterRange;
  readonly condition?: Condition;
}

interface Parameter<T> {
  readonly schema: z.ZodType<T>;
  readonly default: T;
  readonly documentation: string;
  /** Absent where it changes the speed or the bookkeeping only. */
  readonly tuned?: TunedRange;
}

const parameter = <T>(
  schema: z.ZodType<T>,
  value: NoInfer<T>,
  documentation: string,
  tuned?: TunedRange,
): Parameter<T> => ({
  schema,
  default: value,
  documentation,
  ...(tuned === undefined ? {} : { tuned }),
});
const integers = (from: number, to: number): TunedRange => ({
  range: { kind: "integer", from, to, scale: "log" },
});
const values = (...all: readonly (string | number)[]): TunedRange => ({
  range: { kind: "categorical", values: all },
});
const whole = (from: number, to: number) => z.number().int().min(from).max(to);
const share = z.number().min(0).max(1);
const powerOfTwo = whole(4, 1 << 24).refine((n) => (n & (n - 1)) === 0, {
  message: "must be a power of two",
});

/** Ways to choose parents. */
const selectorNames = ["uniform", "tournament", "lexicase", "epsilon-lexicase", "stratified"] as const;
export type SelectorName = (typeof selectorNames)[number];

/** Every parameter of a search: its range, default and meaning in one place. `--set name=value` sets it. */
export const parameterTable = {
  islands: parameter(whole(1, 1024), 4, "number of islands", integers(1, 16)),
  epochCandidates: parameter(
    whole(1, 10_000_000),
    5000,
    "candidates that an island spends in one epoch",
    integers(250, 20_000),
  ),
  batchCandidates: parameter(
    z.union([z.literal("auto"), whole(1, BATCH_PROGRAMS)]),
    "auto",
    "candidates bred before they are judged, where the vector machine judges them together; auto: 64, from 500 cases on 512",
  ),
  broodSize: parameter(
    whole(1, BATCH_PROGRAMS),
    8,
    "candidates bred one after another from the same parent",
    values(1, 2, 4, 8, 16, 32),
  ),
  topology: parameter(
    z.enum(["all", "ring", "isolated"]),
    "all",
    "where an island's new elites go",
    values("all", "ring", "isolated"),
  ),
  selector: parameter(
    z.enum(["auto", ...selectorNames]),
    "auto",
    "how parents are chosen; stratified: evenly over the bins of the first axis, the fittest of a bin most often; auto: epsilon-lexicase, or tournament where there are more than 100 cases, the fitness is your own or the cache lossy",
    values("auto", ...selectorNames),
  ),
  variation: parameter(
    z.enum(["terms", "graphs"]),
    "terms",
    "what programs are varied as: terms that grow and cross, or graphs of a few operations that use values again",
    values("terms", "graphs"),
  ),
  valueSharing: parameter(
    z.enum(["on", "off"]),
    "on",
    "whether varied programs may use a value in several places; off: they are trees",
    values("on", "off"),
  ),
  constantFitting: parameter(
    z.enum(["off", "derivatives", "cma-es", "nelder-mead"]),
    "off",
    "whether the constants of each candidate are fitted before it is judged, and how",
  ),
  constantPrecision: parameter(
    z.enum(["double", "double-double"]),
    "double",
    "whether fitted constants are doubles or sums of two, where errors are so small that it matters",
  ),
  skeletonCache: parameter(
    z.enum(["on", "off"]),
    "on",
    "whether constants are fitted only for skeletons that compute what none has before, and on its 2nd, 4th, 8th … visit",
  ),
  skeletonEntries: parameter(powerOfTwo, 1 << 15, "skeletons that an island remembers"),
  tournamentSize: parameter(whole(1, 1000), 5, "elites in a tournament", {
    ...integers(2, 32),
    condition: { parameter: "selector", values: ["tournament"] },
  }),
  maximumSize: parameter(whole(1, 400), 40, "nodes a program may have", integers(10, 200)),
  initialCandidates: parameter(
    whole(1, 1_000_000),
    200,
    "candidates grown at random before variation begins, on each island",
    integers(20, 5000),
  ),
  randomShare: parameter(share, 0.01, "share of candidates grown at random later on", {
    range: { kind: "real", from: 0.001, to: 0.5, scale: "log" },
  }),
  randomSize: parameter(whole(1, 400), 20, "largest size of a program grown at random", integers(3, 60)),
  extraVariationChance: parameter(
    z.number().min(0).max(0.9),
    0.6,
    "chance of another variation on top of each one",
    { range: { kind: "real", from: 0, to: 0.9, scale: "linear" } },
  ),
  earlyAbort: parameter(
    z.boolean(),
    true,
    "whether candidates that cannot enter the archive are given up before all cases are seen; changes the speed only",
  ),
  sharing: parameter(
    z.enum(["auto", "on", "off"]),
    "auto",
    "whether a term that several candidates of a batch compute is computed once; changes the speed only",
  ),
  cache: parameter(
    z.enum(["exact", "lossy", "off"]),
    "exact",
    "functional equivalence cache; exact: left out where the vector machine judges batches, which costs less than to look up",
  ),
  cacheEntries: parameter(powerOfTwo, 1 << 15, "signatures that the cache of one island holds"),
  probeCases: parameter(whole(1, 100_000), 16, "cases in the probe set of a lossy cache"),
  mantissaBits: parameter(
    whole(1, 52),
    52,
    "bits of a real's mantissa that a signature keeps; below 52 the cache must be lossy",
  ),
  auditShare: parameter(
    share,
    0.01,
    "share of lossy hits that are evaluated anyway to measure the false-merge rate",
  ),
  snapshotEpochs: parameter(
    whole(1, 1_000_000),
    10,
    "every how many epochs the state is kept to go back to, until there are snapshotLimit; then half as often",
  ),
  snapshotLimit: parameter(whole(2, 100_000), 50, "states that are kept to go back to, at most"),
  patienceEpochs: parameter(
    whole(0, 1_000_000),
    0,
    "epochs without a better best after which the run has converged; 0: never",
  ),
  polishEpochs: parameter(
    whole(0, 1_000_000),
    0,
    "epochs to go on after the target is reached, for smaller answers and a fuller map",
  ),
  evaluationTimeoutMs: parameter(
    whole(10, 86_400_000),
    5000,
    "time that a custom fitness may take on one program",
  ),
  workerMemoryMb: parameter(whole(32, 1 << 20), 512, "memory that a custom fitness may take on one program"),
} satisfies Record<string, Parameter<never> | Parameter<any>>;

export type Parameters = {
  readonly [K in keyof typeof parameterTable]: z.infer<(typeof parameterTable)[K]["schema"]>;
};

/** What a value must be that was found not to be it. */
function ruleOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_small":
      return `at least ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    case "invalid_type":
      return issue.expected === "int" ? "a whole number" : `a ${issue.expected}`;
    case "invalid_value":
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(", ")}`;
    case "invalid_union":
      return issue.errors.map((issues) => issues.map(ruleOf).join(" and ")).join(" or ");
    default:
      return issue.message.replace(/^must be /, "");
  }
}

const names = Object.keys(parameterTable) as (keyof Parameters)[];

/** Every unknown name and every value out of range; the other values go into `complete`, with defaults for those not given. */
function problemsOf(given: Readonly<Record<string, unknown>>, complete: Record<string, unknown>): string[] {
  const problems: string[] = [];
  for (const name of Object.keys(given))
    if (!Object.hasOwn(parameterTable, name))
      problems.push(`parameter ${excerpt(name)} must be one of ${names.join(", ")}.`);
  for (const name of names) {
    const { schema, default: usual, documentation } = parameterTable[name];
    const value = given[name] ?? null;
    const parsed = value === null ? null : schema.safeParse(value);
    if (parsed === null) complete[name] = usual;
    else if (parsed.success) complete[name] = parsed.data;
    else
      problems.push(
        `parameter ${name} must be ${parsed.error.issues.map(ruleOf).join(" and ")} (${documentation}); got ${excerpt(JSON.stringify(value) ?? String(value))}.`,
      );
  }
  return problems;
}

/**
 * Checks given parameters one by one, before it is known what they complete.
 * @throws InputError listing every unknown name and value out of range
 */
export function checkParameters(given: Readonly<Record<string, unknown>>): void {
  const problems = problemsOf(given, {});
  if (problems.length > 0) throw new InputError(problems);
}

/**
 * Completes given parameters with defaults.
 * @throws InputError listing every unknown name and value out of range, and values that do not go together
 */
export function completeParameters(given: Readonly<Record<string, unknown>>): Parameters {
  const complete: Record<string, unknown> = {};
  const problems = problemsOf(given, complete);
  const parameters = complete as Parameters;
  if (parameters.mantissaBits < 52 && parameters.cache === "exact")
    problems.push(
      `parameter mantissaBits must be 52 with cache=exact; got ${parameters.mantissaBits}. Set cache=lossy.`,
    );
  if (parameters.selector?.includes("lexicase") && parameters.cache === "lossy")
    problems.push(
      `parameter cache must be exact or off with selector=${parameters.selector}: it needs every case's error.`,
    );
  if (problems.length > 0) throw new InputError(problems);
  return parameters;
}
