import type { Parameters } from "../src/index.ts";

/** Time to load the experiment's code and make its tables, before a job counts as hung. */
export const SILENCE_MS = 120_000;
/**
 * V8 ends the whole process, not only the thread, when one allocation does not fit below its limit. So the limit lies
 * far above what the watch over memory allows.
 */
export const HEAP_LIMIT_MB = 8192;
const POLL_MS = 50;
/** The most that counts between two looks: when the whole process stood still, so did the evaluation. */
const MOST_BETWEEN_LOOKS_MS = 4 * POLL_MS;
/** What workers may take beyond what single evaluations may, before they are replaced: code, tables, what piles up. */
const SPARE_MB = 1024;

/** Why an attempt was ended from outside: its evaluation took too long, or too much memory; or the workers together did. */
export type Excess = "time" | "memory" | "together";

/** One try at a job, as it is watched. */
export class Attempt {
  readonly #abort = new AbortController();
  readonly #heartbeat = new Int32Array(new SharedArrayBuffer(8));
  #excess: Excess | null = null;
  #candidateAtEnd = -1;
  #beat = -1;
  #elapsedMs = 0;
  #lookedMs = 0;
  #bytesBefore = 0;
  /** Whether it may be ended for what the workers take together. */
  readonly isBounded: boolean;

  constructor(isBounded: boolean) {
    this.isBounded = isBounded;
  }

  get heartbeat(): SharedArrayBuffer {
    return this.#heartbeat.buffer as SharedArrayBuffer;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Set once the attempt was ended from outside. */
  get excess(): Excess | null {
    return this.#excess;
  }

  /** The candidate that code of the experiment runs or ran for, or −1. */
  get candidate(): number {
    // The worker may have gone on between the decision to end it and its end.
    return this.#excess === null ? Atomics.load(this.#heartbeat, 0) - 1 : this.#candidateAtEnd;
  }

  end(excess: Excess): void {
    this.#candidateAtEnd = this.candidate;
    this.#excess = excess;
    this.#abort.abort();
  }

  /**
   * What the evaluation at hand takes too much of, asked again and again. Illume's own code between evaluations may take
   * what it needs.
   */
  excessAt(nowMs: number, bytes: number, parameters: Parameters): "time" | "memory" | null {
    const beat = Atomics.load(this.#heartbeat, 1);
    const sinceLookMs = Math.min(nowMs - this.#lookedMs, MOST_BETWEEN_LOOKS_MS);
    this.#lookedMs = nowMs;
    if (beat !== this.#beat || (beat > 0 && this.candidate < 0)) {
      this.#beat = beat;
      this.#elapsedMs = 0;
      this.#bytesBefore = bytes;
      return null;
    }
    if (beat > 0 && bytes - this.#bytesBefore > parameters.workerMemoryMb * 2 ** 20) return "memory";
    this.#elapsedMs += sinceLookMs;
    return this.#elapsedMs > (beat === 0 ? SILENCE_MS : parameters.evaluationTimeoutMs) ? "time" : null;
  }
}

/**
 * Watches attempts by the clock and by the memory of the process. Memory of threads cannot be told apart, so too much
 * of it ends every attempt; who is to blame is found by running them one at a time.
 */
export class AttemptWatch {
  readonly #parameters: Parameters;
  readonly #workers: number;
  readonly #attempts = new Set<Attempt>();
  #timer: NodeJS.Timeout | undefined;
  #idleBytes = memoryOfWorkers();

  constructor(parameters: Parameters, workers: number) {
    this.#parameters = parameters;
    this.#workers = workers;
  }

  /** To be called when no attempt runs. */
  measureIdle(): void {
    this.#idleBytes = memoryOfWorkers();
  }

  begin(attempt: Attempt): void {
    this.#attempts.add(attempt);
    this.#timer ??= setInterval(() => this.#look(), Math.min(POLL_MS, this.#parameters.evaluationTimeoutMs));
  }

  end(attempt: Attempt): void {
    this.#attempts.delete(attempt);
    if (this.#attempts.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    // oxlint-disable-next-line no-restricted-properties -- a hang is seen by the clock, and only a hang
    const now = performance.now(); // clock: hangs only
    const bytes = memoryOfWorkers();
    let hoarder: Attempt | null = null;
    for (const attempt of this.#attempts) {
      if (attempt.excess !== null) continue;
      const excess = attempt.excessAt(now, bytes, this.#parameters);
      if (excess === "time") attempt.end(excess);
      else if (excess === "memory") hoarder = attempt;
    }
    const mostBytes =
      this.#idleBytes + this.#workers * (this.#parameters.workerMemoryMb + SPARE_MB) * 2 ** 20;
    const isTooMuch = bytes > mostBytes;
    for (const attempt of this.#attempts)
      if (attempt.excess === null && (hoarder !== null || (isTooMuch && attempt.isBounded)))
        attempt.end(hoarder === null ? "together" : "memory");
  }
}

/** Bytes of the process without the heap of this thread. */
function memoryOfWorkers(): number {
  const { rss, heapTotal, external } = process.memoryUsage();
  return rss - heapTotal - external;
}
