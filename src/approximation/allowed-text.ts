/** A term of the arithmetic language: a number or a name, or an operation on terms. */
type Term = string | readonly Term[];

/** Reads a text that was written here: no more than parentheses and words. */
function termOf(text: string): Term {
  const stack: Term[][] = [[]];
  for (const [word] of text.matchAll(/[()]|[^\s()]+/g))
    if (word === "(") stack.push([]);
    else if (word === ")") {
      const done = stack.pop() as readonly Term[];
      stack.at(-1)?.push(done);
    } else stack.at(-1)?.push(word);
  return stack[0]?.[0] as Term;
}

const textOf = (term: Term): string =>
  typeof term === "string" ? term : `(${term.map((part) => textOf(part)).join(" ")})`;

const isNumber = (term: Term): term is string => typeof term === "string" && /^-?\d/.test(term);
const negative = (number: string): string => String(-Number(number));

/**
 * A program of + − × ÷ written with the operations that are allowed: a difference as a sum with a negative constant, a square by its own
 * operation, and so on.
 * @returns null where it cannot be
 */
export function allowedText(text: string, operations: ReadonlySet<string>): string | null {
  const allowed = (term: Term): Term | null => {
    if (typeof term === "string") return term;
    const [name, ...rest] = term as readonly [string, ...Term[]];
    if (name === "let") {
      const [definitions, body] = rest as [readonly (readonly Term[])[], Term];
      const values = definitions.map(([, value]) => allowed(value as Term));
      const inside = allowed(body);
      if (inside === null || values.includes(null)) return null;
      const named = definitions.map((definition, k) => [(definition as [string])[0], values[k] as Term]);
      return ["let", named as unknown as Term, inside];
    }
    const [a, b] = rest.map(allowed) as [Term | null, Term | null];
    if (a === null || b === null) return null;
    return operation(name, a, b);
  };
  const has = (name: string): boolean => operations.has(name);
  /** −t, where a constant of it can take the sign, or an operation gives it. */
  const negated = (term: Term): Term | null => {
    if (isNumber(term)) return negative(term);
    if (typeof term !== "string" && (term[0] === "*" || term[0] === "/")) {
      const [name, a, b] = term as readonly [string, Term, Term];
      if (isNumber(a)) return [name, negative(a), b];
      if (isNumber(b)) return [name, a, negative(b)];
    }
    if (has("neg")) return ["neg", term];
    return has("*") ? ["*", "-1", term] : null;
  };
  const operation = (name: string, a: Term, b: Term): Term | null => {
    if (has(name) && !(name === "*" && a === b && has("square") && !has("*"))) return [name, a, b];
    switch (name) {
      case "+": {
        if (!has("-")) return null;
        // a + b = b − (−a) = a − (−b)
        if (isNumber(a)) return ["-", b, negative(a)];
        const other = negated(b);
        return other === null ? null : ["-", a, other];
      }
      case "-": {
        const other = has("+") ? negated(b) : null;
        return other === null ? null : ["+", a, other];
      }
      case "*": {
        if (a === b && has("square")) return ["square", a];
        const [factor, term] = isNumber(a) ? [a, b] : [b, a];
        return isNumber(factor) && has("/") ? ["/", term, String(1 / Number(factor))] : null;
      }
      case "/": {
        if (isNumber(b) && has("*")) return ["*", a, String(1 / Number(b))];
        if (!has("inverse")) return null;
        if (isNumber(a) && Number(a) === 1) return ["inverse", b];
        return has("*") ? ["*", a, ["inverse", b]] : null;
      }
      default:
        return null;
    }
  };
  const term = allowed(termOf(text));
  return term === null ? null : textOf(term);
}
