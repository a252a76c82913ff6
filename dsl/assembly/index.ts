import { addConstant, addNode, addUses, ARGUMENT, child, clearNodes, CONSTANT, constantOf, mark, nodeCount, operationOf, placeNodes, setMark, uses } from "./nodes";
import { INSTRUCTION_BYTES, setLoop, setOperand, setOut } from "./instruction";
import { loops, pairs } from "./loops";
import { expTable, logTable, sineTable } from "./float64-kernels";
import { BINARY, DIVIDE, EXPONENTIAL, MULTIPLY, PAIRABLE, SUBTRACT } from "./operations";

/** Where the host writes a table of the kernels: 0 exp, 1 log, 2 sine. */
export function kernelTable(which: i32): usize {
  return which === 0 ? expTable : which === 1 ? logTable : sineTable;
}

export function heapBase(): usize {
  return (__heap_base + 63) & ~63;
}

// The grammar: a kind and a value for each production.
const KIND_ARGUMENT: i32 = 0;
const KIND_CONSTANT: i32 = 1;
const KIND_LITERAL: i32 = 2;
const KIND_SQUARE: i32 = 3;
const KIND_CUBE: i32 = 4;
const KIND_INVERSE: i32 = 5;
const KIND_UNARY: i32 = 6;
const KIND_BINARY: i32 = 7;

let kinds: usize = 0;
let columns: usize = 0;
let columnBytes: usize = 0;
let caseBytes: usize = 0;
let blockBytes: usize = 0;
let registers: usize = 0;
let constants: usize = 0;
let instructions: usize = 0;
let stack: usize = 0;
let result: usize = 0;

/** Tells where everything lies. Kinds: production × (kind i32, value i32, literal f64). */
export function configure(
  kindsAt: usize,
  nodesAt: usize,
  stackAt: usize,
  instructionsAt: usize,
  constantsAt: usize,
  registersAt: usize,
  columnsAt: usize,
  columnLength: usize,
  bytes: usize,
  block: usize,
  resultAt: usize,
): void {
  kinds = kindsAt;
  placeNodes(nodesAt);
  stack = stackAt;
  instructions = instructionsAt;
  constants = constantsAt;
  registers = registersAt;
  columns = columnsAt;
  columnBytes = columnLength;
  caseBytes = bytes;
  blockBytes = block;
  result = resultAt;
}

/** Reads a program: returns its root. */
function read(tokens: usize, length: i32, programConstants: usize): i32 {
  let top = stack;
  // Behind the stack: position → node.
  const nodeAt = stack + 4096;
  for (let i = 0; i < length; i++) {
    const token = load<i32>(tokens + 4 * i);
    let node: i32;
    if (token < 0) node = load<i32>(nodeAt + 4 * (-1 - token));
    else {
      const kind = kinds + 16 * token;
      const value = load<i32>(kind, 4);
      switch (load<i32>(kind)) {
        case KIND_ARGUMENT:
          node = addNode(ARGUMENT, value, 0);
          break;
        case KIND_CONSTANT:
          node = addConstant(load<f64>(programConstants));
          programConstants += 8;
          break;
        case KIND_LITERAL:
          node = addConstant(load<f64>(kind, 8));
          break;
        case KIND_UNARY: {
          top -= 4;
          const a = load<i32>(top);
          addUses(a, 1);
          node = addNode(value, a, 0);
          break;
        }
        case KIND_BINARY: {
          top -= 8;
          const a = load<i32>(top);
          const b = load<i32>(top, 4);
          addUses(a, 1);
          addUses(b, 1);
          node = addNode(value, a, b);
          break;
        }
        case KIND_SQUARE: {
          top -= 4;
          const a = load<i32>(top);
          addUses(a, 2);
          node = addNode(MULTIPLY, a, a);
          break;
        }
        case KIND_CUBE: {
          top -= 4;
          const a = load<i32>(top);
          addUses(a, 3);
          const square = addNode(MULTIPLY, a, a);
          addUses(square, 1);
          node = addNode(MULTIPLY, square, a);
          break;
        }
        default: {
          top -= 4;
          const a = load<i32>(top);
          addUses(a, 1);
          const one = addConstant(1);
          addUses(one, 1);
          node = addNode(DIVIDE, one, a);
        }
      }
      store<i32>(nodeAt + 4 * i, node);
    }
    store<i32>(top, node);
    top += 4;
  }
  return load<i32>(stack);
}

