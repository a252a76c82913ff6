import type { TypeShape } from "../type.ts";
import type { Value } from "../value.ts";

const reals = [
  0,
  -0,
  1,
  -1,
  0.5,
  1e-300,
  1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];

/** Values of a type where programs go wrong first: empty, zero, the ends, and what is no number. */
export function edgeValues(type: TypeShape): readonly Value[] {
  switch (type.kind) {
    case "real":
      return reals;
    case "float32":
      return reals.map((value) => (value === 1e-300 ? 2 ** -149 : value === 1e300 ? 2 ** 127 : value));
    case "int":
      return [0, 1, -1, 2, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    case "bits":
      return [0n, 1n, 1n << BigInt(type.width - 1), (1n << BigInt(type.width)) - 1n];
    case "bool":
      return [false, true];
    case "string":
      return ["", " ", "a", "é€", "12"];
    case "char":
      return ["a", " ", "0"];
    case "list": {
      const elements = edgeValues(type.element);
      return [[], elements.slice(0, 1), elements];
    }
    case "pair": {
      const [first, second] = [edgeValues(type.first), edgeValues(type.second)];
      return first.map((value, k) => [value, second[k % second.length] as Value]);
    }
    default:
      return [];
  }
}
