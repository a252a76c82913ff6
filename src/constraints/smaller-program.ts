import { type Grammar, Layout, type Production, type Program } from "../../dsl/index.ts";

/** Constants that take the place of larger terms where any constant is allowed. */
const SHORT_CONSTANTS = [0, 1] as const;

/**
 * Programs that follow from one by putting a smaller term in the place of a part: one of that part's own parts, an argument or a constant.
 * The largest parts come first.
 */
export function* smallerPrograms(grammar: Grammar, program: Program): Generator<Program> {
  const { tokens, constants } = program;
  const layout = new Layout(tokens.length);
  layout.read(grammar, program);
  const startOf = (end: number): number => layout.start[end] as number;
  const constantsFrom = (end: number): number => layout.firstConstant[end] as number;
  const constantsIn = (end: number): number => {
    let count = 0;
    for (let at = startOf(end); at <= end; at++) count += grammar.isConstant[tokens[at] as number] as number;
    return count;
  };
  const replaced = (end: number, by: readonly number[], byConstants: readonly number[]): Program => {
    const first = constantsFrom(end);
    return {
      tokens: Int32Array.from([...tokens.subarray(0, startOf(end)), ...by, ...tokens.subarray(end + 1)]),
      constants: Float64Array.from([
        ...constants.subarray(0, first),
        ...byConstants,
        ...constants.subarray(first + constantsIn(end)),
      ]),
    };
  };
  const sizeOf = (end: number): number => end - startOf(end) + 1;
  const ends = Array.from(tokens.keys()).filter((end) => sizeOf(end) > 1);
  ends.sort((a, b) => sizeOf(b) - sizeOf(a) || a - b);
  for (const end of ends) {
    const type = grammar.typeOf[tokens[end] as number] as number;
    for (const production of grammar.productions) {
      if (production.type !== type) continue;
      if (production.kind === "argument" || production.kind === "literal")
        yield replaced(end, [production.id], []);
      if (production.kind === "constant")
        for (const constant of SHORT_CONSTANTS) yield replaced(end, [production.id], [constant]);
    }
    for (let inner = end - 1; inner >= startOf(end); inner--) {
      if ((grammar.typeOf[tokens[inner] as number] as number) !== type || sizeOf(inner) === 1) continue;
      const first = constantsFrom(inner);
      yield replaced(
        end,
        [...tokens.subarray(startOf(inner), inner + 1)],
        [...constants.subarray(first, first + constantsIn(inner))],
      );
    }
    yield* swappedBranches(grammar, program, layout, end);
  }
}

/** (ite c a b) where c is (not d) as (ite d b a). */
function* swappedBranches(
  grammar: Grammar,
  program: Program,
  layout: Layout,
  end: number,
): Generator<Program> {
  const { tokens, constants } = program;
  const production = grammar.productions[tokens[end] as number] as Production;
  if (production.label !== "ite" || production.children.length !== 3) return;
  const elseEnd = end - 1;
  const thenEnd = (layout.start[elseEnd] as number) - 1;
  const notEnd = (layout.start[thenEnd] as number) - 1;
  const condition = grammar.productions[tokens[notEnd] as number] as Production;
  if (condition.label !== "not" || condition.children[0] !== condition.type) return;
  if (production.children[1] !== production.children[2]) return;
  const partOf = (last: number): readonly number[] => [
    ...tokens.subarray(layout.start[last] as number, last + 1),
  ];
  const [c0, t0, e0] = [notEnd, thenEnd, elseEnd].map((last) => layout.firstConstant[last] as number) as [
    number,
    number,
    number,
  ];
  let after = e0;
  for (const token of partOf(elseEnd)) after += grammar.isConstant[token] as number;
  yield {
    tokens: Int32Array.from([
      ...tokens.subarray(0, layout.start[notEnd] as number),
      ...partOf(notEnd).slice(0, -1),
      ...partOf(elseEnd),
      ...partOf(thenEnd),
      ...tokens.subarray(end),
    ]),
    constants: Float64Array.from([
      ...constants.subarray(0, c0),
      ...constants.subarray(c0, t0),
      ...constants.subarray(e0, after),
      ...constants.subarray(t0, e0),
      ...constants.subarray(after),
    ]),
  };
}
