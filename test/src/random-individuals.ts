import fc from "fast-check";
import type { Individual } from "../../src/individual.ts";

const coordinate = fc.oneof(
  fc.double({ min: -1, max: 3, noNaN: true }),
  fc.constantFrom(-0, 0, 1, 2, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE),
);

/** Individuals of few different fitnesses, sizes and programs, so that ties of every kind are frequent. */
export const individuals = (dimensions: number): fc.Arbitrary<Individual> =>
  fc.record({
    // As in real programs, the tokens tell how many constants there are: one for each token 2.
    program: fc
      .array(fc.tuple(fc.integer({ min: -2, max: 2 }), fc.constantFrom(-0, 0, 1.5, -1e300)), {
        minLength: 1,
        maxLength: 3,
      })
      .map((nodes) => ({
        tokens: Int32Array.from(nodes, ([token]) => token),
        constants: Float64Array.from(
          nodes.filter(([token]) => token === 2),
          ([, constant]) => constant,
        ),
      })),
    fitness: fc.constantFrom(-0, 0, 0.5, 1, -3e200, Number.POSITIVE_INFINITY),
    size: fc.integer({ min: 1, max: 3 }),
    descriptor: fc
      .array(coordinate, { minLength: dimensions, maxLength: dimensions })
      .map((values) => Float64Array.from(values)),
    errors: fc
      .array(fc.constantFrom(-0, 0, 1, Number.POSITIVE_INFINITY), { maxLength: 3 })
      .map((values) => Float64Array.from(values)),
    birth: fc.record({
      epoch: fc.nat(2),
      island: fc.nat(2),
      candidate: fc.nat(3),
      operator: fc.integer({ min: -1, max: 2 }),
    }),
  });

/** One individual written down, with what a test cares for changed. */
export const individual = (changes: Partial<Individual> = {}): Individual => ({
  program: { tokens: Int32Array.of(0), constants: new Float64Array(0) },
  fitness: 0,
  size: 1,
  descriptor: new Float64Array(2),
  errors: new Float64Array(0),
  birth: { epoch: 0, island: 0, candidate: 0, operator: 0 },
  ...changes,
});
