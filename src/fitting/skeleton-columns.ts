import type { Primitive, Production } from "../../dsl/index.ts";
import { ADD, DIVIDE, MULTIPLY, SUBTRACT } from "./field-operations.ts";
import { MAXIMUM_NODES, type Skeleton } from "./skeleton.ts";

/** What the nodes of a skeleton give on a few cases, with the constants as they are wanted. */
export class SkeletonColumns {
  readonly #skeleton: Skeleton;
  readonly #inputs: readonly Float64Array[];
  readonly #caseCount: number;
  readonly #columns: readonly Float64Array[];

  constructor(skeleton: Skeleton, inputs: readonly Float64Array[], caseCount: number) {
    this.#skeleton = skeleton;
    this.#inputs = inputs;
    this.#caseCount = caseCount;
    this.#columns = Array.from({ length: MAXIMUM_NODES }, () => new Float64Array(caseCount));
  }

  /**
   * The column of an operand that is no constant. It belongs to the columns.
   * @param constants of the skeleton, which may be others than its own
   */
  of(operand: number, constants: Float64Array): Float64Array {
    if (operand < 0) return this.#inputs[-1 - operand] as Float64Array;
    const skeleton = this.#skeleton;
    const cases = this.#caseCount;
    for (let node = 0; node <= operand; node++) {
      const out = this.#columns[node] as Float64Array;
      const [p, q] = [skeleton.a[node] as number, skeleton.b[node] as number];
      const [c, d] = [skeleton.constantOf(p), skeleton.constantOf(q)];
      const x = c < 0 ? this.#columnOf(p) : out.fill(constants[c] as number);
      const isFixed = d >= 0;
      const y = isFixed ? x : this.#columnOf(q);
      const value = isFixed ? (constants[d] as number) : 0;
      const operation = skeleton.operation(node);
      const { primitive } = skeleton.grammar.productions[skeleton.production[node] as number] as Production;
      for (let i = 0; i < cases; i++) {
        const a = x[i] as number;
        const b = isFixed ? value : (y[i] as number);
        switch (operation) {
          case ADD:
            out[i] = a + b;
            break;
          case SUBTRACT:
            out[i] = a - b;
            break;
          case MULTIPLY:
            out[i] = a * b;
            break;
          case DIVIDE:
            out[i] = a / b;
            break;
          default:
            out[i] = (primitive as Primitive).apply(a, b) as number;
        }
      }
    }
    return this.#columns[operand] as Float64Array;
  }

  #columnOf(operand: number): Float64Array {
    return (operand >= 0 ? this.#columns[operand] : this.#inputs[-1 - operand]) as Float64Array;
  }
}
