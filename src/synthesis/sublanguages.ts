import type { Grammar, Production, Type } from "../../dsl/index.ts";
import { firstOrderRound, lambdaRound, type QuestionKind, type Round } from "./round.ts";

/** A part of a language in which programs are looked for on their own. */
export interface Sublanguage {
  readonly isUsed: (row: Production) => boolean;
  readonly round: (round: number) => Round;
}

/**
 * Parts of a language with lambdas: all that is about values like those of the question, that without lambdas, which small programs fill up
 * far more slowly, and where the language has lists that hold lists of the question, those with them.
 */
export function sublanguages({ types, productions, signature }: Grammar): readonly Sublanguage[] {
  const told = [...signature.argumentTypes, signature.result];
  const usual = Math.max(...told.map(nesting));
  const question: QuestionKind = { isTelling: signature.result.kind !== "bool", hasLists: usual > 0 };
  const typesOf = ({ type, children }: Production): Type[] =>
    [type, ...children].map((id) => types[id] as Type);
  const functionsOf = (row: Production): Type[] => typesOf(row).filter(({ kind }) => kind === "function");
  const isNested = (row: Production): boolean =>
    typesOf(row).some((type) => nesting(type) > Math.max(1, usual));
  const parts: Sublanguage[] = [
    { isUsed: (row) => !isNested(row), round: (round) => lambdaRound(round, question) },
    {
      isUsed: (row) => functionsOf(row).length === 0 && !isNested(row),
      round: (round) => firstOrderRound(round, question),
    },
  ];
  // Functions of one value are enough of what may be done with lists of lists.
  if (productions.some(isNested))
    parts.push({
      isUsed: (row) =>
        functionsOf(row).every((type) => type.kind === "function" && type.parameters.length === 1),
      round: (round) => lambdaRound(round, question),
    });
  return parts;
}

/** How deep lists lie in lists in values of a type, or in what a function takes and gives. */
function nesting(type: Type): number {
  if (type.kind === "list") return 1 + nesting(type.element);
  return type.kind === "function" ? Math.max(...[...type.parameters, type.result].map(nesting)) : 0;
}
