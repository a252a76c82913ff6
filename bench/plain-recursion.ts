import type { Grammar, Program, Value } from "../dsl/index.ts";

/** What everybody writes first: a tree of objects and a recursive function that is called for every case. */
export interface TreeNode {
  readonly apply: ((...args: any[]) => any) | null;
  readonly argument: number;
  readonly constant: Value;
  readonly children: readonly TreeNode[];
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
    stack.push({ apply: p.primitive?.apply ?? null, argument: p.kind === "argument" ? p.index : -1, constant, children });
  }
  return stack[0] as TreeNode;
}

/** The value of a tree on one case. */
export function evaluateTree(node: TreeNode, args: readonly Value[]): any {
  if (node.apply === null) return node.argument >= 0 ? args[node.argument] : node.constant;
  const { children } = node;
  switch (children.length) {
    case 0:
      return node.apply();
    case 1:
      return node.apply(evaluateTree(children[0] as TreeNode, args));
    case 2:
      return node.apply(evaluateTree(children[0] as TreeNode, args), evaluateTree(children[1] as TreeNode, args));
    case 3:
      return node.apply(
        evaluateTree(children[0] as TreeNode, args),
        evaluateTree(children[1] as TreeNode, args),
        evaluateTree(children[2] as TreeNode, args),
      );
    default:
      return node.apply(...children.map((c) => evaluateTree(c, args)));
  }
}
