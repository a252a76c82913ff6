// Derivatives of a program's column with respect to its constants, in reverse: nodes are appended that compute the *adjoint*
// of each node, the derivative of the column with respect to it, from the root down; a constant's adjoint is its
// derivative. (S. Linnainmaa, "Taylor expansion of the accumulated rounding error", 1976.)
import { sumOfLanes } from "./errors";
import { read } from "./grammar";
import { placeLeastSquares } from "./least-squares";
import { growMemory, take } from "./memory";
import { addUses, child, clearNodes, makeArgument, makeConstant, makeOperation, makeParameter, nodeCount, operationOf, PARAMETER } from "./nodes";
import {
  ABSOLUTE,
  ADD,
  COSINE,
  CUBE_ROOT,
  DIVIDE,
  EXPONENTIAL,
  EXPONENTIAL_LESS_ONE,
  FLOOR,
  HYPERBOLIC_TANGENT,
  LOGARITHM,
  LOGARITHM_OF_SUM,
  MAXIMUM,
  MINIMUM,
  MULTIPLY,
  NEGATE,
  POWER,
  PROTECTED_DIVIDE,
  PROTECTED_INVERSE,
  SINE,
  SQUARE_ROOT,
  SUBTRACT,
  TANGENT,
  WHERE_BELOW,
  WHERE_NOT_BELOW,
} from "./operations";
import { multiplyAndSum } from "./products";
import { beginSchedule, columnBytes, execute, instructionEnd, keep, scheduleNodes, scheduleUse } from "./schedule";
import { operandsOf } from "./traits";

/** Column of the program, its residuals, then its derivative with respect to each parameter. */
export let jacobian: usize = 0;
/** r·r, then r·Jⱼ by j, then Jⱼ·Jₖ for j ≤ k, by j. */
export let products: usize = 0;
/** Product → eight lanes. */
let lanes: usize = 0;
/** Node → its adjoint, −1 where there is none yet. */
let adjoints: usize = 0;
/** Node → whether it has derivatives: a parameter is below it, and no floor between. */
let active: usize = 0;
/** Values of parameters, each eight times. */
let parameters: usize = 0;
let parameterCount: i32 = 0;
// Where the instructions end that compute the column and r·r; that keep it and the residuals; with the derivatives; with the
// other products.
let squaresEnd: usize = 0;
let residualsEnd: usize = 0;
let columnsEnd: usize = 0;
let productsEnd: usize = 0;

/**
 * Makes room, once the memory is ready for the task.
 * @param maximumParameters constants of a program that is differentiated
 */
export function placeDerivatives(maximumNodes: i32, maximumParameters: i32): bool {
  const maximumProducts = (maximumParameters + 1) * (maximumParameters + 2) / 2;
  products = take(8 * maximumProducts);
  lanes = take(64 * maximumProducts);
  adjoints = take(4 * maximumNodes);
  active = take(maximumNodes);
  parameters = take(64 * maximumParameters);
  jacobian = take(<u64>columnBytes * (maximumParameters + 2));
  placeLeastSquares(maximumParameters);
  return growMemory();
}

// @ts-ignore: decorator
@inline
function isActive(node: i32): bool {
  return load<u8>(active + node) !== 0;
}
// @ts-ignore: decorator
@inline
function adjointOf(node: i32): i32 {
  return load<i32>(adjoints + 4 * node);
}

function operation(which: i32, a: i32, b: i32 = 0, c: i32 = 0): i32 {
  return makeOperation(which, a, b, c);
}
function number(value: f64): i32 {
  return makeConstant(reinterpret<i64>(value));
}
function times(a: i32, b: i32): i32 {
  const one = number(1);
  return a === one ? b : b === one ? a : operation(MULTIPLY, a, b);
}

/** Adds a term to a node's adjoint. */
function contribute(node: i32, term: i32): void {
  const before = adjointOf(node);
  store<i32>(adjoints + 4 * node, before < 0 ? term : operation(ADD, before, term));
}
/** Takes a term from a node's adjoint. */
function withdraw(node: i32, term: i32): void {
  const before = adjointOf(node);
  store<i32>(adjoints + 4 * node, before < 0 ? operation(NEGATE, term) : operation(SUBTRACT, before, term));
}

