import fc from "fast-check";
import type { ParameterRange, ParameterSpace, TunedParameter } from "../../../src/index.ts";

/** Parameters of all kinds, one of them conditional. */
export const mixedSpace: ParameterSpace = {
  size: { range: { kind: "integer", from: 1, to: 64, scale: "log" }, default: 4 },
  mode: { range: { kind: "categorical", values: ["plain", "deep"] }, default: "plain" },
  useRate: { range: { kind: "categorical", values: [false, true] }, default: false },
  rate: {
    range: { kind: "real", from: 0.001, to: 1, scale: "log" },
    default: 0.1,
    condition: { parameter: "useRate", values: [true] },
  },
};

const ranges: fc.Arbitrary<ParameterRange> = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 })).chain(([from, width]) =>
    fc.record({
      kind: fc.constantFrom("real" as const, "integer" as const),
      from: fc.constant(from),
      to: fc.constant(from + width),
      scale: fc.constantFrom("linear" as const, "log" as const),
    }),
  ),
  fc.record({
    kind: fc.constant("categorical" as const),
    values: fc.uniqueArray(fc.oneof(fc.string(), fc.boolean(), fc.integer()), { minLength: 1, maxLength: 5 }),
  }),
);

/** Spaces of one to six parameters, each of which may depend on one before it. */
export const spaces: fc.Arbitrary<ParameterSpace> = fc
  .array(fc.record({ range: ranges, place: fc.nat(), parent: fc.option(fc.nat(), { nil: null }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((drawn) => {
    const parameters: TunedParameter[] = [];
    for (const { range, place, parent } of drawn) {
      const value =
        range.kind === "categorical"
          ? (range.values[place % range.values.length] as string | number | boolean)
          : range.from + (place % (range.to - range.from + 1));
      const other = parent === null ? undefined : parameters[parent % Math.max(1, parameters.length)];
      parameters.push({
        range,
        default: value,
        ...(other !== undefined && {
          condition: { parameter: `p${parameters.indexOf(other)}`, values: [other.default] },
        }),
      });
    }
    return Object.fromEntries(parameters.map((parameter, k) => [`p${k}`, parameter]));
  });
