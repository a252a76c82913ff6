export { boundType, checkProgram } from "./check.ts";
export type { Column, Machine } from "./column.ts";
export {
  DerivativeMachine,
  type DerivativeMachineOptions,
  type DescentLimits,
  type Jacobian,
  type NormalEquations,
} from "./derivative-machine.ts";
export { conformanceFile, type ConformanceOptions, conformanceTest } from "./conformance/conformance-test.ts";
export { DoubleDoubles } from "./double-double.ts";
export * as doubleDoubleFunctions from "./double-double-functions.ts";
export { type DoubleDoubleColumn, DoubleDoubleMachine } from "./double-double-machine.ts";
export {
  type ErrorReduction,
  errorScale,
  type NumberError,
  numberErrors,
  reduceErrors,
  type Reduction,
} from "./errors.ts";
export { type ExportLanguage, exportLanguages, type ExportOptions, exportProgram } from "./export-program.ts";
export { checkExportTypes } from "./export-terms.ts";
export { type Formula, readFormula } from "./formula.ts";
export { formulaFunctions } from "./formula-functions.ts";
export { compileGrammar, type Grammar, type Production } from "./grammar.ts";
export { type GrammarForm, grammarFormText, readGrammarForm } from "./grammar-form.ts";
export {
  compileRules,
  type Nonterminal,
  type Rule,
  type RuleGrammar,
  type RulesDefinition,
} from "./grammar-rules.ts";
export { excerpt, InputError } from "./input-error.ts";
export { createKernels, type Kernels, kernels } from "./kernels.ts";
export { argumentsText, languageText, readArguments, readLanguage } from "./language-text.ts";
export { defineLanguage, type Language, type LanguageDefinition, type Literal } from "./language.ts";
export { type BitVectorOperation, type BitVectorOptions, bitVectors } from "./languages/bit-vectors.ts";
export { arithmetic, type ArithmeticOperation, type ArithmeticOptions } from "./languages/arithmetic.ts";
export { type CollectionOperation, type CollectionOptions, collections } from "./languages/collections.ts";
export { smtOperation } from "./languages/smt-lib.ts";
export { sortText } from "./languages/smt-operation.ts";
export { type ListOperation, type ListOptions, lists } from "./languages/lists.ts";
export { logic, type LogicOperation, type LogicOptions } from "./languages/logic.ts";
export { textPatternRows, textPatterns } from "./languages/text-patterns.ts";
export { text, type TextOperation, type TextOptions } from "./languages/text.ts";
export { type LinearScaling, linearScaling, scaledColumn } from "./linear-scaling.ts";
export { createMachine, outcomeAt } from "./machine.ts";
export { nearestName } from "./nearest-name.ts";
export { isNumberGrammar } from "./number-columns.ts";
export { isName } from "./name.ts";
export {
  type Call,
  type Demand,
  type Inverse,
  primitive,
  type Primitive,
  type PrimitiveOptions,
} from "./primitive.ts";
export * from "./program.ts";
export { ProgramGraph } from "./program-graph.ts";
export { interpret } from "./reference.ts";
export { type DefinedFunction, definitionOf, type Parameter } from "./sygus/defined-function.ts";
export { literalText, type SygusVersion } from "./sygus/literals.ts";
export { definitionText, printSygusProgram, termText } from "./sygus/print-sygus.ts";
export { type Place, readSExpressions, type SExpression } from "./sygus/s-expression.ts";
export {
  type Constraint,
  contradictions,
  readSygusAnswer,
  readSygusTask,
  type SygusExample,
  type SygusTask,
} from "./sygus/sygus-task.ts";
export { type Environment, evaluateTerm, type SynthesizedFunction, type Term } from "./sygus/term.ts";
export { printPlainly } from "./plain-text.ts";
export { parseProgram, printProgram } from "./text.ts";
export { realTwin } from "./real-twin.ts";
export { isTrap, Trap, trap, type TrapReason } from "./trap.ts";
export * from "./type.ts";
export { limits, type Outcome, outcomeText, sameOutcome, type Value } from "./value.ts";
export { valueFromJson, valueToJson } from "./value-json.ts";
export { elementOf } from "./vector-elements.ts";
export { BATCH_PROGRAMS, VectorMachine } from "./vector-machine.ts";
export type { VectorOperation } from "./vector-operations.ts";
