import { type Grammar, ProgramGraph } from "../../dsl/index.ts";
import type { Archive } from "../archive/archive.ts";
import type { Parameters } from "../parameters.ts";
import type { RandomStream } from "../random-stream.ts";
import type { Selector } from "../selectors/selector.ts";
import { Grower } from "../variation/grow.ts";
import { variationOperators } from "../variation/index.ts";
import type { VariationContext } from "../variation/variation-operator.ts";
import type { Emitter } from "./emitter.ts";

const MAXIMUM_VARIATIONS = 4;
const ATTEMPTS = 10;

/**
 * Varies selected elites: an operator drawn by weight, sometimes another on top. Needs a non-empty archive; where no
 * attempt gives a program within the size limit, `fallback` proposes.
 */
export function variationEmitter(
  grammar: Grammar,
  parameters: Parameters,
  selector: Selector,
  fallback: Emitter,
): Emitter {
  const graph = new ProgramGraph(grammar);
  const selectMate = selector.selectMate ?? selector.select;
  // Constants that are fitted need no other variation.
  const variesConstants = grammar.isConstant.includes(1) && parameters.constantFitting === "off";
  const sharesValues = parameters.valueSharing === "on";
  const usable = variationOperators.map(({ operator, weights }) =>
    operator.name === "constant-perturbation" && !variesConstants ? 0 : weights[parameters.variation],
  );
  const total = usable.reduce((sum, w) => sum + w, 0);
  const draw = (stream: RandomStream): number => {
    let ticket = stream.below(total);
    let operator = 0;
    while (ticket >= (usable[operator] as number)) ticket -= usable[operator++] as number;
    return operator;
  };
  let archive: Archive;
  let stream: RandomStream;
  const context: VariationContext = {
    grower: new Grower(grammar),
    selectMate: () => selectMate(archive, stream).program,
  };
  return {
    name: "variation",
    propose: (from, random, parent) => {
      archive = from;
      stream = random;
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const varied =
          attempt === 0 && parent !== undefined ? parent : selector.select(archive, stream).program;
        graph.read(varied);
        let last = -1;
        for (let variations = 0; variations < MAXIMUM_VARIATIONS; variations++) {
          const operator = draw(stream);
          const nodes = graph.count;
          if (variationOperators[operator]?.operator.vary(graph, stream, context) === true) {
            last = operator;
            // Terms that were cut off stay in the graph. An operator that picks one changes nothing: cheaper than reading anew.
            if (!stream.chance(parameters.extraVariationChance)) break;
          } else graph.count = nodes;
        }
        if (last < 0) continue;
        const program = graph.write(parameters.maximumSize, sharesValues);
        if (program !== null) return { program, operator: last, parent: varied };
      }
      return fallback.propose(archive, stream);
    },
  };
}
