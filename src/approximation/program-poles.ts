import { DoubleDoubleMachine, type Grammar, type Program, ProgramGraph } from "../../dsl/index.ts";

/** Which child a row divides by. */
const divisors: ReadonlyMap<string, number> = new Map([
  ["divide", 1],
  ["inverse", 0],
]);

/** Points that an interval between points is cut by, again and again, until its ends are neighbours among doubles. */
const CUTS = 62;
const ROUNDS = 12;

/**
 * Finds where programs over one real divide by something that changes sign between points: there they may have a pole, which the points
 * alone do not show.
 */
export class DivisorZeros {
  readonly #grammar: Grammar;
  readonly #points: Float64Array;
  readonly #graph: ProgramGraph;
  readonly #machine: DoubleDoubleMachine;

  /**
   * @param grammar of reals
   * @param points ascending
   */
  constructor(grammar: Grammar, points: Float64Array) {
    this.#grammar = grammar;
    this.#points = points;
    this.#graph = new ProgramGraph(grammar);
    this.#machine = new DoubleDoubleMachine(grammar, [points], points.length);
  }

  /** The doubles before and behind each change of sign, and the zero between them where it is a double. */
  of(program: Program): Float64Array {
    const found: number[] = [];
    for (const divisor of this.#divisorsOf(program)) {
      const values = this.#machine.run(divisor).high.slice();
      for (let i = 1; i < values.length; i++)
        if ((values[i - 1] as number) * (values[i] as number) < 0)
          found.push(...this.#around(divisor, this.#points[i - 1] as number, this.#points[i] as number));
    }
    return Float64Array.from(new Set(found)).sort();
  }

  #divisorsOf(program: Program): Program[] {
    const graph = this.#graph;
    graph.clear();
    graph.read(program);
    const roots = new Set<number>();
    for (let node = 0; node < graph.count; node++) {
      const row = this.#grammar.productions[graph.production[node] as number]?.primitive;
      const child = divisors.get((row?.vector as string | undefined) ?? "");
      if (child !== undefined) roots.add(graph.child[node * 4 + child] as number);
    }
    return [...roots].flatMap((root) => {
      graph.root = root;
      const divisor = graph.write(graph.count);
      return divisor === null
        ? []
        : [{ tokens: divisor.tokens.slice(), constants: divisor.constants.slice() }];
    });
  }

  #around(divisor: Program, from: number, to: number): number[] {
    let [low, high] = [from, to];
    for (let round = 0; round < ROUNDS; round++) {
      const cuts = [
        ...new Set(Array.from({ length: CUTS }, (_, k) => low + ((high - low) * (k + 1)) / (CUTS + 1))),
      ].filter((x) => low < x && x < high);
      if (cuts.length === 0) break;
      const inner = Float64Array.of(low, ...cuts, high);
      const values = new DoubleDoubleMachine(this.#grammar, [inner], inner.length).run(divisor).high;
      const zero = values.indexOf(0);
      if (zero > 0 && zero < inner.length - 1)
        return [inner[zero - 1] as number, inner[zero] as number, inner[zero + 1] as number];
      const behind = inner.findIndex(
        (_, k) => k > 0 && (values[k - 1] as number) * (values[k] as number) < 0,
      );
      if (behind < 0) break;
      [low, high] = [inner[behind - 1] as number, inner[behind] as number];
    }
    return [low, high];
  }
}
