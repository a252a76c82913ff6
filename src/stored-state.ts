import { seal, unseal } from "./checksum.ts";
import { type EpochMetrics, journalLine, readJournalLine } from "./journal.ts";
import { packMessage, readMessage } from "./plain-message.ts";
import { configText, readConfig, type RunConfig } from "./run-config.ts";
import { packRunState, readRunState } from "./run-state-bytes.ts";
import type { RunState } from "./search.ts";

/** A stored state with the figures of its epoch. */
export interface StoredState {
  readonly state: RunState;
  /** Null for the state that a fork began with. */
  readonly metrics: EpochMetrics | null;
  readonly config: RunConfig;
}

/** A state as the bytes of its file: with a checksum, the line of its epoch, and a copy of the configuration. */
export function sealedState(state: RunState, metrics: EpochMetrics | null, config: RunConfig): Uint8Array {
  return seal(
    packMessage({
      config: configText(config),
      metrics: metrics === null ? null : journalLine(metrics),
      state: packRunState(state),
    }),
  );
}

/**
 * Reads a state's file, of whatever origin.
 * @param epochs that the file's name says
 * @returns null where it is damaged, or of other epochs
 */
export function readStoredState(sealed: Uint8Array, epochs: number): StoredState | null {
  const bytes = unseal(sealed);
  const parts = bytes === null ? null : readMessage(bytes);
  if (parts === null || typeof parts !== "object" || !("state" in parts)) return null;
  if (typeof parts.config !== "string" || !(parts.state instanceof Uint8Array)) return null;
  const config = readConfig(parts.config);
  const state = readRunState(parts.state);
  const metrics = typeof parts.metrics === "string" ? readJournalLine(parts.metrics.trimEnd()) : null;
  if (config === null || "format" in config || typeof state === "string" || state.epochs !== epochs)
    return null;
  if (metrics === null ? config.origin?.epochs !== epochs : metrics.epoch !== epochs - 1) return null;
  return { state, metrics, config };
}
