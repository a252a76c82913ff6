// Programs as nodes: what they compute, each node after its children. Where a batch is shared, equal nodes are one.
import { take } from "./memory";
import { COMMUTATIVE, operandsOf, traitsOf } from "./traits";

/**
 * operation, uses, then the children a and b (for arguments the index, for constants eight bytes of the column, for
 * parameters the address), the child c, mark, slot, need.
 */
const NODE_BYTES: usize = 32;
export const ARGUMENT: i32 = -1;
export const CONSTANT: i32 = -2;
/** A constant that changes from run to run. */
export const PARAMETER: i32 = -3;

let nodes: usize = 0;
let table: usize = 0;
let tableMask: i32 = 0;
/** An entry of the table is the node + this, or something less that was left there before. */
let stamp: i32 = 1;
let isShared: bool = false;
export let nodeCount: i32 = 0;

export function placeNodes(maximumNodes: i32): void {
  nodes = take(NODE_BYTES * maximumNodes);
  let entries = 1;
  while (entries < 2 * maximumNodes) entries *= 2;
  table = take(4 * entries);
  tableMask = entries - 1;
}

/** Begins anew. Shared: equal nodes are made once. */
export function clearNodes(shared: bool): void {
  if (isShared) stamp += nodeCount;
  if (stamp > 0x3fffffff) {
    memory.fill(table, 0, 4 * (tableMask + 1));
    stamp = 1;
  }
  nodeCount = 0;
  isShared = shared;
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
export function constantOf(node: i32): i64 {
  return load<i64>(nodes + NODE_BYTES * node, 8);
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
/** While pairs are chosen: the child that is computed with the node, as 1 + k (schedule.ts), or −1 where the node is computed with those who use it. Then its register. */
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
/** For roots of a batch: 1 + the slot of what is measured of them; otherwise 0. */
// @ts-ignore: decorator
@inline
export function slotOf(node: i32): i32 {
  return load<i32>(nodes + NODE_BYTES * node, 24);
}
// @ts-ignore: decorator
@inline
export function setSlot(node: i32, slot: i32): void {
  store<i32>(nodes + NODE_BYTES * node, slot, 24);
}

/** While pairs are chosen: how many would compute the node by themselves. Then the last stage after which it is needed. */
// @ts-ignore: decorator
@inline
export function needOf(node: i32): i32 {
  return load<i32>(nodes + NODE_BYTES * node, 28);
}
// @ts-ignore: decorator
@inline
export function setNeed(node: i32, need: i32): void {
  store<i32>(nodes + NODE_BYTES * node, need, 28);
}

// @ts-ignore: decorator
@inline
function append(operation: i32, payload: i64, c: i32): i32 {
  const at = nodes + NODE_BYTES * nodeCount;
  store<i32>(at, operation);
  store<i32>(at, 0, 4);
  store<i64>(at, payload, 8);
  store<i64>(at, <i64>c, 16);
  store<i64>(at, 0, 24);
  return nodeCount++;
}

/** The entry of the table where a node is, or would be. */
// @ts-ignore: decorator
@inline
function entryOf(operation: i32, payload: i64, c: i32): usize {
  let hash = (payload ^ (payload >> 29) ^ (<i64>c << 17)) * <i64>0x9e3779b97f4a7c15;
  hash = (hash ^ (hash >> 32)) + operation * 0x2c1b3c6d;
  let entry = <i32>(hash ^ (hash >> 15)) & tableMask;
  let at = table + 4 * entry;
  let known = load<i32>(at) - stamp;
  while (known >= 0) {
    const node = nodes + NODE_BYTES * known;
    if (load<i32>(node) === operation && load<i64>(node, 8) === payload && load<i32>(node, 16) === c) break;
    entry = (entry + 1) & tableMask;
    at = table + 4 * entry;
    known = load<i32>(at) - stamp;
  }
  return at;
}

function findLeaf(operation: i32, payload: i64): i32 {
  const at = entryOf(operation, payload, 0);
  const known = load<i32>(at) - stamp;
  if (known >= 0) return known;
  store<i32>(at, nodeCount + stamp);
  return append(operation, payload, 0);
}

// @ts-ignore: decorator
@inline
function makeLeaf(operation: i32, payload: i64): i32 {
  return isShared ? findLeaf(operation, payload) : append(operation, payload, 0);
}

// @ts-ignore: decorator
@inline
export function makeArgument(index: i32): i32 {
  return makeLeaf(ARGUMENT, index);
}

/** @param address of its value, which is written eight times */
// @ts-ignore: decorator
@inline
export function makeParameter(address: usize): i32 {
  return makeLeaf(PARAMETER, <i64>address);
}

/** @param bytes eight bytes of the column, which holds nothing else */
// @ts-ignore: decorator
@inline
export function makeConstant(bytes: i64): i32 {
  return makeLeaf(CONSTANT, bytes);
}

// @ts-ignore: decorator
@inline
function appendOperation(operation: i32, a: i32, b: i32, c: i32): i32 {
  const operands = operandsOf(operation);
  addUses(a, 1);
  if (operands > 1) {
    addUses(b, 1);
    if (operands > 2) addUses(c, 1);
  }
  return append(operation, (<i64>b << 32) | a, c);
}

function findOperation(operation: i32, a: i32, b: i32, c: i32): i32 {
  if (a > b && traitsOf(operation) & COMMUTATIVE) {
    const first = a;
    a = b;
    b = first;
  }
  const at = entryOf(operation, (<i64>b << 32) | a, c);
  const known = load<i32>(at) - stamp;
  if (known >= 0) return known;
  store<i32>(at, nodeCount + stamp);
  return appendOperation(operation, a, b, c);
}

/** The node of an operation; operands that it does not have are 0. */
// @ts-ignore: decorator
@inline
export function makeOperation(operation: i32, a: i32, b: i32, c: i32): i32 {
  return isShared ? findOperation(operation, a, b, c) : appendOperation(operation, a, b, c);
}
