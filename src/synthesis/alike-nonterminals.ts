import { type Grammar, type Type, typeText } from "../../dsl/index.ts";

/** Nonterminal → the first one with the same rules, whose terms it shares. */
export function alikeNonterminals({ types, productions }: Grammar): number[] {
  const firstOf = new Map<string, number>();
  return types.map((_, type) => {
    const rules = [
      typeText(types[type] as Type),
      ...productions
        .filter((p) => p.type === type)
        .map((p) => [p.kind, p.label, p.index, p.children.join(" ")].join("|"))
        .sort(),
    ].join("\n");
    const known = firstOf.get(rules);
    if (known === undefined) firstOf.set(rules, type);
    return known ?? type;
  });
}
