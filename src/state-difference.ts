import { Archive } from "./archive/archive.ts";
import { archiveDigest, digestOf, elitesDigest } from "./digest.ts";
import type { Birth, Individual } from "./individual.ts";
import type { EpochMetrics } from "./journal.ts";
import { addPacked, unpackElite } from "./packed-elites.ts";
import { packRunState } from "./run-state-bytes.ts";
import type { RunState } from "./search.ts";
import type { Task } from "./task.ts";

/** An elite that only one of two computations has, or that is another one in each. */
export interface EliteDifference {
  readonly birth: Birth;
  readonly stored: Individual | null;
  readonly computed: Individual | null;
  /** The state that shows it is that after this many epochs. */
  readonly epochs: number;
}

/** What the journal has of an epoch that is compared. */
export type Figures = Pick<EpochMetrics, "digest" | "islandDigests" | "rollingDigest">;
/** What the journal has of a state. */
export function figuresOf(task: Task, { islands, rollingDigest }: RunState): Figures {
  const archive = new Archive(task.space);
  for (const { elites } of islands) addPacked(archive, elites);
  return {
    digest: archiveDigest(archive),
    islandDigests: islands.map(({ elites }) => elitesDigest(elites, task.space.cellCount)),
    rollingDigest,
  };
}

/**
 * Digest of all in a state that a computation gives again: not the counters, some of which depend on what an exact cache
 * knew, nor that cache.
 */
export const stateDigest = (task: Task, state: RunState): string =>
  digestOf(
    packRunState({
      ...state,
      islands: state.islands.map((island) => ({
        ...island,
        counters: new Float64Array(0),
        cache: task.parameters.cache === "lossy" ? island.cache : null,
      })),
    }),
  );

/** Orders births as candidates are proposed. */
const compareBirths = (a: Birth, b: Birth): number =>
  a.epoch - b.epoch || a.island - b.island || a.candidate - b.candidate;

/** The elites of a state by island and birth, and what each is to the last bit. */
function byBirth(state: RunState): Map<string, { readonly elite: Individual; readonly content: string }> {
  const found = new Map<string, { readonly elite: Individual; readonly content: string }>();
  state.islands.forEach(({ elites }, at) => {
    for (let n = 0; n < elites.cells.length; n++) {
      const elite = unpackElite(elites, n);
      const { program, fitness, descriptor, errors, birth } = elite;
      const content = [
        program.tokens,
        program.constants,
        Float64Array.of(fitness),
        descriptor,
        errors,
        Int32Array.of(birth.operator),
      ].map((values) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      found.set(`${at} ${birth.epoch} ${birth.island} ${birth.candidate}`, {
        elite,
        content: digestOf(...content),
      });
    }
  });
  return found;
}

/**
 * The earliest born elite that differs between two states. One that was born when all was still the same is missing
 * from one side since something else took its place, so those born later go first.
 */
export function earliestDifference(
  stored: RunState,
  computed: RunState,
  lastEqualEpoch: number,
): EliteDifference | null {
  const left = byBirth(stored);
  const right = byBirth(computed);
  let earliest: EliteDifference | null = null;
  const rank = ({ birth }: EliteDifference): number => (birth.epoch > lastEqualEpoch ? 0 : 1);
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(name), right.get(name)];
    if (a?.content === b?.content) continue;
    const difference: EliteDifference = {
      birth: ((a ?? b) as { elite: Individual }).elite.birth,
      stored: a?.elite ?? null,
      computed: b?.elite ?? null,
      epochs: stored.epochs,
    };
    if (
      earliest === null ||
      (rank(difference) - rank(earliest) || compareBirths(difference.birth, earliest.birth)) < 0
    )
      earliest = difference;
  }
  return earliest;
}
