import type { Task } from "../task.ts";
import { byteText, figure, type Finding } from "./finding.ts";

/** A line of figures, with a long program, and the lines that a journal holds at most. */
const JOURNAL_LINE_BYTES = 1500;
const JOURNAL_LINES = 6000;
/** States beside the snapshots, one of them being written. */
const RECENT_STATES = 3;
const LOOK_SHARE = 0.5;

/** What a run will take on the disk. */
export interface DiskNeed {
  /** A state when every cell is filled. */
  readonly stateBytes: number;
  /** States that are kept at the end. */
  readonly states: number;
  readonly bytes: number;
  readonly freeBytes: number;
}

/** Expected size of a run's store after a number of epochs, every state as large as that of a full map. */
export function diskNeed(task: Task, epochs: number, stateBytes: number, freeBytes: number): DiskNeed {
  const { snapshotEpochs, snapshotLimit } = task.parameters;
  const states = RECENT_STATES + Math.min(snapshotLimit, Math.floor(epochs / snapshotEpochs));
  const journal = Math.min(epochs, JOURNAL_LINES) * JOURNAL_LINE_BYTES;
  return { stateBytes, states, bytes: states * stateBytes + journal, freeBytes };
}

/** Whether the store of a run fits on the disk. */
export function checkDisk(need: DiskNeed): Finding {
  const { bytes, freeBytes, states, stateBytes } = need;
  const isFull = bytes > freeBytes;
  const isTight = bytes > LOOK_SHARE * freeBytes;
  return {
    check: "disk",
    verdict: isFull ? "bad" : isTight ? "look" : "ok",
    message: `up to ${byteText(bytes)} at the end (${figure(states)} states of at most ${byteText(stateBytes)}); ${byteText(freeBytes)} are free`,
    advice: isTight ? "Keep fewer states (snapshotLimit), free some space, or take another --runs." : "",
    figures: { ...need },
  };
}