/** A term where a is not 0; otherwise 0. */
function whereNotZero(a: i32, term: i32): i32 {
  return operation(WHERE_BELOW, number(0), operation(ABSOLUTE, a), term);
}

/** Hands a node's adjoint g on to its children: the table of derivatives. */
function propagate(node: i32, g: i32): void {
  const a = child(node, 0);
  const b = child(node, 1);
  const which = operationOf(node);
  if (operandsOf(which) === 1) {
    // Nodes of one operand come here only where it is active.
    switch (which) {
      case SQUARE_ROOT:
        contribute(a, operation(DIVIDE, g, operation(ADD, node, node)));
        break;
      case ABSOLUTE:
        contribute(a, operation(WHERE_BELOW, number(0), a, g));
        withdraw(a, operation(WHERE_BELOW, a, number(0), g));
        break;
      case NEGATE:
        withdraw(a, g);
        break;
      case EXPONENTIAL:
        contribute(a, times(g, node));
        break;
      case LOGARITHM:
        contribute(a, operation(DIVIDE, g, a));
        break;
      case EXPONENTIAL_LESS_ONE:
        // The node and 1 would cancel far below 0.
        contribute(a, times(g, operation(EXPONENTIAL, a)));
        break;
      case LOGARITHM_OF_SUM:
        contribute(a, operation(DIVIDE, g, operation(ADD, number(1), a)));
        break;
      case CUBE_ROOT:
        contribute(a, operation(DIVIDE, g, operation(MULTIPLY, number(3), operation(MULTIPLY, node, node))));
        break;
      case PROTECTED_INVERSE:
        withdraw(a, operation(MULTIPLY, whereNotZero(a, operation(DIVIDE, g, a)), node));
        break;
      case SINE:
        contribute(a, times(g, operation(COSINE, a)));
        break;
      case COSINE:
        withdraw(a, times(g, operation(SINE, a)));
        break;
      case TANGENT:
        contribute(a, times(g, operation(ADD, number(1), operation(MULTIPLY, node, node))));
        break;
      case HYPERBOLIC_TANGENT: {
        // 1 − t², without cancellation.
        const factor = operation(MULTIPLY, operation(SUBTRACT, number(1), node), operation(ADD, number(1), node));
        contribute(a, times(g, factor));
        break;
      }
      default:
        unreachable();
    }
    return;
  }
  const ofA = isActive(a);
  const ofB = isActive(b);
  switch (which) {
    case ADD:
      if (ofA) contribute(a, g);
      if (ofB) contribute(b, g);
      break;
    case SUBTRACT:
      if (ofA) contribute(a, g);
      if (ofB) withdraw(b, g);
      break;
    case MULTIPLY:
      if (ofA) contribute(a, times(g, b));
      if (ofB) contribute(b, times(g, a));
      break;
    case DIVIDE: {
      const share = operation(DIVIDE, g, b);
      if (ofA) contribute(a, share);
      if (ofB) withdraw(b, operation(MULTIPLY, share, node));
      break;
    }
    case PROTECTED_DIVIDE: {
      const share = whereNotZero(b, operation(DIVIDE, g, b));
      if (ofA) contribute(a, share);
      if (ofB) withdraw(b, operation(MULTIPLY, share, node));
      break;
    }
    // Equal operands: the first is taken, which is the earlier node, not always the first in the program.
    case MINIMUM:
      if (ofA) contribute(a, operation(WHERE_NOT_BELOW, b, a, g));
      if (ofB) contribute(b, operation(WHERE_BELOW, b, a, g));
      break;
    case MAXIMUM:
      if (ofA) contribute(a, operation(WHERE_NOT_BELOW, a, b, g));
      if (ofB) contribute(b, operation(WHERE_BELOW, a, b, g));
      break;
    case POWER:
      if (ofA) {
        const lower = operation(POWER, a, operation(SUBTRACT, b, number(1)));
        contribute(a, times(g, operation(MULTIPLY, b, lower)));
      }
      if (ofB) {
        // 0^b stays 0, whatever log(0) is.
        const logarithm = whereNotZero(a, operation(LOGARITHM, a));
        contribute(b, times(g, operation(MULTIPLY, node, logarithm)));
      }
      break;
    default:
      unreachable();
  }
}

