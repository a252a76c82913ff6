import { RandomStream } from "../random-stream.ts";
import { type Configuration, type ParameterSpace, parameterNames, unitsOf } from "./parameter-space.ts";
import { categoriesOf } from "./proposals.ts";
import { categoryOf, RegressionForest, type TreeNode } from "./regression-forest.ts";

/** A parameter and the part of what configurations differ by that it explains alone. */
export interface Importance {
  readonly name: string;
  /** In [0, 1]; all together at most 1. */
  readonly share: number;
}

const FOREST = { trees: 64, leastLeaf: 5, questions: 16 };
/** Equal parts that the range of a number is looked at in. */
const PARTS = 64;
const SAMPLES = 2000;

/**
 * How much each parameter matters over the whole space: its part of the variance of a forest fitted to the strengths of configurations, where all
 * others are averaged out (functional ANOVA: Hutter, Hoos and Leyton-Brown 2014). What parameters do only together is in no share. Parameters
 * that are not active are taken to be at their defaults.
 * @param configurations canonical
 * @param values of each configuration, such as the strengths of a `TuningSummary`; finite
 * @returns the most important first; shares of 0 where nothing differs
 */
export function parameterImportance(
  space: ParameterSpace,
  configurations: readonly Configuration[],
  values: readonly number[],
  key: Int32Array,
): Importance[] {
  const names = parameterNames(space);
  const nothing = names.map((name) => ({ name, share: 0 }));
  if (configurations.length === 0) return nothing;
  const categories = categoriesOf(space);
  const points = configurations.map((configuration) => unitsOf(space, configuration));
  const forest = new RegressionForest(points, values, categories, key, FOREST);
  const alone = names.map((_, feature) => varianceAlone(forest, feature, categories));
  const random = new RandomStream().derive(key, 3, 0, 0);
  const drawn = Array.from({ length: SAMPLES }, () => names.map(() => random.uniform()));
  const sum = alone.reduce((all, one) => all + one, 0);
  // The variance is only estimated, and is not below what its parts sum up to.
  const total = Math.max(sum, varianceOf(drawn.map((point) => forest.predict(point).mean)));
  if (!(total > 0)) return nothing;
  return names
    .map((name, k) => ({ name, share: (alone[k] as number) / total }))
    .sort((p, q) => q.share - p.share || (p.name < q.name ? -1 : 1));
}

/** The variance of the mean over all other features, along one of them. */
function varianceAlone(forest: RegressionForest, feature: number, categories: readonly number[]): number {
  const parts = (categories[feature] as number) || PARTS;
  const means = new Float64Array(parts);
  for (const tree of forest.trees) addMeans(means, tree, feature, parts, categories);
  return varianceOf(Array.from(means, (sum) => sum / forest.trees.length));
}

/** Adds the mean of a tree over all other features for the middle of each part of one. */
function addMeans(
  means: Float64Array,
  tree: TreeNode,
  feature: number,
  parts: number,
  categories: readonly number[],
): void {
  /** What is within all questions so far: an interval of each number, and which of the categories. */
  const low = categories.map(() => 0);
  const high = categories.map(() => 1);
  const allowed = categories.map((count) => Array.from({ length: count }, () => true));
  const visit = (node: TreeNode, volume: number): void => {
    if (volume === 0) return;
    if (node.kind === "leaf") {
      for (let part = 0; part < parts; part++) {
        const middle = (part + 0.5) / parts;
        const isWithin =
          (categories[feature] as number) > 0
            ? (allowed[feature] as boolean[])[categoryOf(middle, parts)]
            : middle >= (low[feature] as number) && middle < (high[feature] as number);
        if (isWithin) means[part] = (means[part] as number) + volume * node.value;
      }
      return;
    }
    const { feature: asked, threshold, isLeft, left, right } = node;
    // The volume is that of the other features.
    const share = (part: number, whole: number): number => (asked === feature ? 1 : part / whole);
    if (isLeft.length > 0) {
      const before = allowed[asked] as boolean[];
      const count = before.filter(Boolean).length;
      for (const [side, next] of [
        [true, left],
        [false, right],
      ] as const) {
        const within = before.map((is, k) => is && isLeft[k] === side);
        const size = within.filter(Boolean).length;
        if (size === 0) continue;
        allowed[asked] = within;
        visit(next, volume * share(size, count));
      }
      allowed[asked] = before;
      return;
    }
    const [from, to] = [low[asked] as number, high[asked] as number];
    const cut = Math.max(from, Math.min(to, threshold));
    high[asked] = cut;
    visit(left, volume * share(cut - from, to - from));
    high[asked] = to;
    low[asked] = cut;
    visit(right, volume * share(to - cut, to - from));
    low[asked] = from;
  };
  visit(tree, 1);
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length;
}
