import { workerData } from "node:worker_threads";
import { evolveTerms, grammarOfSource, grammarOutline } from "../src/index.ts";
import { type EvolutionMessage, type EvolutionStart, PROTOCOL_VERSION } from "./protocol.ts";

const { protocol, source, outline, examples } = workerData as EvolutionStart;
if (protocol !== PROTOCOL_VERSION) throw new Error(`protocol must be ${PROTOCOL_VERSION}; got ${protocol}`);
const grammar = grammarOfSource(source);
if (grammarOutline(grammar) !== outline)
  throw new Error("the grammar of a thread must be the one of the search; it is another");

/** Runs one epoch of evolution. */
export default function run({ job }: EvolutionMessage): ReturnType<typeof evolveTerms> {
  return evolveTerms(grammar, examples, job);
}