/** The adjoint of a parameter: 0 where the column does not depend on it. */
function derivativeOf(parameter: i32): i32 {
  const adjoint = adjointOf(makeParameter(parameters + 64 * parameter));
  return adjoint < 0 ? number(0) : adjoint;
}

/**
 * Makes a program ready to run with any constants.
 * @param count its constants
 * @param expected index of the argument that is the expected column
 * @param weight index of the argument that residuals and derivatives are multiplied by; −1: none
 */
export function differentiate(tokens: usize, length: i32, count: i32, expected: i32, weight: i32): void {
  clearNodes(true);
  parameterCount = count;
  const root = read(tokens, length, parameters, true);
  for (let k = 0; k < count; k++) makeParameter(parameters + 64 * k);
  const inner = nodeCount;
  for (let node = 0; node < inner; node++) {
    const which = operationOf(node);
    let below = which === PARAMETER;
    if (which >= 0 && which !== FLOOR) for (let k = 0; k < operandsOf(which); k++) below = below || isActive(child(node, k));
    store<u8>(active + node, below ? 1 : 0);
    store<i32>(adjoints + 4 * node, -1);
  }
  let residual = operation(SUBTRACT, root, makeArgument(expected));
  if (weight >= 0) residual = operation(MULTIPLY, residual, makeArgument(weight));
  const forward = nodeCount;
  if (isActive(root)) store<i32>(adjoints + 4 * root, weight < 0 ? number(1) : makeArgument(weight));
  for (let node = inner - 1; node >= 0; node--)
    if (operationOf(node) >= 0 && adjointOf(node) >= 0) propagate(node, adjointOf(node));
  for (let k = 0; k < count; k++) addUses(derivativeOf(k), count + 4);
  addUses(root, 2);
  addUses(residual, count + 4);

  beginSchedule();
  scheduleNodes(0, -1, 0, forward);
  scheduleUse(multiplyAndSum.index, residual, residual, lanes, 0);
  squaresEnd = instructionEnd;
  scheduleUse(keep.index, root, root, jacobian, ~0);
  scheduleUse(keep.index, residual, residual, jacobian + columnBytes, ~0);
  residualsEnd = instructionEnd;
  scheduleNodes(forward, -1, 0);
  for (let k = 0; k < count; k++)
    scheduleUse(keep.index, derivativeOf(k), derivativeOf(k), jacobian + columnBytes * (k + 2), ~0);
  columnsEnd = instructionEnd;
  let out = lanes + 64;
  for (let k = 0; k < count; k++, out += 64) scheduleUse(multiplyAndSum.index, residual, derivativeOf(k), out, 0);
  for (let j = 0; j < count; j++)
    for (let k = j; k < count; k++, out += 64)
      scheduleUse(multiplyAndSum.index, derivativeOf(j), derivativeOf(k), out, 0);
  productsEnd = instructionEnd;
}

/**
 * Runs the program made ready last.
 * @param constants its constants
 * @param wanted 0: r·r; 1: the column and the residuals too; 2: and the derivatives; 3: and all products
 */
export function runDerivatives(constants: usize, wanted: i32): void {
  for (let k = 0; k < parameterCount; k++)
    for (let j = 0; j < 64; j += 8)
      store<f64>(parameters + 64 * k + j, load<f64>(constants + 8 * k));
  const count = wanted < 3 ? 1 : (parameterCount + 1) * (parameterCount + 2) / 2;
  memory.fill(lanes, 0, 64 * count);
  const end = wanted === 0 ? squaresEnd : wanted === 1 ? residualsEnd : wanted === 2 ? columnsEnd : productsEnd;
  execute(0, columnBytes, end);
  for (let k = 0; k < count; k++) {
    const at = lanes + 64 * k;
    store<f64>(products + 8 * k, sumOfLanes(v128.load(at), v128.load(at, 16), v128.load(at, 32), v128.load(at, 48)));
  }
}
