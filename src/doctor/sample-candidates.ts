import type { Program } from "../../dsl/index.ts";
import { Archive } from "../archive/archive.ts";
import { epochTools } from "../island.ts";
import { RandomStream } from "../random-stream.ts";
import type { Task } from "../task.ts";

/** The search never has an epoch of this number, so its streams are its own. */
const SAMPLE_EPOCH = 0x7fffffff;

/** Programs as the search would propose them next with these elites; at random while there are none. */
export function sampleCandidates(
  task: Task,
  key: Int32Array,
  count: number,
  archive = new Archive(task.space),
): Program[] {
  const { random, variation, selector } = epochTools(task);
  selector.prepare?.(archive);
  const stream = new RandomStream();
  return Array.from({ length: count }, (_, candidate) => {
    stream.derive(key, 0, SAMPLE_EPOCH, candidate);
    const isRandom = archive.count === 0 || stream.chance(task.parameters.randomShare);
    const { program } = (isRandom ? random : variation).propose(archive, stream);
    return { tokens: program.tokens.slice(), constants: program.constants.slice() };
  });
}
