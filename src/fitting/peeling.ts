import { ADD, DIVIDE, INVERT, MULTIPLY, NEGATE, SUBTRACT } from "./field-operations.ts";
import type { Image } from "./images.ts";
import { MAXIMUM_NODES, type Skeleton } from "./skeleton.ts";
import type { SkeletonColumns } from "./skeleton-columns.ts";

/** What is left of a program once operations at its end are undone on the target. */
export interface Core {
  /** Its last node. */
  readonly root: number;
  /** Operations that were undone. */
  readonly layers: number;
  /** How many of them are squares; the rest are operations with terms that have no constants. */
  readonly squares: number;
  /** What the core must give. */
  readonly image: Image;
}

const NO_CONSTANTS = new Float64Array(0);

/**
 * Undoes what can be undone without knowing a constant: squares, and operations on a term of arguments alone. So x · (…) is fitted to the
 * target by fitting what stands in the brackets to the target divided by x.
 */
export class Peeler {
  readonly #skeleton: Skeleton;
  readonly #columns: SkeletonColumns;
  readonly #hasConstant = new Uint8Array(MAXIMUM_NODES);

  constructor(skeleton: Skeleton, columns: SkeletonColumns) {
    this.#skeleton = skeleton;
    this.#columns = columns;
  }

  /** @param maximumSquares that are undone */
  peel(target: Image, maximumSquares: number): Core {
    const skeleton = this.#skeleton;
    this.#mark();
    let root = skeleton.count - 1;
    let layers = 0;
    let squares = 0;
    let image = target;
    for (;;) {
      const inner = this.#inner(root);
      if (inner < 0) break;
      const isSquare = skeleton.isSquareOf(root, inner);
      if (isSquare && squares === maximumSquares) break;
      const next = isSquare ? rootOf(image) : this.#undone(root, inner, image);
      if (next === null) break;
      if (isSquare) squares++;
      image = next;
      root = inner;
      layers++;
    }
    return { root, layers, squares, image };
  }

  #mark(): void {
    const skeleton = this.#skeleton;
    const has = (operand: number): number =>
      operand >= 0 ? (this.#hasConstant[operand] as number) : Number(skeleton.constantOf(operand) >= 0);
    for (let i = 0; i < skeleton.count; i++)
      this.#hasConstant[i] = has(skeleton.a[i] as number) | has(skeleton.b[i] as number);
  }

  /** The operand of a node that has constants, where nothing else needs it and the other operand has none; −1 where there is none. */
  #inner(node: number): number {
    const skeleton = this.#skeleton;
    const [a, b] = [skeleton.a[node] as number, skeleton.b[node] as number];
    if (!skeleton.isBinary(node) || a === b)
      return a >= 0 && this.#hasConstant[a] === 1 && skeleton.uses[a] === (skeleton.isBinary(node) ? 2 : 1)
        ? a
        : -1;
    const isOpen = (operand: number): boolean => operand >= 0 && this.#hasConstant[operand] === 1;
    const isKnown = (operand: number): boolean =>
      operand >= 0 ? this.#hasConstant[operand] === 0 : skeleton.constantOf(operand) < 0;
    if (isOpen(a) && isKnown(b) && skeleton.uses[a] === 1) return a;
    return isOpen(b) && isKnown(a) && skeleton.uses[b] === 1 ? b : -1;
  }

  /** What an operand must be for its node to be as wanted; null where that is no number. */
  #undone(node: number, inner: number, { expected, weights }: Image): Image | null {
    const skeleton = this.#skeleton;
    const operation = skeleton.operation(node);
    const isFirst = skeleton.a[node] === inner;
    const other = (isFirst ? skeleton.b[node] : skeleton.a[node]) as number;
    const known = other === inner ? null : this.#columns.of(other, NO_CONSTANTS);
    const wanted = new Float64Array(expected.length);
    const counts = new Float64Array(expected.length);
    for (let i = 0; i < expected.length; i++) {
      const y = expected[i] as number;
      const k = known?.[i] ?? 0;
      let r: number;
      let slope = 1;
      if (known === null) {
        if (operation === NEGATE) r = -y;
        else if (operation === INVERT) {
          r = 1 / y;
          slope = y * y;
        } else return null;
      } else
        switch (operation) {
          case ADD:
            r = y - k;
            break;
          case SUBTRACT:
            r = isFirst ? y + k : k - y;
            break;
          case MULTIPLY:
            r = y / k;
            slope = k;
            break;
          case DIVIDE:
            r = isFirst ? y * k : k / y;
            slope = isFirst ? 1 / k : k / (r * r);
            break;
          default:
            return null;
        }
      const weight = (weights[i] as number) * Math.abs(slope);
      if (!Number.isFinite(r) || !Number.isFinite(weight)) return null;
      wanted[i] = r;
      counts[i] = weight;
    }
    return { expected: wanted, weights: counts };
  }
}

/** What is squared to an image; null where that is negative. */
function rootOf({ expected, weights }: Image): Image | null {
  if (!expected.every((value) => value > 0)) return null;
  const roots = expected.map((value) => Math.sqrt(value));
  return { expected: roots, weights: weights.map((weight, i) => 2 * weight * (roots[i] as number)) };
}
