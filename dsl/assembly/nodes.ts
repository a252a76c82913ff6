// Programs as nodes: what they compute, each node after its children. Where a batch is shared, equal nodes are one.
import { ADD, BINARY, MAXIMUM, MINIMUM, MULTIPLY } from "./operations";

/** operation, uses, then the children a and b (for arguments the index, for constants the double), mark, slot. */
export const NODE_BYTES: usize = 32;
export const ARGUMENT: i32 = -1;
export const CONSTANT: i32 = -2;

/** Entries of the table of known nodes; more than twice the nodes there may be. */
const TABLE_ENTRIES: i32 = 65536;

let nodes: usize = 0;
let table: usize = 0;
let isShared: bool = false;
export let nodeCount: i32 = 0;

export function placeNodes(address: usize, tableAddress: usize): void {
  nodes = address;
  table = tableAddress;
}

/** Begins anew. Shared: equal nodes are made once. */
export function clearNodes(shared: bool): void {
  nodeCount = 0;
  isShared = shared;
  if (shared) memory.fill(table, 0, 4 * TABLE_ENTRIES);
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
/** While pairs are chosen: the child that is computed with the node, as 1 + k, or −1 where the node goes with its parent. Then its register. */
// @ts-ignore: decorator
@inline
export function mark(node: i32): i32 {
  return load<i32>(nodes + NODE_BYTES * node, 16);
}
// @ts-ignore: decorator
@inline
export function setMark(node: i32, value: i32): void {
  store<i32>(nodes + NODE_BYTES * node, value, 16);
}
/** For roots of a batch: 1 + the slot of what is measured of them; otherwise 0. */
// @ts-ignore: decorator
@inline
export function slotOf(node: i32): i32 {
  return load<i32>(nodes + NODE_BYTES * node, 20);
}
// @ts-ignore: decorator
@inline
export function setSlot(node: i32, slot: i32): void {
  store<i32>(nodes + NODE_BYTES * node, slot, 20);
}

// @ts-ignore: decorator
@inline
function append(operation: i32, payload: i64): i32 {
  const at = nodes + NODE_BYTES * nodeCount;
  store<i32>(at, operation);
  store<i32>(at, 0, 4);
  store<i64>(at, payload, 8);
  store<i64>(at, 0, 16);
  return nodeCount++;
}

/** The entry of the table where a node is, or would be. */
// @ts-ignore: decorator
@inline
function entryOf(operation: i32, payload: i64): usize {
  let hash = (payload ^ (payload >> 29)) * <i64>0x9e3779b97f4a7c15;
  hash = (hash ^ (hash >> 32)) + operation * 0x2c1b3c6d;
  let entry = <i32>(hash ^ (hash >> 15)) & (TABLE_ENTRIES - 1);
  let at = table + 4 * entry;
  let known = load<i32>(at) - 1;
  while (known >= 0) {
    const node = nodes + NODE_BYTES * known;
    if (load<i32>(node) === operation && load<i64>(node, 8) === payload) break;
    entry = (entry + 1) & (TABLE_ENTRIES - 1);
    at = table + 4 * entry;
    known = load<i32>(at) - 1;
  }
  return at;
}

function findLeaf(operation: i32, payload: i64): i32 {
  const at = entryOf(operation, payload);
  const known = load<i32>(at) - 1;
  if (known >= 0) return known;
  store<i32>(at, nodeCount + 1);
  return append(operation, payload);
}

// @ts-ignore: decorator
@inline
function makeLeaf(operation: i32, payload: i64): i32 {
  return isShared ? findLeaf(operation, payload) : append(operation, payload);
}

// @ts-ignore: decorator
@inline
export function makeArgument(index: i32): i32 {
  return makeLeaf(ARGUMENT, index);
}

// @ts-ignore: decorator
@inline
export function makeConstant(value: f64): i32 {
  return makeLeaf(CONSTANT, reinterpret<i64>(value));
}

// @ts-ignore: decorator
@inline
function appendOperation(operation: i32, a: i32, b: i32): i32 {
  addUses(a, 1);
  if (operation < BINARY) addUses(b, 1);
  return append(operation, (<i64>b << 32) | a);
}

function findOperation(operation: i32, a: i32, b: i32): i32 {
  if (a > b && (operation === ADD || operation === MULTIPLY || operation === MINIMUM || operation === MAXIMUM)) {
    const c = a;
    a = b;
    b = c;
  }
  const at = entryOf(operation, (<i64>b << 32) | a);
  const known = load<i32>(at) - 1;
  if (known >= 0) return known;
  store<i32>(at, nodeCount + 1);
  return appendOperation(operation, a, b);
}

/** The node of an operation; one of a single operand has it twice. */
// @ts-ignore: decorator
@inline
export function makeOperation(operation: i32, a: i32, b: i32): i32 {
  return isShared ? findOperation(operation, a, b) : appendOperation(operation, a, b);
}
