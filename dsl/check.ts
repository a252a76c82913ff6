import type { GrammarForm } from "./grammar-form.ts";
import { Layout, MAXIMUM_TOKENS, type Program, referencedPosition } from "./program.ts";
import { isValueOf, type Type, typeText } from "./type.ts";
import { limits } from "./value.ts";

/** Lists everything that is wrong with a program; empty for a program of the grammar. Reads any token array safely. */
export function checkProgram(grammar: GrammarForm, program: Program): string[] {
  const { tokens, constants } = program;
  const problems: string[] = [];
  const name = (type: number): string => typeText(grammar.types[type] as never);
  if (tokens.length === 0) return ["a program must have at least one token; got none."];
  if (tokens.length > MAXIMUM_TOKENS)
    return [`a program must have at most ${MAXIMUM_TOKENS} tokens; got ${tokens.length}.`];

  const typeAt: number[] = [];
  const stack: number[] = [];
  let constantCount = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as number;
    if (token < 0) {
      const target = referencedPosition(token);
      const targetToken = tokens[target];
      if (
        target >= i ||
        targetToken === undefined ||
        targetToken < 0 ||
        (grammar.arity[targetToken] ?? 0) === 0 ||
        grammar.isLambda[targetToken] === 1
      ) {
        problems.push(
          `token ${i} must refer to an earlier term with children, not a lambda; got position ${target}.`,
        );
        return problems;
      }
      typeAt[i] = typeAt[target] as number;
      stack.push(i);
      continue;
    }
    const production = grammar.productions[token];
    if (production === undefined) {
      problems.push(`token ${i} must be a production id below ${grammar.productions.length}; got ${token}.`);
      return problems;
    }
    if (production.kind === "constant") constantCount++;
    if (stack.length < production.children.length) {
      problems.push(
        `token ${i} (${production.label}) must have ${production.children.length} arguments before it; got ${stack.length}.`,
      );
      return problems;
    }
    const children = stack.splice(stack.length - production.children.length);
    children.forEach((child, k) => {
      const expected = production.children[k] as number;
      if (typeAt[child] !== expected)
        problems.push(
          `argument ${k + 1} of token ${i} (${production.label}) must be of type ${name(expected)}; got ${name(typeAt[child] as number)}.`,
        );
    });
    typeAt[i] = production.type;
    stack.push(i);
  }
  if (stack.length !== 1) {
    problems.push(`a program must be one term; got ${stack.length}.`);
    return problems;
  }
  if (typeAt[tokens.length - 1] !== grammar.resultType)
    problems.push(
      `a program must be of type ${name(grammar.resultType)}; got ${name(typeAt[tokens.length - 1] as number)}.`,
    );
  if (constantCount !== constants.length)
    problems.push(
      `a program must carry one constant for each of its ${constantCount} constant tokens; got ${constants.length}.`,
    );
  let k = 0;
  for (const token of tokens) {
    const production = token < 0 ? undefined : grammar.productions[token];
    if (production?.kind !== "constant") continue;
    const value = constants[k++];
    if (value === undefined) break;
    const type = grammar.types[production.type] as Type;
    const isWritten = Number.isFinite(value) && !(type.kind === "int" && Object.is(value, -0));
    if (!isWritten || !isValueOf(type, value))
      problems.push(
        `constant ${k - 1} must be a finite ${type.kind}; got ${Object.is(value, -0) ? "-0" : value}.`,
      );
  }

  const layout = new Layout(tokens.length);
  layout.read(grammar, program);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as number;
    if (token < 0) {
      if (layout.scope[referencedPosition(token)] !== -1)
        problems.push(
          `token ${i} must refer to a term outside every lambda; got position ${referencedPosition(token)}.`,
        );
      continue;
    }
    const production = grammar.productions[token];
    if (production?.kind === "lambda") {
      const count = (layout.boundCount[i] as number) + production.parameterTypes.length;
      if (count > limits.boundVariables)
        problems.push(
          `token ${i} (lambda) must leave at most ${limits.boundVariables} variables in scope; got ${count}.`,
        );
    }
    if (production?.kind !== "bound") continue;
    const binder = boundType(grammar, program, layout, i, production.index);
    if (binder !== production.type)
      problems.push(
        `token ${i} (${production.label}) must name a variable of type ${name(production.type)} in scope; got ${binder === -1 ? "none" : name(binder)}.`,
      );
  }
  return problems;
}

/** Type id of the bound variable of a level as seen from a position, or −1 where no lambda binds it. */
export function boundType(
  grammar: GrammarForm,
  program: Program,
  layout: Layout,
  position: number,
  level: number,
): number {
  for (let lambda = layout.scope[position] as number; lambda >= 0; lambda = layout.scope[lambda] as number) {
    const outer = layout.boundCount[lambda] as number;
    if (level >= outer)
      return grammar.productions[program.tokens[lambda] as number]?.parameterTypes[level - outer] ?? -1;
  }
  return -1;
}
