import {
  assembleGrammar,
  checkSignature,
  type Draft,
  type Grammar,
  literalLabel,
  MAXIMUM_PRODUCTIONS,
  smallestTerms,
  tellApart,
  UNREACHABLE,
  usefulDrafts,
} from "./grammar.ts";
import { InputError } from "./input-error.ts";
import { defineLanguage, type Language, type Literal } from "./language.ts";
import { isName, nameRule } from "./name.ts";
import type { Primitive } from "./primitive.ts";
import { isValueOf, type Signature, type Type, typeText } from "./type.ts";
import { outcomeText, type Value } from "./value.ts";

/** One way to write what a nonterminal stands for. The type of a literal or constant is that of the place where it stands. */
export type Rule =
  | { readonly kind: "argument"; readonly name: string }
  | { readonly kind: "literal"; readonly value: Value }
  /** Any constant of the type, which must be a number. */
  | { readonly kind: "constant" }
  /** All that another nonterminal stands for. */
  | { readonly kind: "nonterminal"; readonly name: string }
  | { readonly kind: "application"; readonly row: Primitive; readonly arguments: readonly Rule[] };

export interface Nonterminal {
  readonly name: string;
  readonly type: Type;
  readonly rules: readonly Rule[];
}

export interface RulesDefinition {
  /** For messages, and to tell grammars apart. */
  readonly name: string;
  readonly signature: Signature;
  /** The nonterminal that programs are of. */
  readonly start: string;
  readonly nonterminals: readonly Nonterminal[];
  /** What rows mean beyond their names, such as the bodies of functions that a task defines. Part of the fingerprint. */
  readonly meanings?: readonly string[];
}

/** A grammar of nonterminals: each is a type id of its own, and several may have types of the same shape. */
export interface RuleGrammar extends Grammar {
  /** Type id → the nonterminal's name. Those that stand for an argument within a rule have names made for them. */
  readonly nonterminals: readonly string[];
}

/** A rule with the nonterminals in place of what stood within it. */
type FlatRule =
  | Exclude<Rule, { readonly kind: "application" }>
  | { readonly kind: "application"; readonly row: Primitive; readonly children: readonly number[] };

/**
 * Builds a grammar from nonterminals and their rules, as SyGuS tasks have them (Alur et al. 2013), where
 * `compileGrammar` takes all well-typed terms of a language.
 * @throws InputError listing all that is wrong with the rules, or if no program follows from them
 */
export function compileRules(definition: RulesDefinition): RuleGrammar {
  const { signature, start } = definition;
  const where = `grammar "${definition.name}"`;
  checkSignature({ types: definition.nonterminals.map((n) => n.type) }, signature);
  const table = new Flattening(where, definition);
  const startId = table.idOf(start);
  if (startId === undefined)
    throw new InputError(`${where} must have rules for its start, ${start}; it has none of that name.`);
  if (typeText(table.types[startId] as Type) !== typeText(signature.result))
    table.problems.push(
      `${where} start ${start} must be of type ${typeText(signature.result)}, as the program's result is; got ${typeText(table.types[startId] as Type)}.`,
    );
  if (table.problems.length > 0) throw new InputError(table.problems);

  const drafts = table.drafts();
  const sizes = smallestTerms(drafts, table.types.length);
  const root = table.standsFor(startId);
  if ((sizes.ofType[root] as number) >= UNREACHABLE)
    throw new InputError(
      `${where} must have a program; no term without nonterminals follows from ${start}. Add a rule such as an argument or a literal.`,
    );
  const { reachable, drafts: useful } = usefulDrafts(drafts, sizes, root);

  // Type ids are given anew, so that types that no program has do not keep it off a machine.
  const kept = table.types.map((_, id) => id).filter((id) => reachable.has(id));
  const newId = new Map(kept.map((id, index) => [id, index]));
  const types = kept.map((id) => table.types[id] as Type);
  const nonterminals = kept.map((id) => table.names[id] as string);
  const renumbered = useful.map(
    (d): Draft =>
      Object.assign({}, d, {
        type: newId.get(d.type) as number,
        children: d.children.map((c) => newId.get(c) as number),
      }),
  );
  const language = languageOf(definition.name, types, renumbered);
  const grammar = assembleGrammar({
    language,
    signature,
    types,
    drafts: tellApart(language, (type) => nonterminals[type] as string, renumbered),
    sizes: smallestTerms(renumbered, types.length),
    resultType: newId.get(root) as number,
    // Texts of types do not tell nonterminals apart: their numbers stand here (see `grammar-form.ts`).
    fingerprint: (productions) =>
      JSON.stringify([
        definition.name,
        productions.map((p) => [p.kind, p.type, p.label, p.children, p.index]),
        types.map(typeText),
        definition.meanings ?? [],
      ]),
  });
  return { ...grammar, nonterminals };
}

