import { checkProgram, type GrammarForm } from "../dsl/index.ts";
import type { CellSpace } from "./archive/cell-space.ts";
import { counterNames } from "./counters.ts";
import type { EquivalenceCacheState } from "./equivalence-cache.ts";
import type { IslandState } from "./island.ts";
import { type PackedElites, unpackElite } from "./packed-elites.ts";
import { packMessage, type PlainValue, readMessage } from "./plain-message.ts";
import {
  MAXIMUM_QUARANTINE,
  quarantineEntries,
  quarantineReasons,
  type QuarantineState,
} from "./quarantine.ts";
import type { RunState } from "./search.ts";
import { MIGRATION_LAG_EPOCHS } from "./topology.ts";

/** Bounds on what a state may claim. */
const MAXIMUM_ISLANDS = 1024;
const MAXIMUM_MIGRANT_EPOCHS = 16;

type Buffers = Int32Array | Float64Array;

const bytesOf = (values: Buffers): Uint8Array =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

const packBuffers = (buffers: object): PlainValue =>
  Object.fromEntries(Object.entries(buffers).map(([name, values]) => [name, bytesOf(values as Buffers)]));

const packIsland = (island: IslandState): PlainValue => ({
  elites: packBuffers(island.elites),
  counters: bytesOf(island.counters),
  quarantine: packBuffers(island.quarantine),
  cache: island.cache === null ? null : packBuffers(island.cache),
  skeletons: island.skeletons === null ? null : packBuffers(island.skeletons),
});

/** A state as bytes (MessagePack; buffers in the order of bytes of the machine, which is little-endian wherever Node runs today). */
export function packRunState(state: RunState): Uint8Array {
  const { islands, migrants, ...rest } = state;
  return packMessage({
    ...rest,
    islands: islands.map(packIsland),
    migrants: migrants.map((epoch) => epoch.map(packBuffers)),
  });
}

/** What bytes are not, in words. */
class Misfit extends Error {}

type Fields = { readonly [name: string]: PlainValue };

function fieldsOf(value: PlainValue | undefined, where: string): Fields {
  if (value === null || typeof value !== "object" || Array.isArray(value) || value instanceof Uint8Array)
    throw new Misfit(`${where} must be a record`);
  return value as Fields;
}

function listOf(value: PlainValue | undefined, where: string, maximum: number): readonly PlainValue[] {
  if (!Array.isArray(value) || value.length > maximum)
    throw new Misfit(`${where} must be a list of at most ${maximum}`);
  return value;
}

function wholeOf(value: PlainValue | undefined, where: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw new Misfit(`${where} must be a whole number from 0`);
  return value;
}

/** A buffer of its own, aligned for its elements. */
function bufferOf<T extends Int32Array | Float64Array>(
  value: PlainValue | undefined,
  Elements: { new (buffer: ArrayBuffer): T; readonly BYTES_PER_ELEMENT: number },
  where: string,
): T {
  if (!(value instanceof Uint8Array) || value.length % Elements.BYTES_PER_ELEMENT !== 0)
    throw new Misfit(`${where} must be a buffer of whole elements`);
  return new Elements(new Uint8Array(value).buffer);
}

/** Ends of parts: they ascend from 0 to the length of what they divide. */
function endsOf(value: PlainValue | undefined, count: number, length: number, where: string): Int32Array {
  const ends = bufferOf(value, Int32Array, where);
  let before = 0;
  const isRising = ends.every((end) => {
    const rises = end >= before;
    before = end;
    return rises;
  });
  if (ends.length !== count || !isRising || before !== length)
    throw new Misfit(`${where} must rise from 0 to ${length} in ${count} steps`);
  return ends;
}

