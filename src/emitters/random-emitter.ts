import { type Grammar, type Program, ProgramGraph } from "../../dsl/index.ts";
import type { Parameters } from "../parameters.ts";
import type { RandomStream } from "../random-stream.ts";
import { Grower } from "../variation/grow.ts";
import type { Emitter } from "./emitter.ts";

/** Grows typed programs at random, of sizes from the smallest possible to `randomSize`. */
export function randomEmitter(grammar: Grammar, parameters: Parameters): Emitter {
  const graph = new ProgramGraph(grammar);
  const grower = new Grower(grammar);
  const least = grammar.minimumSizeOfType[grammar.resultType] as number;
  const span = Math.max(1, Math.min(parameters.randomSize, parameters.maximumSize) - least + 1);
  const grow = (size: number, stream: RandomStream): Program | null => {
    graph.clear();
    graph.root = grower.grow(graph, stream, grammar.resultType, -1, 0, size);
    return graph.root < 0 ? null : graph.write(Math.max(least, parameters.maximumSize));
  };
  return {
    name: "random",
    propose: (_archive, stream) => {
      for (let tries = 0; tries < 20; tries++) {
        const program = grow(least + stream.below(span), stream);
        if (program !== null) return { program, operator: -1, parent: null };
      }
      for (;;) {
        const program = grow(least, stream);
        if (program !== null) return { program, operator: -1, parent: null };
      }
    },
  };
}
