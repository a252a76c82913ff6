import {
  type Grammar,
  isTrap,
  type Outcome,
  type Primitive,
  type Production,
  type Program,
  referencedPosition,
  type SynthesizedFunction,
  trap,
  type Value,
} from "../../dsl/index.ts";

/** A program of a grammar without lambdas as a function, quick to call. What fails gives a trap. */
export function functionOf(grammar: Grammar, { tokens, constants }: Program): SynthesizedFunction {
  const shared = tokens.some((token) => token < 0);
  const stack: Outcome[] = [];
  const at: Outcome[] = [];
  return (...args) => {
    stack.length = 0;
    let next = 0;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as number;
      let outcome: Outcome;
      if (token < 0) outcome = at[referencedPosition(token)] as Outcome;
      else {
        const production = grammar.productions[token] as Production;
        if (production.kind === "argument") outcome = args[production.index] as Value;
        else if (production.kind === "constant") outcome = constants[next++] as number;
        else if (production.kind === "literal") outcome = production.value as Value;
        else outcome = applied(production.primitive as Primitive, production.children.length, stack);
      }
      if (shared) at[i] = outcome;
      stack.push(outcome);
    }
    return stack[0] as Outcome;
  };
}

/** Takes a row's arguments off a stack. */
function applied(row: Primitive, count: number, stack: Outcome[]): Outcome {
  const from = stack.length - count;
  const [a, b, c] = [stack[from], stack[from + 1], stack[from + 2]];
  const rest = count > 3 ? stack.slice(from + 3) : [];
  stack.length = from;
  const given = [a, b, c].slice(0, count);
  for (let k = 0; k < Math.min(row.strictParameters, given.length); k++)
    if (isTrap(given[k])) return given[k] as Outcome;
  for (const outcome of rest) if (isTrap(outcome)) return outcome;
  let outcome: unknown;
  try {
    outcome = count === 2 ? row.apply(a, b) : row.apply(...given, ...rest);
  } catch {
    return trap("threw");
  }
  if (typeof outcome === "number" && !Number.isSafeInteger(outcome)) return trap("overflow");
  return outcome as Outcome;
}
