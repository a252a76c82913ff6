import { ADD, CUBE, DIVIDE, INVERT, MULTIPLY, NEGATE, SQUARE, SUBTRACT } from "./field-operations.ts";
import { MAXIMUM_CONSTANTS, MAXIMUM_NODES, type Skeleton } from "./skeleton.ts";

/** The largest primes below 2^26, so that products of residues are exact doubles. */
const PRIMES = [67_108_859, 67_108_837] as const;

/**
 * What a skeleton computes, exactly: it is evaluated in the integers modulo two primes, at residues for arguments and constants that
 * are always the same (the k-th constant in the order of the skeleton). Two skeletons of + − × ÷ with the same signature are the same
 * rational function but for a chance of about 2^−52 (J. Schwartz, 1980; R. Zippel, 1979). Other functions take some residue to some other.
 */
export class SkeletonSignature {
  readonly #skeleton: Skeleton;
  readonly #values = new Float64Array(MAXIMUM_NODES);
  /** The same elsewhere. */
  readonly #others = new Float64Array(MAXIMUM_NODES);
  /** Where they are. */
  #point = 0;
  readonly #key = new Int32Array(4);
  /** Node → derivative with respect to one constant. */
  readonly #slopes = new Float64Array(MAXIMUM_NODES);
  readonly #matrix = new Float64Array(MAXIMUM_CONSTANTS * MAXIMUM_CONSTANTS);

  constructor(skeleton: Skeleton) {
    this.#skeleton = skeleton;
  }

