import type { Value } from "../../dsl/index.ts";
import { RandomStream, rootKey } from "../random-stream.ts";

/** How a coordinate is drawn: small, larger, or by one of the constants. */
const SMALL = 3;
const LARGE = 40;
/** Points of which one after another differs in one coordinate. */
const MOST_NEIGHBOURS = 60;

/** Points to try first: small and larger integers, and such as are near to constants of the constraints and to each other. */
export class PointSource {
  readonly #isTruth: readonly boolean[];
  readonly #constants: readonly number[];
  readonly #random = new RandomStream();

  /** @param isTruth coordinate → whether it is a truth */
  constructor(isTruth: readonly boolean[], constants: readonly number[]) {
    this.#isTruth = isTruth;
    this.#constants = constants;
    this.#random.derive(rootKey("points of constraints"), 0, 0, 0);
  }

  #coordinate(others: readonly Value[]): number {
    const random = this.#random;
    const near = random.below(3) - 1;
    const other = others[random.below(Math.max(1, others.length))];
    switch (random.below(4)) {
      case 0:
        return random.below(2 * SMALL + 1) - SMALL;
      case 1:
        return random.below(2 * LARGE + 1) - LARGE;
      case 2:
        return (this.#constants[random.below(Math.max(1, this.#constants.length))] ?? 0) + near;
      default:
        return typeof other === "number" ? other + near : near;
    }
  }

  next(): readonly Value[] {
    const point: Value[] = [];
    // In half of the points all coordinates are spread, so that ties are rare.
    const isSpread = this.#random.below(2) === 0;
    for (const isTruth of this.#isTruth)
      point.push(
        isTruth
          ? this.#random.below(2) === 1
          : isSpread
            ? this.#random.below(2 * LARGE + 1) - LARGE
            : this.#coordinate(point),
      );
    return point;
  }

  /** A point's neighbours, each with one other coordinate. */
  neighbours(point: readonly Value[]): readonly (readonly Value[])[] {
    const found: (readonly Value[])[] = [];
    for (let k = 0; k < point.length && found.length < MOST_NEIGHBOURS; k++) {
      const others = this.#isTruth[k] === true ? [point[k] !== true] : this.#near(point, k);
      for (const value of others) found.push(point.map((own, at) => (at === k ? value : own)));
    }
    return found;
  }

  #near(point: readonly Value[], at: number): number[] {
    const own = point[at] as number;
    const other = point[this.#random.below(point.length)];
    return [own - 1, own + 1, typeof other === "number" ? other + this.#random.below(3) - 1 : 0];
  }
}