let instructionEnd: usize = 0;
let constantEnd: usize = 0;
let freeTop: i32 = 0;
let registerCount: i32 = 0;
const free = memory.data(8192 * 4, 16);

// @ts-ignore: decorator
@inline
function place(instruction: usize, k: usize, node: i32): void {
  const operation = operationOf(node);
  if (operation === ARGUMENT) {
    setOperand(instruction, k, columns + columnBytes * child(node, 0), 64, ~0);
    return;
  }
  if (operation === CONSTANT) {
    const value = f64x2.splat(constantOf(node));
    v128.store(constantEnd, value);
    v128.store(constantEnd, value, 16);
    v128.store(constantEnd, value, 32);
    v128.store(constantEnd, value, 48);
    setOperand(instruction, k, constantEnd, 0, 0);
    constantEnd += 64;
    return;
  }
  const register = mark(node);
  setOperand(instruction, k, registers + blockBytes * register, 64, 0);
  if (addUses(node, -1) === 0) {
    store<i32>(free + 4 * freeTop, register);
    freeTop++;
  }
}

// @ts-ignore: decorator
@inline
function isPairable(node: i32): bool {
  return <u32>operationOf(node) < <u32>PAIRABLE && uses(node) === 1;
}

// @ts-ignore: decorator
@inline
function takeRegister(): i32 {
  if (freeTop === 0) return registerCount++;
  freeTop--;
  return load<i32>(free + 4 * freeTop);
}

/** Turns the nodes into instructions. */
function schedule(root: i32): void {
  for (let node = nodeCount - 1; node > 0; node--) {
    const operation = operationOf(node);
    if (<u32>operation >= <u32>PAIRABLE || mark(node) < 0) continue;
    const a = child(node, 0);
    const b = child(node, 1);
    if (isPairable(a)) {
      setMark(node, 1);
      setMark(a, -1);
    } else if (isPairable(b)) {
      setMark(node, 2);
      setMark(b, -1);
    }
  }
  instructionEnd = instructions;
  constantEnd = constants;
  freeTop = 0;
  registerCount = 0;
  for (let node = 0; node < nodeCount; node++) {
    const operation = operationOf(node);
    if (operation < 0) continue;
    const pair = mark(node);
    if (pair < 0) continue;
    const at = instructionEnd;
    // Arithmetic may write where it reads. The kernels look at their operand twice.
    let register: i32 = operation < EXPONENTIAL || node === root ? -1 : takeRegister();
    if (pair === 0) {
      setLoop(at, loops[operation].index);
      place(at, 0, child(node, 0));
      if (operation < BINARY) place(at, 1, child(node, 1));
    } else {
      const inner = child(node, pair - 1);
      let which = 4 * operation + operationOf(inner);
      if (pair === 2) {
        if (operation === SUBTRACT) which = 16 + operationOf(inner);
        else if (operation === DIVIDE) which = 20 + operationOf(inner);
      }
      setLoop(at, pairs[which].index);
      place(at, 0, child(inner, 0));
      place(at, 1, child(inner, 1));
      place(at, 2, child(node, 2 - pair));
    }
    instructionEnd += INSTRUCTION_BYTES;
    if (node === root) setOut(at, result, ~0);
    else {
      if (register < 0) register = takeRegister();
      setMark(node, register);
      setOut(at, registers + blockBytes * register, 0);
    }
  }
}

function execute(): void {
  const end = instructionEnd;
  for (let block: usize = 0; block < caseBytes; block += blockBytes) {
    const bytes = min(blockBytes, caseBytes - block);
    for (let at = instructions; at < end; at += INSTRUCTION_BYTES)
      call_indirect<void>(load<u32>(at), at, block, bytes);
  }
}

/** Runs one program on all cases; its column is the result. */
export function run(tokens: usize, length: i32, programConstants: usize): void {
  clearNodes();
  const root = read(tokens, length, programConstants);
  addUses(root, 1);
  const operation = operationOf(root);
  if (operation === ARGUMENT) {
    memory.copy(result, columns + columnBytes * child(root, 0), caseBytes);
    return;
  }
  if (operation === CONSTANT) {
    const value = constantOf(root);
    for (let k: usize = 0; k < caseBytes; k += 8) store<f64>(result + k, value);
    return;
  }
  schedule(root);
  execute();
}
