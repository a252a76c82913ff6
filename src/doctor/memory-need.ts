import { buffersOf } from "../island.ts";
import type { RunState } from "../search.ts";
import type { Task } from "../task.ts";
import { byteText, figure, type Finding } from "./finding.ts";
import { counted } from "../counted.ts";

/** An elite as an object in an archive, without its buffers' content: measured with 200,000 of them. */
const OBJECT_BYTES = 1200;
/** Part of that in the JavaScript heap, which workerMemoryMb bounds. */
const OBJECT_HEAP_BYTES = 1000;
/** Packed copies of an island at a time: its state, one to begin the job again with, those on their way to the store. */
const PACKED_COPIES = 6;
/** Archives that a worker holds: of the job at hand, and of the last one until it is collected. */
const WORKER_ARCHIVES = 2;
const LOOK_SHARE = 0.6;
const BAD_SHARE = 0.95;

/** Signature and age of an entry of a cache. */
const ENTRY_BYTES = 20;

/** Elites and bytes of a state of all islands. */
export interface StateSize {
  readonly islands: number;
  /** Of all islands together. */
  readonly elites: number;
  readonly eliteBytes: number;
  /** Without what is on its way between islands. */
  readonly bytes: number;
}

/** What a run's state takes, packed. */
export function stateSize(state: RunState): StateSize {
  const bytesOf = (buffers: readonly ArrayBuffer[]): number => buffers.reduce((n, b) => n + b.byteLength, 0);
  return {
    islands: state.islands.length,
    elites: state.islands.reduce((n, island) => n + island.elites.cells.length, 0),
    eliteBytes: bytesOf(buffersOf(...state.islands.map((island) => island.elites))),
    bytes: bytesOf(buffersOf(...state.islands)),
  };
}

/** Numbers that the functional equivalence cache keeps of a behaviour. */
const valuesOf = ({ coordinates }: Task): number =>
  1 + coordinates.filter((c) => c.kind === "behaviour").length;

/** Bytes of the tables in the state of an island, which are as large from the first epoch on: its skeletons, and a lossy cache. */
function tableBytes(task: Task): number {
  const { cache, cacheEntries, constantFitting, skeletonEntries } = task.parameters;
  return (
    (cache === "lossy" ? cacheEntries * (ENTRY_BYTES + 8 * valuesOf(task)) : 0) +
    (constantFitting === "off" ? 0 : skeletonEntries * (ENTRY_BYTES + 8))
  );
}

const missingIslands = (task: Task, size: StateSize): number =>
  Math.max(0, task.parameters.islands - size.islands);

/** Bytes that a state takes when every cell of every island is filled, its elites as large as now. */
export function fullStateBytes(task: Task, size: StateSize): number {
  const perElite = size.elites === 0 ? 0 : size.eliteBytes / size.elites;
  const missing = task.parameters.islands * task.space.cellCount - size.elites;
  return size.bytes + Math.max(0, missing) * perElite + missingIslands(task, size) * tableBytes(task);
}

/** What memory a run will take. */
export interface MemoryNeed {
  readonly residentBytes: number;
  /** When every cell is filled and the caches are full. */
  readonly fullBytes: number;
  readonly availableBytes: number;
}

/**
 * Expected resident memory when the map is full: what is there now and what is still to come.
 * @param size of a state after some epochs, whose islands need not be as many as the run's
 * @param cachedEntries entries of all caches at that moment
 */
export function memoryNeed(
  task: Task,
  now: {
    readonly size: StateSize;
    readonly cachedEntries: number;
    readonly residentBytes: number;
    readonly availableBytes: number;
    readonly workers: number;
  },
): MemoryNeed {
  const { islands, cache, cacheEntries } = task.parameters;
  const { size } = now;
  const perElite = size.elites === 0 ? 0 : size.eliteBytes / size.elites;
  const missing = Math.max(0, islands * task.space.cellCount - size.elites);
  const isCached = cache === "lossy" || (cache === "exact" && task.measured === null);
  const entriesToCome = isCached ? Math.max(0, islands * cacheEntries - now.cachedEntries) : 0;
  const skeletons = task.parameters.constantFitting === "off" ? 0 : task.parameters.skeletonEntries;
  const packed =
    (missing * perElite + missingIslands(task, size) * skeletons * (ENTRY_BYTES + 8)) * PACKED_COPIES;
  const objects = (missing / islands) * (OBJECT_BYTES + perElite) * (1 + WORKER_ARCHIVES * now.workers);
  return {
    residentBytes: now.residentBytes,
    fullBytes: now.residentBytes + packed + objects + entriesToCome * (ENTRY_BYTES + 8 * valuesOf(task)),
    availableBytes: now.availableBytes,
  };
}

/** Whether a full map fits into the memory there is, and into a worker. */
export function checkMemory(task: Task, need: MemoryNeed): Finding {
  const { residentBytes, fullBytes, availableBytes } = need;
  const { workerMemoryMb } = task.parameters;
  // What this process has now will be free again for the run.
  const room = availableBytes + residentBytes;
  const heapShare = (task.space.cellCount * OBJECT_HEAP_BYTES * WORKER_ARCHIVES) / (workerMemoryMb * 2 ** 20);
  const figures = { ...need, workerHeapShare: heapShare };
  const message = `${byteText(residentBytes)} now, up to ${byteText(fullBytes)} when all ${figure(task.space.cellCount)} cells of ${counted(task.parameters.islands, "island")} are filled; ${byteText(room)} are there`;
  if (heapShare > LOOK_SHARE)
    return {
      check: "memory",
      verdict: heapShare > 1 ? "bad" : "look",
      message: `${message}. A full map takes a worker ${byteText(heapShare * workerMemoryMb * 2 ** 20)} of its ${byteText(workerMemoryMb * 2 ** 20)}`,
      advice: "Set workerMemoryMb higher, or take fewer cells.",
      figures,
    };
  if (fullBytes > LOOK_SHARE * room)
    return {
      check: "memory",
      verdict: fullBytes > BAD_SHARE * room ? "bad" : "look",
      message,
      advice: "Take fewer cells, fewer islands, fewer workers or smaller caches (cacheEntries).",
      figures,
    };
  return { check: "memory", verdict: "ok", message, advice: "", figures };
}