function readElites(value: PlainValue | undefined, where: string): PackedElites {
  const fields = fieldsOf(value, where);
  const at = (name: string): string => `${where}, ${name}`;
  const cells = bufferOf(fields["cells"], Int32Array, at("cells"));
  const count = cells.length;
  const counted = <T extends Buffers>(values: T, each: number, name: string): T => {
    if (values.length !== count * each) throw new Misfit(`${at(name)} must have ${each} for each elite`);
    return values;
  };
  if (!cells.every((cell, n) => cell >= 0 && (n === 0 || cell > (cells[n - 1] as number))))
    throw new Misfit(`${at("cells")} must ascend from 0`);
  const descriptors = bufferOf(fields["descriptors"], Float64Array, at("descriptors"));
  if (count === 0 ? descriptors.length !== 0 : descriptors.length === 0 || descriptors.length % count !== 0)
    throw new Misfit(`${at("descriptors")} must be as many for each elite`);
  const tokens = bufferOf(fields["tokens"], Int32Array, at("tokens"));
  const constants = bufferOf(fields["constants"], Float64Array, at("constants"));
  const errors = bufferOf(fields["errors"], Float64Array, at("errors"));
  return {
    cells,
    fitness: counted(bufferOf(fields["fitness"], Float64Array, at("fitness")), 1, "fitness"),
    sizes: counted(bufferOf(fields["sizes"], Int32Array, at("sizes")), 1, "sizes"),
    descriptors,
    births: counted(bufferOf(fields["births"], Int32Array, at("births")), 4, "births"),
    tokenEnds: endsOf(fields["tokenEnds"], count, tokens.length, at("tokenEnds")),
    tokens,
    constantEnds: endsOf(fields["constantEnds"], count, constants.length, at("constantEnds")),
    constants,
    errorEnds: endsOf(fields["errorEnds"], count, errors.length, at("errorEnds")),
    errors,
  };
}

function readCache(value: PlainValue | undefined, where: string): EquivalenceCacheState | null {
  if (value === null) return null;
  const fields = fieldsOf(value, where);
  const keys = bufferOf(fields["keys"], Int32Array, `${where}, keys`);
  const values = bufferOf(fields["values"], Float64Array, `${where}, values`);
  const ages = bufferOf(fields["ages"], Int32Array, `${where}, ages`);
  const entries = ages.length - 1;
  if (entries < 1 || keys.length !== 4 * entries || values.length % entries !== 0)
    throw new Misfit(`${where} must have keys, values and ages for the same entries`);
  return { keys, values, ages };
}

function readQuarantine(value: PlainValue | undefined, where: string): QuarantineState {
  const fields = fieldsOf(value, where);
  const at = (name: string): string => `${where}, ${name}`;
  const entries = bufferOf(fields["entries"], Int32Array, at("entries"));
  const count = entries.length / 3;
  if (count > MAXIMUM_QUARANTINE) throw new Misfit(`${at("entries")} must be at most ${MAXIMUM_QUARANTINE}`);
  if (!entries.every((n, i) => n >= 0 && (i % 3 !== 2 || n < quarantineReasons.length)))
    throw new Misfit(`${at("entries")} must be of epochs, candidates and reasons`);
  const signatures = bufferOf(fields["signatures"], Int32Array, at("signatures"));
  if (signatures.length !== 4 * count) throw new Misfit(`${at("signatures")} must have 4 for each entry`);
  const tokens = bufferOf(fields["tokens"], Int32Array, at("tokens"));
  const constants = bufferOf(fields["constants"], Float64Array, at("constants"));
  return {
    entries,
    signatures,
    tokenEnds: endsOf(fields["tokenEnds"], count, tokens.length, at("tokenEnds")),
    tokens,
    constantEnds: endsOf(fields["constantEnds"], count, constants.length, at("constantEnds")),
    constants,
  };
}

function readIsland(value: PlainValue | undefined, where: string): IslandState {
  const fields = fieldsOf(value, where);
  const counters = bufferOf(fields["counters"], Float64Array, `${where}, counters`);
  if (counters.length > counterNames.length)
    throw new Misfit(`${where}, counters must be at most ${counterNames.length}`);
  return {
    elites: readElites(fields["elites"], `${where}, elites`),
    counters,
    quarantine: readQuarantine(fields["quarantine"], `${where}, quarantine`),
    cache: readCache(fields["cache"], `${where}, cache`),
    // States from before there were any have no such field.
    skeletons: readCache(fields["skeletons"] ?? null, `${where}, skeletons`),
  };
}

