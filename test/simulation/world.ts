import { InputError } from "../../dsl/index.ts";
import { carryOn } from "../../src/carry-on.ts";
import { type Executor, JobError } from "../../src/executor.ts";
import { type EpochMetrics, journalLine } from "../../src/journal.ts";
import { RandomStream, rootKey } from "../../src/random-stream.ts";
import { RunStore } from "../../src/run-store.ts";
import type { SearchResult } from "../../src/search.ts";
import { chooseConfiguration, type Configuration, type UndisturbedRun } from "./configuration.ts";
import { Schedule, settle } from "./schedule.ts";
import { type DiskConnection, type DiskTrouble, Killed, SimulatedDisk } from "./simulated-disk.ts";
import { type PoolWeather, SimulatedPool } from "./simulated-pool.ts";
import { Trace } from "./trace.ts";

/** A fault that is put in the way of the search, to see that it is found. */
export interface PlantedFault {
  readonly executor?: (executor: Executor, configuration: Configuration) => Executor;
  readonly store?: (store: RunStore, schedule: Schedule, configuration: Configuration) => RunStore;
}

/** What a seed found. */
export class SimulationError extends Error {
  constructor(seed: number, configuration: Configuration, trace: Trace, cause: unknown) {
    super(
      `seed ${seed} (${configuration.name}): ${cause instanceof Error ? cause.message : String(cause)}\n` +
        `the last events:\n${trace.toString()}\n` +
        `This seed alone: SIMULATION_SEED=${seed} SIMULATION_SEEDS=1 npm run test:long -- simulation`,
      { cause },
    );
    this.name = "SimulationError";
  }
}

/** What happened, to see that something did. */
export interface SimulationReport {
  readonly sessions: number;
  readonly kills: number;
  readonly powerLosses: number;
  readonly harmedFiles: number;
  readonly stops: number;
  readonly inputErrors: number;
  readonly jobErrors: number;
}

/** After so many sessions nothing goes wrong any more, so that every run comes to its end. */
const TROUBLED_SESSIONS = 12;
/** More events than any session has. */
const MAXIMUM_EVENTS = 100_000;
/** Epochs that a loss of power may take (docs/determinism.md). */
const POWER_LOSS_EPOCHS = 8;

type Ending =
  | { readonly kind: "end"; readonly result: SearchResult }
  | { readonly kind: "stop" | "killed" | "InputError" | "JobError" };

function assert(isTrue: boolean, what: string): asserts isTrue {
  if (!isTrue) throw new Error(what);
}

