import { isDeepStrictEqual } from "node:util";
import { type Executor, JobError } from "../../src/executor.ts";
import { buffersOf, copyIsland, type EpochInput, type EpochOutput, runEpoch } from "../../src/island.ts";
import type { RandomStream } from "../../src/random-stream.ts";
import type { Configuration } from "./configuration.ts";
import type { Schedule } from "./schedule.ts";
import type { Trace } from "./trace.ts";

/** How often what happens to a job. */
export interface PoolWeather {
  readonly workers: number;
  /** The longest that a job takes, against 10 for one that nothing holds up. */
  readonly slowest: number;
  readonly killed: number;
  readonly lost: number;
  readonly twice: number;
}

/** Time after which a job is sent again if nothing was heard of it. */
const SILENCE = 1000;

/**
 * Workers in virtual time. Jobs end in any order; one may be lost and sent again, run twice with either result
 * delivered, or die with its worker, as in workers/threads.ts: it is run again, and a second death is a JobError.
 */
export class SimulatedPool implements Executor {
  readonly workers: number;
  /** Set where a job died twice, and so the run may end with a JobError. */
  hasFailed = false;
  readonly #configuration: Configuration;
  readonly #weather: PoolWeather;
  readonly #stream: RandomStream;
  readonly #schedule: Schedule;
  readonly #trace: Trace;
  #busy = 0;

  constructor(
    configuration: Configuration,
    weather: PoolWeather,
    stream: RandomStream,
    schedule: Schedule,
    trace: Trace,
  ) {
    this.workers = weather.workers;
    this.#configuration = configuration;
    this.#weather = weather;
    this.#stream = stream;
    this.#schedule = schedule;
    this.#trace = trace;
  }

  async run(input: EpochInput): Promise<EpochOutput> {
    if (++this.#busy > this.workers) throw new Error("more jobs than workers");
    // The buffers of the island travel; who reads them afterwards finds nothing.
    const own = structuredClone(input, { transfer: buffersOf(input.state) });
    try {
      return await this.#finish(own);
    } finally {
      this.#busy--;
    }
  }

  async #finish(input: EpochInput): Promise<EpochOutput> {
    const { island, epoch } = input;
    const { killed, lost, twice, slowest } = this.#weather;
    const stream = this.#stream;
    const name = `island ${island}, epoch ${epoch}`;
    let job = input;
    for (let faults = 0; ; ) {
      const fate = stream.uniform();
      await this.#schedule.sleep(stream.chance(0.2) ? stream.below(slowest) : stream.below(10));
      if (fate < killed) {
        this.#trace.add(`worker of ${name} dies`);
        // As on threads: what the results do not depend on is not kept for another attempt.
        const isLossy = this.#configuration.task.parameters.cache === "lossy";
        job = { ...input, state: copyIsland(job.state, isLossy) };
        if (++faults < 2) continue;
        this.hasFailed = true;
        throw new JobError(island, epoch, new Error("simulated death of a worker"));
      }
      const isLast = fate >= killed + lost;
      const other = isLast && fate >= killed + lost + twice ? null : this.#attempt(structuredClone(job));
      if (!isLast) {
        this.#trace.add(`result of ${name} is lost`);
        await this.#schedule.sleep(SILENCE);
        continue;
      }
      const output = this.#attempt(job);
      if (other !== null) {
        if (!isDeepStrictEqual(other, output)) throw new Error(`${name} differs when it is run twice`);
        this.#trace.add(`${name} is run twice`);
        await this.#schedule.sleep(stream.below(slowest));
        return stream.chance(0.5) ? other : output;
      }
      return output;
    }
  }

  /** The job on any worker; its buffers are used up. */
  #attempt(job: EpochInput): EpochOutput {
    const tools = this.#configuration.toolsOf(this.#stream.below(this.workers));
    return runEpoch(tools, job);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
