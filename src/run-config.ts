import * as z from "zod";
import { digestOf } from "./digest.ts";
import { rootKey } from "./random-stream.ts";
import type { RunTerms } from "./search.ts";
import type { Task } from "./task.ts";

/** What determines a run: the same configuration gives the same archive. */
export interface RunConfig {
  readonly experiment: string;
  readonly question: string;
  readonly seed: string;
  readonly budgetCandidates: number;
  /** Values of all parameters. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Digest of the bundled code; the bundle lies beside the store. */
  readonly codeDigest: string;
  /** Digest of the compiled grammar: tokens mean the same only under the same one. */
  readonly grammarDigest: string;
  /** Where the run was forked from; absent where it began at its seed. */
  readonly origin?: RunOrigin | undefined;
}

/** A run whose state after some epochs another run began with. */
export interface RunOrigin {
  readonly run: string;
  readonly epochs: number;
  /** Candidates spent until then; they count towards the budget. */
  readonly candidates: number;
  readonly rollingDigest: string;
}

/** What every epoch of a run depends on alike. */
export const termsOf = (task: Task, config: RunConfig): RunTerms => ({
  task,
  key: rootKey(config.seed),
  budgetCandidates: config.budgetCandidates,
  origin: config.origin,
});

/** Version of what is written here; another one is refused. */
export const FORMAT_VERSION = 3;

const digest = z.string().regex(/^[0-9a-f]{1,64}$/);

const configSchema = z.strictObject({
  experiment: z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/),
  question: z.string(),
  seed: z.string(),
  budgetCandidates: z.number().int().min(1),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  codeDigest: digest,
  grammarDigest: digest,
  origin: z
    .strictObject({
      run: z.string(),
      epochs: z.number().int().min(1),
      candidates: z.number().int().min(0),
      rollingDigest: digest,
    })
    .optional(),
});

/** A configuration as the text of run.json. */
export function configText(config: RunConfig): string {
  const text = JSON.stringify(config);
  return `${JSON.stringify({ format: FORMAT_VERSION, checksum: digestOf(text), config }, null, 2)}\n`;
}

/**
 * Reads the text of run.json, from anybody.
 * @returns the configuration; the version of another format; null for a text that is damaged or something else
 */
export function readConfig(text: string): RunConfig | { readonly format: number } | null {
  let value: { readonly format?: unknown; readonly checksum?: unknown; readonly config?: unknown } | null;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (value === null || typeof value !== "object") return null;
  const { format, config } = value;
  if (typeof format === "number" && format !== FORMAT_VERSION) return { format };
  const parsed = configSchema.safeParse(config);
  return parsed.success && digestOf(JSON.stringify(config)) === value.checksum ? (config as RunConfig) : null;
}
