import { type Grammar, isTrap, type Program, type Value } from "../dsl/index.ts";

/** What everybody writes first: a tree of objects and a recursive function that is called for every case. */
export interface TreeNode {
  readonly apply: ((...args: any[]) => any) | null;
  readonly argument: number;
  readonly constant: Value;
  readonly children: readonly TreeNode[];
  /** Leading arguments that must not be traps. */
  readonly strict: number;
}

/** A program (without references and lambdas) as a tree of objects. */
export function toTree(grammar: Grammar, program: Program): TreeNode {
  const stack: TreeNode[] = [];
  let constants = 0;
  for (const token of program.tokens) {
    const p = grammar.productions[token];
    if (p === undefined) throw new Error("programs with references have no tree");
    const children = stack.splice(stack.length - p.children.length);
    const constant = p.kind === "constant" ? (program.constants[constants++] as number) : (p.value ?? 0);
    const strict = p.primitive?.strictParameters ?? 0;
    stack.push({
      strict,
      apply: p.primitive?.apply ?? null,
      argument: p.kind === "argument" ? p.index : -1,
      constant,
      children,
    });
  }
  return stack[0] as TreeNode;
}

/** The value of a tree on one case, for languages over numbers, which have no traps. */
export function evaluateTree(node: TreeNode, args: readonly Value[]): any {
  if (node.apply === null) return node.argument >= 0 ? args[node.argument] : node.constant;
  const { children } = node;
  switch (children.length) {
    case 0:
      return node.apply();
    case 1:
      return node.apply(evaluateTree(children[0] as TreeNode, args));
    case 2:
      return node.apply(
        evaluateTree(children[0] as TreeNode, args),
        evaluateTree(children[1] as TreeNode, args),
      );
    default:
      return node.apply(...children.map((c) => evaluateTree(c, args)));
  }
}

/** The same in single precision: every result is rounded. */
export function evaluateSingleTree(node: TreeNode, args: readonly Value[]): any {
  if (node.apply === null) return node.argument >= 0 ? args[node.argument] : node.constant;
  const { children } = node;
  switch (children.length) {
    case 0:
      return Math.fround(node.apply());
    case 1:
      return Math.fround(node.apply(evaluateSingleTree(children[0] as TreeNode, args)));
    case 2:
      return Math.fround(
        node.apply(
          evaluateSingleTree(children[0] as TreeNode, args),
          evaluateSingleTree(children[1] as TreeNode, args),
        ),
      );
    default:
      return Math.fround(node.apply(...children.map((c) => evaluateSingleTree(c, args))));
  }
}

/** The same for languages whose values may be traps. */
export function evaluateTrappingTree(node: TreeNode, args: readonly Value[]): any {
  if (node.apply === null) return node.argument >= 0 ? args[node.argument] : node.constant;
  const { children } = node;
  const first = children.length > 0 ? evaluateTrappingTree(children[0] as TreeNode, args) : undefined;
  if (isTrap(first)) return first;
  const second = children.length > 1 ? evaluateTrappingTree(children[1] as TreeNode, args) : undefined;
  if (isTrap(second) && node.strict > 1) return second;
  const third = children.length > 2 ? evaluateTrappingTree(children[2] as TreeNode, args) : undefined;
  if (isTrap(third) && node.strict > 2) return third;
  return node.apply(first, second, third);
}
