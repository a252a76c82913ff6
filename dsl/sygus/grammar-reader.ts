import { compileRules, type Nonterminal, type Rule, type RuleGrammar } from "../grammar-rules.ts";
import { InputError } from "../input-error.ts";
import { sortText } from "../languages/smt-operation.ts";
import { nearestName } from "../nearest-name.ts";
import type { Primitive } from "../primitive.ts";
import { type Signature, type Type, typeText } from "../type.ts";
import { definitionOf } from "./defined-function.ts";
import { type Group, type Place, type SExpression, sExpressionText } from "./s-expression.ts";
import { termText } from "./print-sygus.ts";
import type { TermReader } from "./term-reader.ts";

/** A rule with its type, and how deep it is. */
interface TypedRule {
  readonly rule: Rule;
  readonly type: Type;
  readonly depth: number;
}

/** Bound on terms within terms in one rule, where a sum of many is as deep as it is long. */
const MAXIMUM_DEPTH = 200;

/** Reads the grammar of a synth-fun in the form of SyGuS 1 or 2. */
class GrammarReader {
  readonly #reader: TermReader;
  readonly #signature: Signature;
  readonly #sorts = new Map<string, Type>();

  constructor(reader: TermReader, signature: Signature) {
    this.#reader = reader;
    this.#signature = signature;
  }

  #argument(name: string): Type | undefined {
    return this.#signature.argumentTypes[this.#signature.argumentNames.indexOf(name)];
  }

  #declare(name: SExpression | undefined, sort: SExpression | undefined, place: Place): string {
    if (name?.kind !== "symbol" || sort === undefined)
      throw this.#reader.fail(place, "must be a nonterminal with its sort, such as (Start Int).");
    const type = this.#reader.sort(sort);
    const known = this.#sorts.get(name.text);
    if (known !== undefined && typeText(known) !== typeText(type))
      throw this.#reader.fail(
        place,
        `must give ${name.text} one sort; got ${sortText(type)} and ${sortText(known)}.`,
      );
    this.#sorts.set(name.text, type);
    return name.text;
  }

  /** The nonterminals with their rules. Groups of one nonterminal are put together. */
  nonterminals(declarations: Group | null, groups: SExpression): Nonterminal[] {
    if (groups.kind !== "group" || groups.items.length === 0)
      throw this.#reader.fail(groups, "must be a grammar such as ((Start Int (x 0 (+ Start Start)))).");
    for (const item of declarations?.items ?? []) {
      const [name, sort] = item.kind === "group" ? item.items : [];
      if (item.kind === "group" && item.items.length > 2)
        throw this.#reader.fail(item, "must be a nonterminal with its sort, such as (Start Int).");
      this.#declare(name, sort, item);
    }
    const parts = groups.items.map((item) => {
      const [name, sort, rules] = item.kind === "group" ? item.items : [];
      if (item.kind !== "group" || item.items.length !== 3 || rules?.kind !== "group")
        throw this.#reader.fail(
          item,
          `must be a nonterminal with sort and rules, such as (Start Int (x 0)); got ${sExpressionText(item)}.`,
        );
      if (declarations !== null && name?.kind === "symbol" && !this.#sorts.has(name.text))
        throw this.#reader.fail(name, `must be among the nonterminals declared before; got ${name.text}.`);
      const declared = this.#declare(name, sort, item);
      if (rules.items.length === 0)
        throw this.#reader.fail(rules, `must have a rule for ${declared}; got none.`);
      return { name: declared, rules };
    });
    const result = new Map<string, Rule[]>([...this.#sorts.keys()].map((name) => [name, []]));
    for (const { name, rules } of parts)
      for (const item of rules.items) result.get(name)?.push(...this.#top(item, name));
    for (const [name, rules] of result)
      if (rules.length === 0)
        throw this.#reader.fail(groups, `must have rules for nonterminal ${name}; got none.`);
    return [...result].map(([name, rules]) => ({ name, type: this.#sorts.get(name) as Type, rules }));
  }

  /** What stands directly among a nonterminal's rules: that may be several rules at once. */
  #top(item: SExpression, name: string): Rule[] {
    const type = this.#sorts.get(name) as Type;
    const [head, sort] = item.kind === "group" && item.items.length === 2 ? item.items : [];
    if (head?.kind === "symbol" && ["Variable", "InputVariable"].includes(head.text) && sort !== undefined) {
      this.#expect(item, this.#reader.sort(sort), type, name);
      return this.#signature.argumentNames.flatMap((argument, k): Rule[] =>
        typeText(this.#signature.argumentTypes[k] as Type) === typeText(type)
          ? [{ kind: "argument", name: argument }]
          : [],
      );
    }
    if (
      head?.kind === "symbol" &&
      head.text === "Constant" &&
      sort?.kind === "symbol" &&
      sort.text === "Bool"
    ) {
      this.#expect(item, this.#reader.sort(sort), type, name);
      return [
        { kind: "literal", value: false },
        { kind: "literal", value: true },
      ];
    }
    const { rule, type: given } = this.#rule(item);
    this.#expect(item, given, type, name);
    return [rule];
  }

  #expect(place: Place, given: Type, type: Type, name: string): void {
    if (typeText(given) !== typeText(type))
      throw this.#reader.fail(
        place,
        `must be of sort ${sortText(type)}, as ${name} is; got ${sortText(given)}.`,
      );
  }

  #rule(item: SExpression): TypedRule {
    const literal = this.#reader.literal(item);
    if (literal !== null)
      return { rule: { kind: "literal", value: literal.value }, type: literal.type, depth: 1 };
    if (item.kind !== "group") return this.#name(item.text, item);
    const [head, ...rest] = item.items;
    if (head === undefined) throw this.#reader.fail(item, "must be a rule; got ().");
    if (head.kind === "symbol") {
      const [sort] = rest;
      if (head.text === "Constant" && rest.length === 1 && sort !== undefined) {
        const type = this.#reader.sort(sort);
        if (type.kind !== "int")
          throw this.#reader.fail(
            item,
            `must list the constants of sort ${sortText(type)}; any constant is supported of Int only.`,
          );
        return { rule: { kind: "constant" }, type, depth: 1 };
      }
      if (["Variable", "InputVariable", "LocalVariable", "let", "InputConstant"].includes(head.text))
        throw this.#reader.fail(item, `must have no ${head.text} here; it is not supported.`);
    }
    const { symbol, indices } = this.#reader.head(head);
    const parts = rest.map((part) => this.#rule(part));
    const { row, association } = this.#reader.operation(
      item,
      symbol,
      indices,
      parts.map((part) => part.type),
    );
    const apply = (first: readonly Rule[]): Rule => ({ kind: "application", row, arguments: first });
    const rules = parts.map((part) => part.rule);
    const type = row.result as Type;
    this.#checkParameters(item, row);
    const depth =
      parts.reduce((most, part) => Math.max(most, part.depth), 0) +
      Math.max(1, parts.length - row.parameters.length + 1);
    if (depth > MAXIMUM_DEPTH)
      throw this.#reader.fail(
        item,
        `must be at most ${MAXIMUM_DEPTH} terms deep, where (+ S S S) is as deep as (+ (+ S S) S).`,
      );
    if (rules.length === row.parameters.length) return { rule: apply(rules), type, depth };
    if (association === "left")
      return { rule: rules.reduce((left, right) => apply([left, right])), type, depth };
    if (association === "right")
      return { rule: rules.reduceRight((right, left) => apply([left, right])), type, depth };
    throw this.#reader.fail(
      item,
      `must give ${symbol} two arguments; a comparison of more is not supported in a grammar.`,
    );
  }

  /** Machines take rows of at most four parameters. */
  #checkParameters(place: Place, row: Primitive): void {
    if (row.parameters.length > 4)
      throw this.#reader.fail(
        place,
        `must have functions of at most 4 arguments in a grammar; ${row.name} has ${row.parameters.length}, which is not supported.`,
      );
  }

  #name(name: string, place: Place): TypedRule {
    const sort = this.#sorts.get(name);
    if (sort !== undefined) return { rule: { kind: "nonterminal", name }, type: sort, depth: 1 };
    const argument = this.#argument(name);
    if (argument !== undefined) return { rule: { kind: "argument", name }, type: argument, depth: 1 };
    const defined = this.#reader.functions.get(name);
    if (defined?.parameters.length === 0)
      return {
        rule: { kind: "application", row: defined.row, arguments: [] },
        type: defined.result,
        depth: 1,
      };
    const meant = nearestName(name, [...this.#sorts.keys(), ...this.#signature.argumentNames]);
    throw this.#reader.fail(
      place,
      `must name a nonterminal, an argument or a constant; got ${name}.${meant === null ? "" : ` Did you mean ${meant}?`}`,
    );
  }
}