/**
 * Reads a state from bytes of whatever origin. Every buffer has the length that the others ask for; whether programs
 * and cells are those of a task is for `checkRunState`.
 * @returns the state, or what is wrong in words
 */
export function readRunState(bytes: Uint8Array): RunState | string {
  try {
    const fields = fieldsOf(readMessage(bytes), "state");
    const islands = listOf(fields["islands"], "islands", MAXIMUM_ISLANDS).map((island, i) =>
      readIsland(island, `island ${i}`),
    );
    const migrants = listOf(fields["migrants"], "migrants", MAXIMUM_MIGRANT_EPOCHS).map((epoch, e) => {
      const sent = listOf(epoch, `migrants ${e}`, MAXIMUM_ISLANDS);
      if (sent.length !== islands.length) throw new Misfit(`migrants ${e} must come from each island`);
      return sent.map((elites, i) => readElites(elites, `migrants ${e} of island ${i}`));
    });
    const { bestFitness, rollingDigest } = fields;
    if (typeof bestFitness !== "number") throw new Misfit("bestFitness must be a number");
    if (typeof rollingDigest !== "string" || !/^[0-9a-f]{0,64}$/.test(rollingDigest))
      throw new Misfit("rollingDigest must be a digest");
    return {
      epochs: wholeOf(fields["epochs"], "epochs"),
      islands,
      migrants,
      stale: wholeOf(fields["stale"], "stale"),
      bestFitness,
      solvedEpochs: wholeOf(fields["solvedEpochs"], "solvedEpochs"),
      rollingDigest,
    };
  } catch (error) {
    if (error instanceof Misfit) return error.message;
    throw error;
  }
}

/**
 * Lists what in a state cannot come from a task, or from one of that description; empty where it can. Stops at the
 * first problem of each island.
 */
export function checkRunState(
  task: {
    readonly space: Pick<CellSpace, "cellCount" | "dimensions">;
    readonly grammar: GrammarForm;
    readonly parameters: { readonly islands: number };
  },
  state: RunState,
): string[] {
  const { space, grammar, parameters } = task;
  const problemOf = (elites: PackedElites): string | null => {
    for (let n = 0; n < elites.cells.length; n++) {
      if ((elites.cells[n] as number) >= space.cellCount)
        return `cell ${elites.cells[n]} must be below ${space.cellCount}`;
      if (elites.descriptors.length !== elites.cells.length * space.dimensions)
        return `elites must have ${space.dimensions} coordinates`;
      const elite = unpackElite(elites, n);
      if (Number.isNaN(elite.fitness)) return `elite ${n} must have a fitness`;
      if (elite.descriptor.some(Number.isNaN)) return `elite ${n} must have coordinates that are numbers`;
      const [problem] = checkProgram(grammar, elite.program);
      if (problem !== undefined) return `elite ${n}: ${problem}`;
    }
    return null;
  };
  const problems: string[] = [];
  if (state.islands.length !== parameters.islands)
    problems.push(`state must have ${parameters.islands} islands; got ${state.islands.length}.`);
  for (const [name, parts] of [
    ["island", state.islands.map((island) => island.elites)],
    ...state.migrants.map((sent, e) => [`migrants ${e} of island`, sent] as const),
  ] as const)
    parts.forEach((elites, i) => {
      const problem = problemOf(elites);
      if (problem !== null) problems.push(`${name} ${i}: ${problem}.`);
    });
  const sent = Math.min(state.epochs, MIGRATION_LAG_EPOCHS);
  if (state.migrants.length !== sent)
    problems.push(`state must have migrants of ${sent} epochs; got ${state.migrants.length}.`);
  state.islands.forEach((island, i) => {
    const [problem] = quarantineEntries(island.quarantine).flatMap((e) => checkProgram(grammar, e.program));
    if (problem !== undefined) problems.push(`island ${i}, quarantine: ${problem}.`);
  });
  return problems;
}
