/** How often a terminal is written anew. */
const BLOCK_SECONDS = 0.1;

/** What is shown on standard error while work goes on, so that standard output stays free for results. */
export interface LiveStatus {
  /** Whether one block is written anew, and not one line after the other. */
  readonly isTerminal: boolean;
  /** Shows a text, unless one was shown a moment ago. */
  readonly show: (text: () => string, isUrgent?: boolean) => void;
  /** Leaves what is shown, and begins below it. */
  readonly keep: () => void;
  /** Takes away what a terminal shows: something else may be written. */
  readonly clear: () => void;
}

/** @param lineSeconds how often a line is written where there is no terminal; the first after as long */
export async function liveStatus(lineSeconds: number): Promise<LiveStatus> {
  const isTerminal = process.stderr.isTTY === true;
  const logUpdate = isTerminal ? (await import("log-update")).createLogUpdate(process.stderr) : null;
  const pauseMs = 1000 * (isTerminal ? BLOCK_SECONDS : lineSeconds);
  let shown = isTerminal ? Number.NEGATIVE_INFINITY : performance.now();
  return {
    isTerminal,
    show: (text, isUrgent = false) => {
      const now = performance.now();
      if (now - shown < pauseMs && !isUrgent) return;
      shown = now;
      if (logUpdate === null) process.stderr.write(`${text()}\n`);
      else logUpdate(text());
    },
    keep: () => logUpdate?.done(),
    clear: () => {
      logUpdate?.clear();
      logUpdate?.done();
    },
  };
}
