import { RandomStream } from "../random-stream.ts";

/** A node of a tree: a leaf with its value, or a question. */
export type TreeNode =
  | { readonly kind: "leaf"; readonly value: number }
  | {
      readonly kind: "split";
      readonly feature: number;
      /** Of a number: lower ones go left. */
      readonly threshold: number;
      /** Of a category, by its number: whether it goes left; empty for numbers. */
      readonly isLeft: readonly boolean[];
      readonly left: TreeNode;
      readonly right: TreeNode;
    };

/** What a forest says of a point. */
export interface Prediction {
  readonly mean: number;
  /** Standard deviation of what single trees say. */
  readonly deviation: number;
}

export interface ForestOptions {
  readonly trees: number;
  /** Points that a leaf holds at least. */
  readonly leastLeaf: number;
  /** Questions that are tried about each feature; with more of them a feature stands in less for another that goes with it. */
  readonly questions: number;
}

/** A question that is tried: how much it tells, and who goes left. */
interface Question {
  readonly gain: number;
  readonly feature: number;
  readonly threshold: number;
  readonly isLeft: readonly boolean[];
}

/** Which category a place in [0, 1] stands for. */
export const categoryOf = (unit: number, categories: number): number =>
  Math.min(categories - 1, Math.floor(unit * categories));

/** Whether a place of the feature that a node asks for goes left. */
export const goesLeft = (node: Extract<TreeNode, { kind: "split" }>, unit: number): boolean =>
  node.isLeft.length === 0
    ? unit < node.threshold
    : (node.isLeft[categoryOf(unit, node.isLeft.length)] as boolean);

/**
 * A forest of regression trees with questions drawn at random, of which the best of a few is asked (extremely randomised trees: Geurts, Ernst
 * and Wehenkel 2006), each tree grown on points drawn with putting back, so that trees differ where little is known (Hutter et al. 2011).
 */
export class RegressionForest {
  readonly trees: readonly TreeNode[];
  readonly #points: readonly (readonly number[])[];
  readonly #values: readonly number[];
  readonly #categories: readonly number[];
  readonly #leastLeaf: number;
  readonly #questions: number;
  readonly #random = new RandomStream();

  /**
   * @param points places in [0, 1], as many for each point as there are categories; at least one point
   * @param categories of each feature the number of its categories, 0 for numbers
   */
  constructor(
    points: readonly (readonly number[])[],
    values: readonly number[],
    categories: readonly number[],
    key: Int32Array,
    { trees, leastLeaf, questions }: ForestOptions,
  ) {
    this.#points = points;
    this.#values = values;
    this.#categories = categories;
    this.#leastLeaf = leastLeaf;
    this.#questions = questions;
    this.trees = Array.from({ length: trees }, (_, tree) => {
      this.#random.derive(key, 0, tree, points.length);
      return this.#grow(points.map(() => this.#random.below(points.length)));
    });
  }

  /** The mean of all trees, and how far they differ. */
  predict(point: readonly number[]): Prediction {
    let sum = 0;
    let squares = 0;
    for (const tree of this.trees) {
      let node = tree;
      while (node.kind === "split")
        node = goesLeft(node, point[node.feature] as number) ? node.left : node.right;
      sum += node.value;
      squares += node.value * node.value;
    }
    const mean = sum / this.trees.length;
    return { mean, deviation: Math.sqrt(Math.max(0, squares / this.trees.length - mean * mean)) };
  }

  #grow(members: readonly number[]): TreeNode {
    const question = members.length >= 2 * this.#leastLeaf ? this.#bestQuestion(members) : null;
    if (question === null) {
      const sum = members.reduce((all, k) => all + (this.#values[k] as number), 0);
      return { kind: "leaf", value: sum / members.length };
    }
    const left: number[] = [];
    const right: number[] = [];
    for (const k of members) (this.#answers(question, k) ? left : right).push(k);
    const { feature, threshold, isLeft } = question;
    return { kind: "split", feature, threshold, isLeft, left: this.#grow(left), right: this.#grow(right) };
  }

  #bestQuestion(members: readonly number[]): Question | null {
    let best: Question | null = null;
    for (let feature = 0; feature < this.#categories.length; feature++)
      for (let k = 0; k < this.#questions; k++) {
        const question = this.#question(members, feature);
        if (question !== null && (best === null || question.gain > best.gain)) best = question;
      }
    return best;
  }

  /** A question about a feature, drawn at random; null where it leaves too few on a side or tells nothing. */
  #question(members: readonly number[], feature: number): Question | null {
    const categories = this.#categories[feature] as number;
    let threshold = 0;
    let isLeft: boolean[] = [];
    if (categories > 0) {
      isLeft = Array.from({ length: categories }, () => this.#random.chance(0.5));
    } else {
      let [low, high] = [1, 0];
      for (const k of members) {
        const unit = this.#points[k]?.[feature] as number;
        low = Math.min(low, unit);
        high = Math.max(high, unit);
      }
      threshold = low + this.#random.uniform() * (high - low);
    }
    const drawn = { gain: 0, feature, threshold, isLeft };
    let [count, sum, all] = [0, 0, 0];
    for (const k of members) {
      const value = this.#values[k] as number;
      all += value;
      if (!this.#answers(drawn, k)) continue;
      count++;
      sum += value;
    }
    const others = members.length - count;
    if (count < this.#leastLeaf || others < this.#leastLeaf) return null;
    // The squares between the sides, as much as the question takes from those within.
    const gain = (sum * sum) / count + ((all - sum) * (all - sum)) / others - (all * all) / members.length;
    return gain > 0 ? { ...drawn, gain } : null;
  }

  #answers({ feature, threshold, isLeft }: Question, member: number): boolean {
    const unit = this.#points[member]?.[feature] as number;
    return isLeft.length === 0 ? unit < threshold : (isLeft[categoryOf(unit, isLeft.length)] as boolean);
  }
}
