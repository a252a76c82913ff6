// The grammar, a kind and a value for each production, and how programs are read by it.
import { constantBytes } from "./elements";
import { take } from "./memory";
import { makeArgument, makeConstant, makeOperation } from "./nodes";
import { DIVIDE, MULTIPLY } from "./operations";

const ARGUMENT: i32 = 0;
const CONSTANT: i32 = 1;
const LITERAL: i32 = 2;
const SQUARE: i32 = 3;
const CUBE: i32 = 4;
const INVERSE: i32 = 5;
const UNARY: i32 = 6;
const BINARY: i32 = 7;

let stack: usize = 0;
/** Position → node. */
let nodeAt: usize = 0;

/** Production × (kind i32, value i32, eight bytes of a literal's column). Filled by the host. */
export let kinds: usize = 0;

export function placeGrammar(productions: i32, maximumTokens: i32): void {
  kinds = take(16 * productions);
  stack = take(4 * maximumTokens);
  nodeAt = take(4 * maximumTokens);
}

/** Reads a program into nodes: its root. */
export function read(tokens: usize, length: i32, constants: usize): i32 {
  let top = stack;
  for (let i = 0; i < length; i++) {
    const token = load<i32>(tokens + 4 * i);
    let node: i32;
    if (token < 0) node = load<i32>(nodeAt + 4 * (-1 - token));
    else {
      const row = kinds + 16 * token;
      const value = load<i32>(row, 4);
      switch (load<i32>(row)) {
        case ARGUMENT:
          node = makeArgument(value);
          break;
        case CONSTANT:
          node = makeConstant(constantBytes(load<f64>(constants)));
          constants += 8;
          break;
        case LITERAL:
          node = makeConstant(load<i64>(row, 8));
          break;
        case SQUARE: {
          top -= 4;
          const a = load<i32>(top);
          node = makeOperation(MULTIPLY, a, a, 0);
          break;
        }
        case CUBE: {
          top -= 4;
          const a = load<i32>(top);
          node = makeOperation(MULTIPLY, makeOperation(MULTIPLY, a, a, 0), a, 0);
          break;
        }
        case INVERSE:
          top -= 4;
          node = makeOperation(DIVIDE, makeConstant(constantBytes(1)), load<i32>(top), 0);
          break;
        case UNARY:
          top -= 4;
          node = makeOperation(value, load<i32>(top), 0, 0);
          break;
        case BINARY:
          top -= 8;
          node = makeOperation(value, load<i32>(top), load<i32>(top, 4), 0);
          break;
        default:
          top -= 12;
          node = makeOperation(value, load<i32>(top), load<i32>(top, 4), load<i32>(top, 8));
      }
      store<i32>(nodeAt + 4 * i, node);
    }
    store<i32>(top, node);
    top += 4;
  }
  return load<i32>(stack);
}
