import { type Grammar, isTrap, type Production, type Program, type Value } from "../../dsl/index.ts";
import { programOf } from "./answer.ts";
import { choiceOf } from "./choice.ts";
import { Enumeration } from "./enumeration.ts";
import type { Application } from "./application.ts";
import { type Example, Terms } from "./terms.ts";

/** Terms that are tried in the place of parts of a program, applications that are spent on making them, and how large they get. */
const MOST_TERMS = 2500;
const MOST_STEPS = 30_000;
const LARGEST_TERM = 12;
/** Parts of a program that are replaced. */
const MOST_PARTS = 100;
/** Behaviours that are told apart. */
const MOST_BEHAVIOURS = 1000;
const SHORTEST_LIMIT = 16;

/** A part of a program, with what it gives on each case; undefined where it fails. */
interface Part {
  readonly production: Production;
  /** Its tokens, and the first of its constants. */
  readonly start: number;
  readonly end: number;
  readonly firstConstant: number;
  readonly lastConstant: number;
  readonly children: readonly Part[];
  readonly values: readonly (Value | undefined)[];
  parent: Part | null;
  /** Which argument of the parent it is. */
  argument: number;
}

interface Variant {
  readonly part: Part;
  readonly row: number;
  readonly size: number;
}

/**
 * Programs that differ from a given one in one part, give the same on some examples, and something else on other inputs; of those that behave
 * alike on these the smallest. Terms in the place of parts are enumerated, told apart by what they give on examples and inputs together.
 * @param inputs that tell programs apart
 * @returns the smallest first; none where the program shares terms or has lambdas
 */
export function variantsOf(
  grammar: Grammar,
  examples: readonly Example[],
  program: Program,
  inputs: readonly (readonly Value[])[],
): readonly Program[] {
  const cases = [
    ...examples,
    ...inputs.map((one) => ({ inputs: one, output: examples[0]?.output as Value })),
  ];
  const lengths = cases
    .flatMap((one) => [one.output, ...one.inputs])
    .map((value) => (typeof value === "string" ? 2 * value.length : 0));
  const terms = new Terms(grammar, cases, Math.max(SHORTEST_LIMIT, ...lengths));
  const whole = partsOf(terms, program);
  if (whole === null) return [];
  const enumeration = new Enumeration(
    terms,
    (application) => choiceOf(application) === null,
    LARGEST_TERM,
    false,
  );
  enumeration.grow(MOST_TERMS, MOST_STEPS);
  const found = new Map<string, Variant>();
  const n = examples.length;
  for (const part of whole.slice(0, MOST_PARTS)) {
    const nonterminal = part.production.type;
    const bank = terms.bank(nonterminal);
    const partSize = part.end - part.start;
    /** Case → value number in the part's place → number of what the whole gives then. */
    const known: Map<number, number>[] = cases.map(() => new Map());
    const wholeOf = (row: number, e: number): number => {
      const number = bank.columns[row * cases.length + e] as number;
      let outcome = known[e]?.get(number);
      if (outcome === undefined) {
        outcome = terms.numberOf(
          grammar.resultType,
          wholeWith(terms, part, terms.valueOf(nonterminal, number), e),
        );
        known[e]?.set(number, outcome);
      }
      return outcome;
    };
    const goal = (whole.at(-1) as Part).values.map((value) => terms.numberOf(grammar.resultType, value));
    rows: for (let row = 0; row < bank.count; row++) {
      for (let e = 0; e < n; e++) if (wholeOf(row, e) !== goal[e]) continue rows;
      const behaviour: number[] = [];
      for (let e = n; e < cases.length; e++) behaviour.push(wholeOf(row, e));
      if (behaviour.every((number, k) => number === goal[n + k])) continue;
      const key = behaviour.join(" ");
      const size = program.tokens.length - partSize + (bank.size[row] as number);
      const before = found.get(key);
      if (before === undefined ? found.size < MOST_BEHAVIOURS : size < before.size)
        found.set(key, { part, row, size });
    }
  }
  return [...found.values()]
    .sort((p, q) => p.size - q.size)
    .map(({ part, row }) => withTerm(program, part, programOf(terms, part.production.type, row)));
}

/** The parts of a program, the whole last; null where it has terms that give no value of their own, or that are shared. */
function partsOf(terms: Terms, program: Program): Part[] | null {
  const { productions, isConstant } = terms.grammar;
  const parts: Part[] = [];
  const stack: Part[] = [];
  let constants = 0;
  for (const [at, token] of program.tokens.entries()) {
    const production = productions[token];
    if (production === undefined) return null;
    const isLeaf = ["argument", "literal", "constant"].includes(production.kind);
    // Alike nonterminals share their terms, and have applications for one of them only.
    if (!isLeaf && terms.applicationOf[token] === undefined) return null;
    const children = stack.splice(stack.length - production.children.length);
    const firstConstant = children[0]?.firstConstant ?? constants;
    if (isConstant[token] === 1) constants++;
    const constant = program.constants[firstConstant];
    const part: Part = {
      production,
      start: children[0]?.start ?? at,
      end: at + 1,
      firstConstant,
      lastConstant: constants,
      children,
      values: terms.contexts.map(({ inputs }, e) => {
        if (production.kind === "argument") return inputs[production.index];
        if (production.kind === "literal") return production.value;
        if (production.kind === "constant") return constant;
        return applied(
          terms,
          production,
          children.map(({ values }) => values[e]),
        );
      }),
      parent: null,
      argument: 0,
    };
    children.forEach((child, k) => {
      child.parent = part;
      child.argument = k;
    });
    parts.push(part);
    stack.push(part);
  }
  return parts;
}

function applied(
  terms: Terms,
  production: Production,
  given: readonly (Value | undefined)[],
): Value | undefined {
  const { row, apply } = terms.applicationOf[production.id] as Application;
  for (let k = 0; k < row.strictParameters; k++) if (given[k] === undefined) return undefined;
  const outcome = apply(...(given as Value[]));
  return isTrap(outcome) ? undefined : outcome;
}

/** What the whole gives on a case with another value in the place of a part. */
function wholeWith(terms: Terms, part: Part, value: Value | undefined, e: number): Value | undefined {
  let outcome = value;
  for (let at = part; at.parent !== null; at = at.parent) {
    const { production, children } = at.parent;
    outcome = applied(
      terms,
      production,
      children.map(({ values }, k) => (k === at.argument ? outcome : values[e])),
    );
  }
  return outcome;
}

function withTerm({ tokens, constants }: Program, part: Part, term: Program): Program {
  return {
    tokens: Int32Array.from([
      ...tokens.subarray(0, part.start),
      ...term.tokens,
      ...tokens.subarray(part.end),
    ]),
    constants: Float64Array.from([
      ...constants.subarray(0, part.firstConstant),
      ...term.constants,
      ...constants.subarray(part.lastConstant),
    ]),
  };
}
