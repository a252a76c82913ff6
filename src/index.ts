export * from "../dsl/index.ts";
export { type Baseline, baselines } from "./approximation/baselines.ts";
export { type BaselineMethod, baselineMethods } from "./approximation/candidate.ts";
export { chebyshevPoints } from "./approximation/chebyshev-points.ts";
export { type FrontPicture, frontPicture, type FrontSeries } from "./approximation/front-picture.ts";
export {
  type ComparedPoints,
  comparedPoints,
  ErrorMeasure,
  largestError,
} from "./approximation/measured-error.ts";
export type { ErrorKind, Target } from "./approximation/target.ts";
export { approximation, approximationGrammar, pointsOf, targetOf } from "./approximation/approximation.ts";
export { type ApproximationQuestion, type CompleteQuestion, questionText } from "./approximation/question.ts";
export { errorMeasureOf, REPORTED_POINTS, reportedError } from "./approximation/reported-error.ts";
export { type ReportedFront, reportedFront, type ReportedRow } from "./approximation/reported-front.ts";
export { approximationClaims, approximationKeys } from "./approximation-claims.ts";
export { Archive, type AddStatus } from "./archive/archive.ts";
export type { Axis, CellSpace } from "./archive/cell-space.ts";
export { cvtSpace } from "./archive/cvt.ts";
export { binOf, gridSpace } from "./archive/grid.ts";
export { CACHE_BYTES, type CacheListing, CacheStore } from "./cache-store.ts";
export { carryOn, type CarryOnOptions, DivergenceError, metricsOf } from "./carry-on.ts";
export { ConstraintSynthesis } from "./constraints/constraint-synthesis.ts";
export { count, counted } from "./counted.ts";
export { championOf } from "./champion.ts";
export {
  eliteClaims,
  formClaims,
  grammarClaims,
  judgementClaims,
  programClaims,
  runClaims,
} from "./champion-claims.ts";
export { checkClaims, checkFile, missingClaims, type ClaimCheck } from "./claim-checks.ts";
export { type Computed, unknownClaims } from "./computed-claims.ts";
export { type CounterName, type Counters, counterNames } from "./counters.ts";
export { archiveDigest, digestOf, elitesDigest } from "./digest.ts";
export { type Disk, folderDisk, makeFolder, readPlainFile, writeNewFile } from "./disk.ts";
export { examine, type Examination, type Examinee } from "./doctor/examine.ts";
export type { Finding, Verdict } from "./doctor/finding.ts";
export {
  type Judge,
  judgementKinds,
  type Judgements,
  emptyJudgements,
  judgePrograms,
  judgingMachine,
} from "./doctor/judge.ts";
export { EquivalenceCache } from "./equivalence-cache.ts";
export { type Fork, forkOf } from "./fork.ts";
export type { Evaluations } from "./evaluation-list.ts";
export { type Executor, JobError } from "./executor.ts";
export {
  type Bundle,
  bundleExperiment,
  bundleName,
  type HostModules,
  loadBundle,
  MAXIMUM_CODE_BYTES,
  writeBundle,
} from "./experiment-bundle.ts";
export {
  type Axes,
  type Behaviour,
  type Case,
  cvt,
  defineExperiment,
  type Experiment,
  grid,
  type Score,
} from "./experiment.ts";
export { covarianceMatrixAdaptation, type EvolutionStrategyOptions } from "./fitting/cma-es.ts";
export { nelderMead } from "./fitting/nelder-mead.ts";
export { type ClaimKey, type ExportClaims, headerLines, readClaims } from "./export-claims.ts";
export type { FitnessName } from "./fitness.ts";
export { type Cost, costOf, hypervolume, paretoFront } from "./front.ts";
export { homeFolder } from "./home-folder.ts";
export type { Birth, Individual } from "./individual.ts";
export {
  buffersOf,
  copyIsland,
  emptyIsland,
  type EpochInput,
  type EpochOutput,
  type EpochTools,
  epochTools,
  type IslandState,
  type Quarantined,
  runEpoch,
} from "./island.ts";
export type { Fate, Judgement, Observed } from "./judgement.ts";
export type { EpochMetrics } from "./journal.ts";
export { addPacked, type PackedElites, packElites, unpackElite } from "./packed-elites.ts";
export { checkParameters, completeParameters, type Parameters, parameterTable } from "./parameters.ts";
export { firstEpochs, pastState, type PastStore } from "./past-state.ts";
export {
  emptyQuarantine,
  type QuarantineEntry,
  quarantineEntries,
  type QuarantineReason,
  quarantineReasons,
  type QuarantineState,
} from "./quarantine.ts";
export { ScoreRecord } from "./score-record.ts";
export { ProbeSignature } from "./probe-signature.ts";
export { RandomStream, rootKey } from "./random-stream.ts";
export { type Replay, type ReplayedQuarantine, replayEpoch } from "./replay.ts";
export { FORMAT_VERSION, type RunConfig, type RunOrigin } from "./run-config.ts";
export {
  descriptionText,
  MAXIMUM_DESCRIPTION_BYTES,
  readDescription,
  type RunDescription,
} from "./run-description.ts";
export { judgedFitness } from "./judged-fitness.ts";
export { lockRun, type RunLock } from "./run-lock.ts";
export { checkRunState } from "./run-state-bytes.ts";
export { RunStore } from "./run-store.ts";
export { packageFolder } from "./package-folder.ts";
export {
  type EpochReport,
  epochsOfBudget,
  type Interruption,
  isEnd,
  type RunState,
  type SearchOptions,
  type SearchResult,
  search,
  type StopReason,
} from "./search.ts";
export { isShareable, SharedCache } from "./shared-cache.ts";
export type { EliteDifference } from "./state-difference.ts";
export { type EvolutionExecutor, serialEvolution } from "./synthesis/evolution-executor.ts";
export { exampleGrammar, examplesOfCsv, examplesOfJson, type ExampleSet } from "./synthesis/example-set.ts";
export { nearbyInputs } from "./synthesis/nearby-inputs.ts";
export { type Candidate, type Candidates, candidatesOf } from "./synthesis/candidates.ts";
export { type GrammarSource, grammarOfSource, grammarOutline } from "./synthesis/grammar-source.ts";
export {
  JointSynthesis,
  type JointSynthesisOptions,
  type SolveEmitters,
  solveEmitters,
} from "./synthesis/joint-synthesis.ts";
export type { Answer, PartialAnswer, ProgramSearch } from "./synthesis/program-search.ts";
export { Synthesis } from "./synthesis/synthesis.ts";
export { type EvolutionJob, type EvolutionResult, evolveTerms } from "./synthesis/term-evolution.ts";
export type { Example } from "./synthesis/terms.ts";
export { table, type TableOptions } from "./table.ts";
export { casesPassed, compileTask, type Task } from "./task.ts";
export { variationOperators } from "./variation/index.ts";
export {
  type Difference,
  type Verification,
  type VerificationOptions,
  verifyRun,
} from "./verification.ts";
export { varghaDelaney, varghaDelaneyInterval } from "./statistics/effect-size.ts";
export { holm } from "./statistics/holm.ts";
export type { Interval } from "./statistics/interval.ts";
export { median, medianInterval } from "./statistics/median.ts";
export { normalQuantile, normalTail } from "./statistics/normal-distribution.ts";
export { wilsonInterval } from "./statistics/proportion-interval.ts";
export { rankSumTest } from "./statistics/rank-sum-test.ts";
export {
  type Aim,
  pairedEffect,
  pairedSampleSize,
  plannedSeeds,
  unpairedSampleSize,
  usualAim,
} from "./statistics/sample-size.ts";
export { signedRankTest, type TestResult } from "./statistics/signed-rank-test.ts";
export { type Comparison, compareVariants } from "./comparison/comparison.ts";
export {
  comparePairs,
  compareSamples,
  type PairComparison,
  type SampleComparison,
  type Variant,
} from "./comparison/pair-comparison.ts";
export { comparisonPicture } from "./comparison/comparison-picture.ts";
export { comparisonTable } from "./comparison/comparison-table.ts";
export { conclusions, isDifferent, moreSeeds } from "./comparison/conclusion.ts";
export { type MeasureName as ComparisonMeasure, measureNames, measures } from "./comparison/measure.ts";
export { endOf, type RunRecord } from "./comparison/run-record.ts";
export { storedRunRecord } from "./comparison/stored-run-record.ts";
export { type Importance, parameterImportance } from "./tuning/importance.ts";
export type {
  CategoricalRange,
  NumberRange,
  ParameterRange,
  ParameterValue,
} from "./tuning/parameter-range.ts";
export {
  canonicalConfiguration,
  checkSpace,
  type Condition,
  type Configuration,
  configurationKey,
  defaultConfiguration,
  isActive,
  type ParameterSpace,
  parameterNames,
  readConfiguration,
  sampleConfiguration,
  type TunedParameter,
  unitsOf,
} from "./tuning/parameter-space.ts";
export type { Trial } from "./tuning/trial-results.ts";
export { Tuner, type TunerOptions } from "./tuning/tuner.ts";
export type { Elimination, TuningRow, TuningSummary } from "./tuning/tuning-summary.ts";
export { type Landscape, landscapeOf } from "./tuning/landscape.ts";
export { type SearchSpace, searchSpace, tunableParameters } from "./tuning/search-space.ts";
export { cellPicture } from "./pictures/cell-picture.ts";
export { escapedText } from "./pictures/svg-text.ts";
