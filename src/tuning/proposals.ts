import { kernels } from "../../dsl/index.ts";
import { RandomStream } from "../random-stream.ts";
import {
  type Configuration,
  configurationAt,
  configurationKey,
  isActive,
  type ParameterSpace,
  parameterNames,
  sampleConfiguration,
  unitsOf,
} from "./parameter-space.ts";
import { RegressionForest } from "./regression-forest.ts";

/** A configuration and how strong it is thought to be. */
export interface Rated {
  readonly configuration: Configuration;
  readonly strength: number;
}

const FOREST = { trees: 40, leastLeaf: 4, questions: 1 };
/** Deviations that count for a candidate, in the mean. */
const DEVIATIONS = 2;
/** Every so manieth proposal is varied from a strong one without asking the forest, which may be wrong (López-Ibáñez et al. 2016). */
const VARIED_EVERY = 3;
/** Ratings below which configurations are drawn evenly. */
const LEAST_RATED = 8;
/** Every so manieth proposal is drawn evenly, so that no part of a space is left out for good (Hutter et al. 2011). */
const EVEN_EVERY = 8;
/** Configurations that others are varied from, and how many from all in a round. */
const PARENTS = 10;
const ROUNDS = 4;
const VARIATIONS = 120;
const EVEN_CANDIDATES = 200;
/** Draws for a configuration that is new. */
const MOST_TRIES = 100;
/** Spreads of varied numbers, of the width of the range. */
const WIDEST = 0.3;
const NARROWEST = 0.02;
/** Parameters that are varied, in the mean, beside one that surely is. */
const VARIED = 1.5;

/** Configurations that fill a space evenly: in each parameter one in each of equal parts (latin hypercube: McKay, Beckman and Conover 1979). */
export function spreadConfigurations(
  space: ParameterSpace,
  count: number,
  random: RandomStream,
): Configuration[] {
  const columns = parameterNames(space).map(() => {
    const places = Array.from({ length: count }, (_, k) => (k + random.uniform()) / count);
    for (let k = count - 1; k > 0; k--) {
      const other = random.below(k + 1);
      [places[k], places[other]] = [places[other] as number, places[k] as number];
    }
    return places;
  });
  return Array.from({ length: count }, (_, k) =>
    configurationAt(
      space,
      columns.map((places) => places[k] as number),
    ),
  );
}

/** Numbers of categories in the order of `parameterNames`, 0 for numbers. */
export const categoriesOf = (space: ParameterSpace): number[] =>
  parameterNames(space).map((name) => {
    const range = space[name]?.range;
    return range?.kind === "categorical" ? range.values.length : 0;
  });

/**
 * Proposes configurations that a forest, fitted to what is known, thinks strong or knows little of: those with the largest sums of mean and so many
 * deviations, of candidates varied from the strongest in several rounds (Hutter et al. 2011). How many deviations is drawn for each
 * from an exponential distribution, so those of a batch differ (Hutter et al. 2012).
 * @param taken keys of configurations that are not proposed; those that are proposed are added
 * @returns `count` of them, or fewer where the space has no others
 */
export function propose(
  space: ParameterSpace,
  rated: readonly Rated[],
  count: number,
  taken: Set<string>,
  key: Int32Array,
): Configuration[] {
  const random = new RandomStream().derive(key, 1, rated.length, taken.size);
  const proposed: Configuration[] = [];
  const add = (configuration: Configuration): boolean => {
    const name = configurationKey(space, configuration);
    if (taken.has(name)) return false;
    taken.add(name);
    return proposed.push(configuration) > 0;
  };
  const drawEvenly = (): boolean => {
    for (let tries = 0; tries < MOST_TRIES; tries++) if (add(sampleConfiguration(space, random))) return true;
    return false;
  };
  if (rated.length < LEAST_RATED) {
    while (proposed.length < count && drawEvenly());
    return proposed;
  }
  const forest = new RegressionForest(
    rated.map(({ configuration }) => unitsOf(space, configuration)),
    rated.map(({ strength }) => strength),
    categoriesOf(space),
    key,
    FOREST,
  );
  const parents = rated
    .toSorted((p, q) => q.strength - p.strength)
    .slice(0, PARENTS)
    .map(({ configuration }) => configuration);
  const proposeVaried = (): boolean => {
    for (let tries = 0; tries < MOST_TRIES; tries++)
      if (add(vary(space, parents[random.below(parents.length)] as Configuration, random))) return true;
    return false;
  };
  for (let k = 0; k < count; k++) {
    if (k % EVEN_EVERY === EVEN_EVERY - 1) {
      if (!drawEvenly()) break;
    } else if (k % VARIED_EVERY === VARIED_EVERY - 1) {
      if (!proposeVaried() && !drawEvenly()) break;
    } else {
      const deviations = -DEVIATIONS * kernels.log(1 - random.uniform());
      if (!climb(space, forest, deviations, parents, random).some(add) && !drawEvenly()) break;
    }
  }
  return proposed;
}

/** Candidates, those that the forest likes best first: varied from parents, then from the best of these, and so on. */
function climb(
  space: ParameterSpace,
  forest: RegressionForest,
  deviations: number,
  parents: readonly Configuration[],
  random: RandomStream,
): Configuration[] {
  const rate = (configuration: Configuration): Rated => {
    const { mean, deviation } = forest.predict(unitsOf(space, configuration));
    return { configuration, strength: mean + deviations * deviation };
  };
  let best = [
    ...parents,
    ...Array.from({ length: EVEN_CANDIDATES }, () => sampleConfiguration(space, random)),
  ].map(rate);
  for (let round = 0; round < ROUNDS; round++) {
    best = best.sort((p, q) => q.strength - p.strength).slice(0, PARENTS);
    const from = round === 0 ? parents : best.map(({ configuration }) => configuration);
    for (let k = 0; k < VARIATIONS; k++)
      best.push(rate(vary(space, from[k % from.length] as Configuration, random)));
  }
  return best.sort((p, q) => q.strength - p.strength).map(({ configuration }) => configuration);
}

/** A configuration near another: one or a few parameters moved by a bell of some spread, or another category. */
export function vary(space: ParameterSpace, parent: Configuration, random: RandomStream): Configuration {
  const names = parameterNames(space);
  const units = unitsOf(space, parent);
  const active = names.flatMap((name, k) => (isActive(space, name, parent) ? [k] : []));
  const certain = active[random.below(active.length)] as number;
  const spread = NARROWEST * kernels.pow(WIDEST / NARROWEST, random.uniform());
  const chance = VARIED / active.length;
  names.forEach((name, k) => {
    // What becomes active only now has no value to stay near.
    if (!Object.hasOwn(parent, name)) units[k] = random.uniform();
    else if (k === certain || random.chance(chance)) {
      const isCategory = space[name]?.range.kind === "categorical";
      units[k] = isCategory ? random.uniform() : reflected((units[k] as number) + spread * random.bell());
    }
  });
  return configurationAt(space, units);
}

/** A number put back into [0, 1) by mirrors at both ends. */
function reflected(unit: number): number {
  const within = Math.abs(unit) % 2;
  return Math.min(within > 1 ? 2 - within : within, 1 - 2 ** -32);
}