/** The rows, literals and constants of productions, for what asks for the language of a grammar. */
function languageOf(name: string, types: readonly Type[], drafts: readonly Draft[]): Language {
  const rows = new Set(drafts.flatMap((d) => (d.primitive === undefined ? [] : [d.primitive])));
  const literals = drafts.flatMap((d): Literal[] =>
    d.kind === "literal" ? [{ type: types[d.type] as Type, value: d.value as Value }] : [],
  );
  const byText = new Map(types.map((type) => [typeText(type), type]));
  const constants = new Set(
    drafts.flatMap((d) => (d.kind === "constant" ? [typeText(types[d.type] as Type)] : [])),
  );
  return defineLanguage({
    name,
    primitives: [...rows],
    types: [...byText.values()],
    constants: [...constants].map((text) => byText.get(text) as Type<number>),
    literals,
  });
}

/** Takes rules apart until each is one production, and follows nonterminals that stand for others. */
class Flattening {
  readonly problems: string[] = [];
  readonly types: Type[] = [];
  readonly names: string[] = [];
  readonly #where: string;
  readonly #signature: Signature;
  readonly #rules: FlatRule[][] = [];
  readonly #ids = new Map<string, number>();
  /** Text of a rule within a rule → the nonterminal that stands for it. */
  readonly #inner = new Map<string, number>();

  constructor(where: string, { nonterminals, signature }: RulesDefinition) {
    this.#where = where;
    this.#signature = signature;
    for (const { name, type } of nonterminals) {
      if (!isName(name)) this.problems.push(`${where} nonterminal ${name} must have ${nameRule}.`);
      if (this.#ids.has(name)) this.problems.push(`${where} nonterminal ${name} must be there once.`);
      this.#ids.set(name, this.#add(name, type));
    }
    nonterminals.forEach(({ name, rules }, id) => {
      if (rules.length === 0) this.problems.push(`${where} nonterminal ${name} must have a rule; got none.`);
      for (const rule of rules) this.#rules[id]?.push(this.#flatten(rule, id));
    });
  }

  idOf(name: string): number | undefined {
    return this.#ids.get(name);
  }

  #add(name: string, type: Type): number {
    this.types.push(type);
    this.names.push(name);
    this.#rules.push([]);
    return this.types.length - 1;
  }

  #flatten(rule: Rule, id: number): FlatRule {
    const type = this.types[id] as Type;
    const fail = (message: string): void => {
      this.problems.push(`${this.#where} nonterminal ${this.names[id]} ${message}`);
    };
    switch (rule.kind) {
      case "argument": {
        const index = this.#signature.argumentNames.indexOf(rule.name);
        const given = this.#signature.argumentTypes[index];
        if (given === undefined) fail(`must name an argument of the program; got ${rule.name}.`);
        else if (typeText(given) !== typeText(type))
          fail(`must have rules of type ${typeText(type)}; argument ${rule.name} is of ${typeText(given)}.`);
        return rule;
      }
      case "literal":
        if (!isValueOf(type, rule.value))
          fail(`must have rules of type ${typeText(type)}; got ${outcomeText(rule.value)}.`);
        return rule;
      case "constant":
        if (type.kind !== "int" && type.kind !== "real" && type.kind !== "float32")
          fail(`must be of numbers to have any constant; got ${typeText(type)}. List the constants.`);
        return rule;
      case "nonterminal": {
        const target = this.#ids.get(rule.name);
        if (target === undefined) fail(`must name a nonterminal; got ${rule.name}.`);
        else if (typeText(this.types[target] as Type) !== typeText(type))
          fail(
            `must have rules of type ${typeText(type)}; ${rule.name} is of ${typeText(this.types[target] as Type)}.`,
          );
        return rule;
      }
      case "application": {
        const { row } = rule;
        if (typeText(row.result) !== typeText(type))
          fail(`must have rules of type ${typeText(type)}; ${row.name} gives ${typeText(row.result)}.`);
        if (row.parameters.length !== rule.arguments.length)
          fail(
            `must give ${row.name} ${row.parameters.length} arguments; got ${rule.arguments.length} of them.`,
          );
        const children = rule.arguments
          .slice(0, row.parameters.length)
          .map((argument, k) => this.#argument(argument, row.parameters[k] as Type));
        return { kind: "application", row, children };
      }
    }
  }

