import { type Grammar, readSygusTask, type Signature } from "../../dsl/index.ts";
import { exampleGrammar, type ExampleSet } from "./example-set.ts";

/** What tells a grammar, as it can be sent to a thread: a grammar has functions in it. */
export type GrammarSource =
  | { readonly kind: "sygus"; readonly fileName: string; readonly text: string }
  | {
      readonly kind: "examples";
      readonly signature: Signature;
      readonly examples: ExampleSet["examples"];
    };

/** The grammar that is told. */
export const grammarOfSource = (source: GrammarSource): Grammar =>
  source.kind === "sygus" ? readSygusTask(source.text, source.fileName).grammar : exampleGrammar(source);

/** What two grammars must have in common so that one's programs mean the same in the other. */
export const grammarOutline = ({ productions }: Grammar): string =>
  productions
    .map(({ kind, type, label, children }) => `${kind} ${type} ${label} ${children.join(" ")}`)
    .join("\n");