  /**
   * The signature: two residues, and the number of operations.
   * @returns null where some operation gives what is known without it: a number, an argument, or what an earlier one gives
   */
  key(): Int32Array | null {
    const { count } = this.#skeleton;
    if (!this.#evaluate(PRIMES[0], 1)) return null;
    this.#others.set(this.#values);
    for (const [which, prime] of PRIMES.entries()) {
      if (!this.#evaluate(prime, 0)) return null;
      for (let i = 0; i < count; i++) {
        const value = this.#values[i] as number;
        // What is the same for other arguments depends on constants alone.
        if (which === 0 && value === this.#others[i]) return null;
        for (let k = 0; k < this.#skeleton.argumentCount; k++)
          if (value === argumentResidue(k, 0, prime)) return null;
        for (let j = 0; j < i; j++) if (this.#values[j] === value) return null;
      }
      this.#key[which] = this.#values[count - 1] as number;
    }
    this.#key[2] = count;
    // All zeros is an empty place.
    this.#key[3] = 1;
    return this.#key;
  }

  /**
   * Whether every constant is needed: the derivatives with respect to them are independent functions, so none can be left out
   * without loss. Else a smaller program does the same.
   */
  needsAllConstants(): boolean {
    const { constantCount, count } = this.#skeleton;
    const prime = PRIMES[0];
    const matrix = this.#matrix;
    for (let point = 0; point < constantCount; point++) {
      if (!this.#evaluate(prime, point + 1)) return true;
      for (let constant = 0; constant < constantCount; constant++) {
        this.#differentiate(prime, constant);
        matrix[point * constantCount + constant] = this.#slopes[count - 1] as number;
      }
    }
    return hasFullRank(matrix, constantCount, prime);
  }

  /** Residues of all nodes at a point; false where a divisor is 0. Constants are the same at all points. */
  #evaluate(prime: number, point: number): boolean {
    const { count, a, b } = this.#skeleton;
    const values = this.#values;
    this.#point = point;
    const valueOf = (operand: number): number => {
      if (operand >= 0) return values[operand] as number;
      const constant = this.#skeleton.constantOf(operand);
      return constant < 0 ? argumentResidue(-1 - operand, point, prime) : constantResidue(constant, prime);
    };
    for (let i = 0; i < count; i++) {
      const x = valueOf(a[i] as number);
      const y = valueOf(b[i] as number);
      let value: number;
      switch (this.#skeleton.operation(i)) {
        case ADD:
          value = x + y >= prime ? x + y - prime : x + y;
          break;
        case SUBTRACT:
          value = x >= y ? x - y : x - y + prime;
          break;
        case MULTIPLY:
          value = product(x, y, prime);
          break;
        case DIVIDE:
          if (y === 0) return false;
          value = product(x, inverse(y, prime), prime);
          break;
        case NEGATE:
          value = x === 0 ? 0 : prime - x;
          break;
        case INVERT:
          if (x === 0) return false;
          value = inverse(x, prime);
          break;
        case SQUARE:
          value = product(x, x, prime);
          break;
        case CUBE:
          value = product(product(x, x, prime), x, prime);
          break;
        default:
          value = scattered(x, y, this.#skeleton.production[i] as number, prime);
      }
      values[i] = value;
    }
    return true;
  }

  /** Derivatives of all nodes with respect to a constant, where they were evaluated last. */
  #differentiate(prime: number, constant: number): void {
    const { count, a, b } = this.#skeleton;
    const [values, slopes] = [this.#values, this.#slopes];
    const slopeOf = (operand: number): number =>
      operand >= 0 ? (slopes[operand] as number) : this.#skeleton.constantOf(operand) === constant ? 1 : 0;
    const valueOf = (operand: number): number => {
      if (operand >= 0) return values[operand] as number;
      const other = this.#skeleton.constantOf(operand);
      return other < 0 ? argumentResidue(-1 - operand, this.#point, prime) : constantResidue(other, prime);
    };
    const times = (x: number, y: number): number => (x === 0 || y === 0 ? 0 : product(x, y, prime));
    for (let i = 0; i < count; i++) {
      const [p, q] = [a[i] as number, b[i] as number];
      const [dp, dq] = [slopeOf(p), slopeOf(q)];
      if (dp === 0 && dq === 0) {
        slopes[i] = 0;
        continue;
      }
      const value = values[i] as number;
      switch (this.#skeleton.operation(i)) {
        case ADD:
          slopes[i] = (dp + dq) % prime;
          break;
        case SUBTRACT:
          slopes[i] = (dp - dq + prime) % prime;
          break;
        case MULTIPLY:
          slopes[i] = (times(dp, valueOf(q)) + times(dq, valueOf(p))) % prime;
          break;
        case DIVIDE:
          slopes[i] = times((dp - times(dq, value) + prime) % prime, inverse(valueOf(q), prime));
          break;
        case NEGATE:
          slopes[i] = prime - dp;
          break;
        case INVERT:
          slopes[i] = prime - times(dp, times(value, value));
          break;
        case SQUARE:
          slopes[i] = times(2 * dp >= prime ? 2 * dp - prime : 2 * dp, valueOf(p));
          break;
        case CUBE:
          slopes[i] = times(times(3, dp), times(valueOf(p), valueOf(p)));
          break;
        default: {
          const row = this.#skeleton.production[i] as number;
          const [x, y] = [valueOf(p), valueOf(q)];
          const byFirst = times(dp, scattered(x, y, -1 - row, prime));
          slopes[i] = this.#skeleton.isBinary(i)
            ? (byFirst + times(dq, scattered(y, x, -1001 - row, prime))) % prime
            : byFirst;
        }
      }
    }
  }
}

/** x y modulo a prime below 2^26. */
function product(x: number, y: number, prime: number): number {
  const exact = x * y;
  const rest = exact - Math.floor(exact / prime) * prime;
  return rest < 0 ? rest + prime : rest >= prime ? rest - prime : rest;
}

/** 1 / x modulo a prime, by Euclid's algorithm. */
function inverse(x: number, prime: number): number {
  let [r, s] = [prime, x];
  let [u, v] = [0, 1];
  while (s !== 0) {
    const quotient = Math.floor(r / s);
    const rest = r - quotient * s;
    r = s;
    s = rest;
    const next = u - quotient * v;
    u = v;
    v = next;
  }
  return u < 0 ? u + prime : u;
}

const argumentResidue = (index: number, point: number, prime: number): number =>
  scattered(31_415_926 + point, index, 7, prime);
const constantResidue = (index: number, prime: number): number => scattered(27_182_818, index, 11, prime);

/** A residue from 2 on that looks like chance. */
function scattered(x: number, y: number, seed: number, prime: number): number {
  let h = Math.imul(x ^ (x >>> 16), 0x85ebca6b) ^ Math.imul((y + seed) | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) + Math.imul(y ^ (y >>> 15), 0x27d4eb2f);
  h ^= h >>> 16;
  return 2 + ((h >>> 0) % (prime - 2));
}

/** Gauss's elimination modulo a prime. */
function hasFullRank(matrix: Float64Array, count: number, prime: number): boolean {
  for (let column = 0; column < count; column++) {
    let pivot = column;
    while (pivot < count && matrix[pivot * count + column] === 0) pivot++;
    if (pivot === count) return false;
    if (pivot !== column)
      for (let k = column; k < count; k++) {
        const held = matrix[column * count + k] as number;
        matrix[column * count + k] = matrix[pivot * count + k] as number;
        matrix[pivot * count + k] = held;
      }
    const scale = inverse(matrix[column * count + column] as number, prime);
    for (let row = column + 1; row < count; row++) {
      const head = matrix[row * count + column] as number;
      if (head === 0) continue;
      const factor = product(head, scale, prime);
      for (let k = column; k < count; k++) {
        const rest =
          (matrix[row * count + k] as number) - product(factor, matrix[column * count + k] as number, prime);
        matrix[row * count + k] = rest < 0 ? rest + prime : rest;
      }
    }
  }
  return true;
}
