// Programs as nodes: what they compute, each node after its children. Where a batch is shared, equal nodes are one.

/** op, then for operations the children a, b; for arguments the index; for constants the double at +8. */
const NODE_BYTES: usize = 32;
export const ARGUMENT: i32 = -1;
export const CONSTANT: i32 = -2;

let nodes: usize = 0;
export let nodeCount: i32 = 0;

export function placeNodes(address: usize): void {
  nodes = address;
}

export function clearNodes(): void {
  nodeCount = 0;
}

// @ts-ignore: decorator
@inline
export function operationOf(node: i32): i32 {
  return load<i32>(nodes + NODE_BYTES * node);
}
// @ts-ignore: decorator
@inline
export function child(node: i32, k: i32): i32 {
  return load<i32>(nodes + NODE_BYTES * node + 4 * k, 8);
}
// @ts-ignore: decorator
@inline
export function constantOf(node: i32): f64 {
  return load<f64>(nodes + NODE_BYTES * node, 8);
}
// @ts-ignore: decorator
@inline
export function uses(node: i32): i32 {
  return load<i32>(nodes + NODE_BYTES * node, 4);
}
// @ts-ignore: decorator
@inline
export function addUses(node: i32, n: i32): i32 {
  const count = uses(node) + n;
  store<i32>(nodes + NODE_BYTES * node, count, 4);
  return count;
}
/** Register of the node's value; while pairs are chosen: the child that is computed with the node, as 1 + k, or −1 where the node goes with its parent. */
// @ts-ignore: decorator
@inline
export function mark(node: i32): i32 {
  return load<i32>(nodes + NODE_BYTES * node, 20);
}
// @ts-ignore: decorator
@inline
export function setMark(node: i32, value: i32): void {
  store<i32>(nodes + NODE_BYTES * node, value, 20);
}

// @ts-ignore: decorator
@inline
export function addNode(operation: i32, a: i32, b: i32): i32 {
  const at = nodes + NODE_BYTES * nodeCount;
  store<i32>(at, operation);
  store<i32>(at, 0, 4);
  store<i32>(at, a, 8);
  store<i32>(at, b, 12);
  store<i32>(at, 0, 20);
  return nodeCount++;
}
// @ts-ignore: decorator
@inline
export function addConstant(value: f64): i32 {
  const at = nodes + NODE_BYTES * nodeCount;
  store<i32>(at, CONSTANT);
  store<i32>(at, 0, 4);
  store<f64>(at, value, 8);
  store<i32>(at, 0, 20);
  return nodeCount++;
}