/** What defined functions in rules mean: their names alone would not tell grammars apart. */
function meaningsOf(nonterminals: readonly Nonterminal[]): string[] {
  const meanings = new Set<string>();
  const visit = (rule: Rule): void => {
    if (rule.kind !== "application") return;
    addMeanings(rule.row, meanings);
    for (const argument of rule.arguments) visit(argument);
  };
  for (const { rules } of nonterminals) for (const rule of rules) visit(rule);
  return [...meanings];
}

function addMeanings(row: Primitive, meanings: Set<string>): void {
  const definition = definitionOf(row);
  if (definition === undefined) return;
  meanings.add(
    `${row.name} ${definition.parameters.map(({ name }) => name).join(" ")}: ${termText(definition.body, 1, "")}`,
  );
  const visit = (term: typeof definition.body): void => {
    if (term.kind === "application") addMeanings(term.row, meanings);
    if (term.kind === "application" || term.kind === "call") for (const part of term.arguments) visit(part);
    if (term.kind === "let") {
      for (const { term: bound } of term.bindings) visit(bound);
      visit(term.body);
    }
  };
  visit(definition.body);
}

/** Compiles rules, and says where in the file they stand if they cannot be. */
export function compileAt(
  reader: TermReader,
  place: Place,
  functionName: string,
  signature: Signature,
  start: string,
  nonterminals: readonly Nonterminal[],
): RuleGrammar {
  try {
    return compileRules({
      name: functionName,
      signature,
      start,
      nonterminals,
      meanings: meaningsOf(nonterminals),
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.problems.map((problem) => reader.placed(place, problem)));
  }
}

/**
 * Reads the grammar of a synth-fun.
 * @param parts what follows the result's sort: the groups of SyGuS 1, or declarations and groups
 */
export function readGrammar(
  reader: TermReader,
  place: Place,
  functionName: string,
  signature: Signature,
  parts: readonly SExpression[],
): RuleGrammar {
  const [first, second] = parts as readonly [SExpression, SExpression?];
  const declarations = second === undefined ? null : first;
  if (declarations !== null && declarations.kind !== "group")
    throw reader.fail(
      declarations,
      "must be a list of nonterminals with their sorts, such as ((Start Int)).",
    );
  const nonterminals = new GrammarReader(reader, signature).nonterminals(declarations, second ?? first);
  // The first is the start; SyGuS 1 calls it Start.
  const named = declarations === null ? nonterminals.find(({ name }) => name === "Start") : undefined;
  const start = (named ?? (nonterminals[0] as Nonterminal)).name;
  return compileAt(reader, place, functionName, signature, start, nonterminals);
}
