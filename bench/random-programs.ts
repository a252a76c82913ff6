import {
  compileGrammar,
  type Grammar,
  type Language,
  type Program,
  ProgramGraph,
  type Signature,
} from "../dsl/index.ts";
import { RandomStream, rootKey } from "../src/index.ts";
import { Grower } from "../src/variation/grow.ts";

/** Random programs of a language with a mean size, all different draws of one seed. */
export function randomPrograms(
  language: Language,
  signature: Signature,
  count: number,
  meanSize: number,
): { grammar: Grammar; programs: Program[] } {
  const grammar = compileGrammar(language, signature);
  const graph = new ProgramGraph(grammar);
  const grower = new Grower(grammar);
  const stream = new RandomStream();
  const key = rootKey("bench");
  const programs: Program[] = [];
  let asked = 0;
  let grown = 0;
  for (let i = 0; programs.length < count; i++) {
    stream.derive(key, 0, 0, i);
    graph.clear();
    // Grown terms stay below what was asked for, by a share that depends on the language.
    const size = Math.round(meanSize * (0.5 + stream.uniform()) * (grown === 0 ? 1 : asked / grown));
    graph.root = grower.grow(graph, stream, grammar.resultType, -1, 0, size);
    const program = graph.write(200);
    if (program === null) continue;
    programs.push({ tokens: program.tokens.slice(), constants: program.constants.slice() });
    asked += size;
    grown += program.tokens.length;
  }
  return { grammar, programs };
}
