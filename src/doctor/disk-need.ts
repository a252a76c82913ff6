import type { Task } from "../task.ts";
import { byteText, figure, type Finding } from "./finding.ts";

/** A line of figures for each epoch. */
const JOURNAL_LINE_BYTES = 1000;
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
  const states = 1 + Math.floor(epochs / task.parameters.snapshotEpochs);
  return { stateBytes, states, bytes: states * stateBytes + epochs * JOURNAL_LINE_BYTES, freeBytes };
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
    advice: isTight ? "Keep fewer states (snapshotEpochs), free some space, or take another --runs." : "",
    figures: { ...need },
  };
}
