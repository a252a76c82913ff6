import * as z from "zod";
import { type GrammarForm, grammarFormText, InputError, readFormula, readGrammarForm } from "../dsl/index.ts";
import {
  type ApproximationQuestion,
  completeQuestion,
  type CompleteQuestion,
} from "./approximation/question.ts";
import type { Axis, CellSpace } from "./archive/cell-space.ts";
import { digestOf } from "./digest.ts";
import type { RunConfig } from "./run-config.ts";
import type { Task } from "./task.ts";

/** What of a task is needed to show what a run has found: no code, no cases. */
export interface RunDescription {
  readonly axes: readonly Axis[];
  readonly space: Pick<CellSpace, "kind" | "dimensions" | "cellCount">;
  readonly target: number | null;
  readonly offset: number;
  readonly caseCount: number;
  /** Whether people are given scaled programs. The scale comes from the cases. */
  readonly isScaled: boolean;
  readonly grammar: GrammarForm;
  /** The question of which programs are nearest to a function, where it is one. */
  readonly approximates: CompleteQuestion | null;
}

/** Larger descriptions are not written, and not read. */
export const MAXIMUM_DESCRIPTION_BYTES = 4 << 20;
const MAXIMUM_CELLS = 1_000_000;

const finite = z.number();
/** JSON has no infinities. */
const real = z.union([finite, z.literal(["Infinity", "-Infinity"]).transform(Number)]);

const schema = z.strictObject({
  axes: z
    .array(
      z.strictObject({
        name: z.string().max(1000),
        from: finite,
        to: finite,
        bins: z.number().int().min(1).max(MAXIMUM_CELLS),
      }),
    )
    .min(1)
    .max(100),
  kind: z.enum(["grid", "cvt"]),
  cells: z.number().int().min(1).max(MAXIMUM_CELLS),
  target: real.nullable(),
  offset: real,
  cases: z.number().int().min(0),
  isScaled: z.boolean(),
  grammar: z.string(),
  approximates: z
    .strictObject({
      target: z.string().max(10_000),
      from: finite,
      to: finite,
      operations: z.array(z.string().max(100)).max(100),
      maximumOperations: finite,
      error: z.enum(["relative", "absolute", "ulp"]),
      precision: z.enum(["f64", "f32"]),
      constants: z.enum(["double", "double-double"]),
    })
    .optional(),
});

const numberJson = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

/** A task's description as the text of description.json; null if it is larger than is read. */
export function descriptionText(task: Task): string | null {
  const description = {
    kind: task.space.kind,
    cells: task.space.cellCount,
    axes: task.axes,
    target: task.target === null ? null : numberJson(task.target),
    offset: numberJson(task.offset),
    cases: task.caseCount,
    isScaled: task.isScaled,
    grammar: grammarFormText(task.grammar),
    ...(task.approximates === null ? {} : { approximates: task.approximates }),
  };
  const checksum = digestOf(JSON.stringify(description));
  const text = `${JSON.stringify({ checksum, description }, null, 2)}\n`;
  return Buffer.byteLength(text) > MAXIMUM_DESCRIPTION_BYTES ? null : text;
}

/**
 * Reads the text of description.json, from anybody.
 * @returns null for a text that is damaged, something else, or about another run
 */
export function readDescription(text: string, config: RunConfig): RunDescription | null {
  let value: { readonly checksum?: unknown; readonly description?: unknown } | null;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (value === null || typeof value !== "object") return null;
  const parsed = schema.safeParse(value.description);
  if (!parsed.success || digestOf(JSON.stringify(value.description)) !== value.checksum) return null;
  const { kind, cells, axes, cases, grammar: form, approximates: question, ...rest } = parsed.data;
  if (!axes.every((axis) => axis.from < axis.to && Number.isFinite(axis.to - axis.from))) return null;
  if (kind === "grid" && axes.reduce((n, axis) => n * axis.bins, 1) !== cells) return null;
  let grammar: GrammarForm;
  let approximates: CompleteQuestion | null;
  try {
    grammar = readGrammarForm(form);
    approximates = question === undefined ? null : completeQuestion(question as ApproximationQuestion);
    if (approximates !== null) readFormula(approximates.target);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
  if (digestOf(grammar.fingerprint) !== config.grammarDigest) return null;
  return {
    ...rest,
    axes,
    space: { kind, dimensions: axes.length, cellCount: cells },
    caseCount: cases,
    grammar,
    approximates,
  };
}
