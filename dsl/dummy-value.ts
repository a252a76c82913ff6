import type { TypeShape } from "./type.ts";
import type { Value } from "./value.ts";

/** What a lambda gives while a trap is on its way out of the primitive that called it. */
export function dummyValue(type: TypeShape): Value {
  switch (type.kind) {
    case "bool":
      return false;
    case "bits":
      return 0n;
    case "string":
      return "";
    case "char":
      return " ";
    case "list":
      return [];
    case "pair":
      return [dummyValue(type.first), dummyValue(type.second)];
    default:
      return 0;
  }
}