/** One run in a world where everything goes wrong, as one seed has it. */
class World {
  readonly configuration: Configuration;
  readonly trace = new Trace();
  readonly #stream: RandomStream;
  readonly #disk: SimulatedDisk;
  readonly #fault: PlantedFault;
  readonly #counts = {
    sessions: 0,
    kills: 0,
    powerLosses: 0,
    harmedFiles: 0,
    stops: 0,
    inputErrors: 0,
    jobErrors: 0,
  };
  /** How rough this seed is, from 0 to 1. */
  readonly #roughness: number;
  #isCreated = false;
  /** Epochs whose state must be there when the store is opened again. */
  #storedEpochs = 0;
  /** Epochs that were ever told of as stored. */
  #toldEpochs = 0;
  /** Epochs whose lines must be in the journal. */
  #lines = new Set<number>();
  /** What happened since the store was last opened. */
  #hasLostPower = false;
  #harmed: { readonly name: string; readonly how: string } | null = null;
  /** Whether all depends on the copies in the states. */
  #wasConfigHarmed = false;
  /** Whether there was damage when it was, which goes away as the epochs are computed again. */
  #isHealing = false;

  constructor(seed: number, fault: PlantedFault) {
    this.#stream = new RandomStream().derive(rootKey("simulation"), seed, 0, 0);
    this.configuration = chooseConfiguration(this.#stream);
    this.#disk = new SimulatedDisk(this.#stream, this.trace);
    this.#fault = fault;
    this.#roughness = this.#stream.uniform();
  }

  async run(): Promise<SimulationReport> {
    const undisturbed = await this.configuration.undisturbed();
    for (;;) {
      const isCalm = ++this.#counts.sessions > TROUBLED_SESSIONS;
      assert(this.#counts.sessions < TROUBLED_SESSIONS + 4, "the run does not come to its end");
      const ending = await this.#session(isCalm);
      this.trace.add(`session ${this.#counts.sessions} ends: ${ending.kind}`);
      assert(this.#disk.names.length <= this.#mostFiles, `${this.#disk.names.length} files`);
      if (ending.kind === "end") {
        this.#checkEnd(ending.result, undisturbed);
        return this.#counts;
      }
      if (ending.kind === "killed") this.#counts.kills++;
      if (ending.kind === "stop") this.#counts.stops++;
      if (ending.kind === "InputError") this.#counts.inputErrors++;
      if (ending.kind === "JobError") this.#counts.jobErrors++;
      if (!isCalm) this.#trouble(ending.kind);
    }
  }

  /** run.json, journal.log, a draft of each, and states: snapshots, the last two, those that are not yet safe. */
  get #mostFiles(): number {
    const { snapshotLimit } = this.configuration.task.parameters;
    return 4 + snapshotLimit + 2 + 2 * POWER_LOSS_EPOCHS;
  }

  /** What happens to the disk while no process runs. */
  #trouble(ending: Ending["kind"]): void {
    const stream = this.#stream;
    if (stream.chance((ending === "killed" ? 0.6 : 0.2) * this.#roughness)) {
      this.trace.add("power is lost");
      this.#counts.powerLosses++;
      this.#disk.losePower();
      this.#hasLostPower = true;
    }
    // One file at a time: what two copies are for.
    if (this.#harmed === null && stream.chance(0.25 * this.#roughness)) {
      this.#harmed = this.#disk.harm();
      if (this.#harmed !== null) this.#counts.harmedFiles++;
      this.#wasConfigHarmed ||= this.#harmed?.name === "run.json";
    }
  }

  #chooseTrouble(): DiskTrouble | null {
    const stream = this.#stream;
    if (!stream.chance(0.3 + 0.5 * this.#roughness)) return null;
    const kinds = ["kill", "kill", "kill", "full", "unplugged", "low", "almost full"] as const;
    return {
      kind: kinds[stream.below(kinds.length)] as DiskTrouble["kind"],
      atOperation: 1 + stream.below(stream.chance(0.2) ? 12 : 120),
    };
  }

  #chooseWeather(isCalm: boolean): PoolWeather {
    const stream = this.#stream;
    const share = isCalm ? 0 : stream.uniform() * this.#roughness;
    return {
      workers: 1 + stream.below(5),
      slowest: stream.chance(0.5) ? 10 : 200,
      killed: 0.15 * share,
      lost: 0.1 * share,
      twice: 0.2 * share,
    };
  }

  async #session(isCalm: boolean): Promise<Ending> {
    const stream = this.#stream;
    const schedule = new Schedule();
    const slowestSync = [1, 100, 10_000][stream.below(3)] as number;
    const connection = this.#disk.connect(schedule, isCalm ? null : this.#chooseTrouble(), slowestSync);
    if (!isCalm && stream.chance(0.3))
      schedule.after(stream.below(400), () => {
        this.trace.add("killed between two operations");
        connection.kill();
      });
    const stopAfter = isCalm || stream.chance(0.6) ? Number.POSITIVE_INFINITY : 1 + stream.below(15);
    const pool = new SimulatedPool(
      this.configuration,
      this.#chooseWeather(isCalm),
      stream,
      schedule,
      this.trace,
    );
    let opened: RunStore | null = null;
    let result: SearchResult | null = null;
    let ending: Ending;
    try {
      if (!this.#isCreated) {
        // In a folder of its own, which gets the run's name once all is in it.
        this.#disk.clear();
        await this.#pump(RunStore.create(connection, this.configuration.config), schedule, connection);
        this.#isCreated = true;
      }
      opened = this.#open(connection);
      result = await this.#pump(
        this.#carryOn(opened, pool, schedule, connection, stopAfter),
        schedule,
        connection,
      );
      assert(result.stop !== "disk" || connection.isTroubledBy("low"), "stopped for a disk that is not low");
      ending = { kind: "stop" };
    } catch (error) {
      ending = this.#judge(error, connection, pool);
    }
    if (opened === null || ending.kind === "killed") return ending;
    try {
      await this.#pump(opened.close(), schedule, connection);
    } catch (error) {
      return this.#judge(error, connection, pool);
    }
    return ending.kind === "stop" &&
      result !== null &&
      ["solved", "budget", "converged"].includes(result.stop)
      ? { kind: "end", result }
      : ending;
  }

  #judge(error: unknown, connection: DiskConnection, pool: SimulatedPool): Ending {
    if (error instanceof Killed) return { kind: "killed" };
    if (error instanceof InputError) {
      this.trace.add(error.message);
      if (error.message.includes("must hold a readable store; run.json is damaged")) this.#giveUp();
      else
        assert(
          (["full", "unplugged", "almost full"] as const).some((kind) => connection.isTroubledBy(kind)),
          `an error without a cause: ${error.message}`,
        );
      return { kind: "InputError" };
    }
    if (error instanceof JobError && pool.hasFailed) return { kind: "JobError" };
    throw error;
  }

  /** Nothing of the run can be read: only where nothing of it need be there. The person begins again. */
  #giveUp(): void {
    assert(
      this.#wasConfigHarmed && (this.#isStateHarmed || this.#storedEpochs <= this.#lostEpochs),
      "nothing of the run can be read",
    );
    this.#isCreated = false;
    this.#wasConfigHarmed = false;
    this.#storedEpochs = 0;
    this.#toldEpochs = 0;
    this.#lines.clear();
    this.#harmed = null;
    this.#hasLostPower = false;
  }

  get #isStateHarmed(): boolean {
    return this.#harmed?.name.startsWith("state-") === true;
  }

  /** Epochs that may have been lost since the store was last open. */
  get #lostEpochs(): number {
    return this.#hasLostPower ? POWER_LOSS_EPOCHS : 0;
  }

  /** Opens the store and sees that everything is there that must be. */
  #open(connection: DiskConnection): RunStore {
    const store = RunStore.open(connection);
    const epochs = store.state?.epochs ?? 0;
    this.trace.add(`session ${this.#counts.sessions} opens at epoch ${epochs}: ${store.damage.join("; ")}`);
    const harmed = this.#harmed;
    const lost = this.#lostEpochs;
    if (!this.#isStateHarmed)
      assert(
        epochs >= this.#storedEpochs - lost,
        `state after ${this.#storedEpochs} epochs is lost: it is that after ${epochs}`,
      );
    const lines = new Set(store.metrics.map(({ epoch }) => epoch));
    const missing = [...this.#lines].filter((e) => !lines.has(e) && e < this.#toldEpochs - lost);
    const mayMiss =
      harmed?.name !== "journal.log" ? 0 : harmed.how === "flipped" ? 2 : Number.POSITIVE_INFINITY;
    assert(missing.length <= mayMiss, `lines of epochs ${missing.join(", ")} are lost`);
    assert(
      harmed !== null || this.#hasLostPower || this.#isHealing || store.damage.length === 0,
      `damage where there is none: ${store.damage.join("; ")}`,
    );
    this.#isHealing = store.damage.length > 0;
    this.#storedEpochs = epochs;
    this.#toldEpochs = Math.max(epochs, (store.latest?.epoch ?? -1) + 1);
    this.#lines = lines;
    this.#harmed = null;
    this.#hasLostPower = false;
    return store;
  }

  #carryOn(
    opened: RunStore,
    pool: SimulatedPool,
    schedule: Schedule,
    connection: DiskConnection,
    stopAfter: number,
  ): Promise<SearchResult> {
    let finished = 0;
    return carryOn({
      task: this.configuration.task,
      store: this.#fault.store?.(opened, schedule, this.configuration) ?? opened,
      executor: this.#fault.executor?.(pool, this.configuration) ?? pool,
      interruption: () => (++finished >= stopAfter ? "time" : null),
      onEpoch: ({ epoch }) => {
        if (connection.isDead) return;
        this.#storedEpochs = epoch + 1;
        this.#toldEpochs = Math.max(this.#toldEpochs, epoch + 1);
        this.#lines.add(epoch);
      },
    });
  }

  /** Lets the session go on until a promise is settled or the process dies; what it still wants then is forgotten. */
  async #pump<T>(promise: Promise<T>, schedule: Schedule, connection: DiskConnection): Promise<T> {
    let outcome: { readonly value: T } | { readonly error: unknown } | null = null;
    promise.then(
      (value) => (outcome = { value }),
      (error: unknown) => (outcome = { error }),
    );
    for (let events = 0; events < MAXIMUM_EVENTS; events++) {
      await settle();
      if (connection.isDead) throw new Killed();
      if (outcome !== null) {
        const { value, error } = outcome as { readonly value: T; readonly error?: unknown };
        if (error !== undefined) throw error;
        return value;
      }
      assert(schedule.step(), "the session waits for nothing");
    }
    throw new Error("the session does not end");
  }

  #checkEnd(result: SearchResult, { result: expected, lines }: UndisturbedRun): void {
    assert(result.digest === expected.digest, "the digest of the archive is another");
    assert(result.rollingDigest === expected.rollingDigest, "the rolling digest is another");
    assert(result.stop === expected.stop, `the run ends as ${result.stop}, not ${expected.stop}`);
    const store = RunStore.open(this.#disk.connect(new Schedule(), null, 1), { readOnly: true });
    assert(store.state?.epochs === expected.epochs, "the last state is not that of the end");
    assert(store.damage.length === 0, `the store is damaged at the end: ${store.damage.join("; ")}`);
    const epochs = new Set(store.metrics.map(({ epoch }) => epoch));
    const missing = [...this.#lines].filter((epoch) => !epochs.has(epoch));
    assert(missing.length === 0, `lines of epochs ${missing.join(", ")} are missing at the end`);
    for (const line of store.metrics)
      assert(
        this.#comparable(line) === this.#comparable(lines[line.epoch] as EpochMetrics),
        `the line of epoch ${line.epoch} is another`,
      );
  }

  /** A line without what may differ: times, where sessions ended, and what an exact cache that was rebuilt saved. */
  #comparable(line: EpochMetrics): string {
    const isExact = this.configuration.task.parameters.cache === "exact";
    return journalLine({
      ...line,
      counters: { ...line.counters, ...(isExact ? { evaluations: 0, cacheHits: 0, cacheEvictions: 0 } : {}) },
      seconds: 0,
      stop: line.stop === "time" || line.stop === "disk" ? null : line.stop,
    });
  }
}

/**
 * Lives through one run in which everything happens that one seed has in store.
 * @throws SimulationError if it does not come to the end of the undisturbed run, or loses what it must keep
 */
export async function simulate(seed: number, fault: PlantedFault = {}): Promise<SimulationReport> {
  const world = new World(seed, fault);
  try {
    return await world.run();
  } catch (error) {
    throw new SimulationError(seed, world.configuration, world.trace, error);
  }
}
