import { defineExperiment, fn, grid } from "illume";
import { bool, logic } from "illume/dsl";

/** Every assignment of five inputs. */
const assignments = Array.from({ length: 32 }, (_, bits) => ({
  a: (bits & 1) !== 0,
  b: (bits & 2) !== 0,
  c: (bits & 4) !== 0,
  d: (bits & 8) !== 0,
  e: (bits & 16) !== 0,
}));

export default defineExperiment({
  name: "parity",
  question: "Which circuits of and, or, nand and nor tell whether an even number of five inputs is true?",
  language: logic({ operations: ["and", "or", "nand", "nor"] }),
  program: fn({ a: bool, b: bool, c: bool, d: bool, e: bool }, bool),
  cases: assignments.map((input) => ({
    input,
    output: Object.values(input).filter(Boolean).length % 2 === 0,
  })),
  fitness: "cases passed",
  archive: grid({ size: { from: 1, to: 61, bins: 20 }, depth: [1, 16] }),
  budget: 2_000_000,
  parameters: { maximumSize: 60, selector: "lexicase" },
});