  /** The nonterminal of a rule's argument: the one that it names, or one made for it, the same for the same text. */
  #argument(rule: Rule, type: Type): number {
    if (rule.kind === "nonterminal") {
      const id = this.#ids.get(rule.name);
      if (id !== undefined && typeText(this.types[id] as Type) === typeText(type)) return id;
    }
    const key = `${typeText(type)} ${this.#text(rule)}`;
    const known = this.#inner.get(key);
    if (known !== undefined) return known;
    let name = `part${this.#inner.size + 1}`;
    while (this.#ids.has(name)) name += "_";
    const id = this.#add(name, type);
    this.#inner.set(key, id);
    this.#rules[id]?.push(this.#flatten(rule, id));
    return id;
  }

  #text(rule: Rule): string {
    switch (rule.kind) {
      case "argument":
      case "nonterminal":
        return `${rule.kind} ${rule.name}`;
      case "literal":
        return literalLabel(rule.value);
      case "constant":
        return rule.kind;
      case "application":
        return `(${[rule.row.name, ...rule.arguments.map((argument) => this.#text(argument))].join(" ")})`;
    }
  }

  /**
   * The nonterminal whose rules are those of another one: that itself, or where its one rule is the name of another, what
   * that stands for. It spares programs the choice between two names of the same terms.
   */
  standsFor(id: number): number {
    const seen = new Set<number>();
    for (let at = id; ; ) {
      const rules = this.#rules[at] as readonly FlatRule[];
      const [first] = rules;
      if (seen.has(at) || rules.length !== 1 || first?.kind !== "nonterminal") return at;
      seen.add(at);
      at = this.#ids.get(first.name) as number;
    }
  }

  /** The productions of all nonterminals: each has its own and those of the nonterminals that it names, however far away. */
  drafts(): Draft[] {
    const drafts: Draft[] = [];
    this.#rules.forEach((_, type) => {
      const all = new Set([type]);
      const taken = new Set<string>();
      for (const id of all)
        for (const rule of this.#rules[id] as readonly FlatRule[]) {
          if (rule.kind === "nonterminal") {
            all.add(this.#ids.get(rule.name) as number);
            continue;
          }
          const draft = this.#draft(rule, type);
          const key = `${draft.kind} ${draft.label} ${draft.children.join(" ")}`;
          if (taken.has(key)) continue;
          taken.add(key);
          if (drafts.length >= MAXIMUM_PRODUCTIONS)
            throw new InputError(
              `${this.#where} must have at most ${MAXIMUM_PRODUCTIONS} productions. Write fewer rules.`,
            );
          drafts.push(draft);
        }
    });
    // In the order of `compileGrammar`: the reader of texts takes a number for a constant before it takes it for a literal.
    const order: readonly Draft["kind"][] = ["argument", "constant", "literal", "primitive"];
    return drafts.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  }

  #draft(rule: Exclude<FlatRule, { readonly kind: "nonterminal" }>, type: number): Draft {
    const base = { type, children: [], index: -1, parameterTypes: [], cost: 0 };
    switch (rule.kind) {
      case "argument":
        return {
          ...base,
          kind: "argument",
          label: rule.name,
          index: this.#signature.argumentNames.indexOf(rule.name),
        };
      case "literal":
        return { ...base, kind: "literal", label: literalLabel(rule.value), value: rule.value };
      case "constant":
        return { ...base, kind: "constant", label: `constant ${typeText(this.types[type] as Type)}` };
      case "application":
        return {
          ...base,
          kind: "primitive",
          label: rule.row.name,
          children: rule.children.map((child) => this.standsFor(child)),
          primitive: rule.row,
          cost: rule.row.cost,
        };
    }
  }
}
