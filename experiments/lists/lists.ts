import { defineExperiment, fn, grid } from "illume";
import { int, list, lists } from "illume/dsl";

const examples: readonly (readonly number[])[] = [
  [],
  [6],
  [7],
  [2, 2],
  [1, 2, 3, 4],
  [5, 3, 1],
  [-4, 7, 10],
  [8, 6, 4, 2],
  [0, -2, 11, 12],
  [9, 8, 7, 6, 5],
  [3, 10, -6, 5, 4],
  [2, 4, 6, 8, 10, 12],
  [1, 3, 5, 7, 9, 20],
  [-8, -3, -2, 1, 14],
  [12, 5, 12, 5, 12],
  [7, 16, 9, 2, 13, 4, 11],
];

export default defineExperiment({
  name: "lists",
  question: "What is the sum of the squares of the even elements?",
  language: lists(),
  program: fn({ xs: list(int) }, int),
  cases: examples.map((xs) => ({
    input: { xs },
    output: xs.filter((x) => x % 2 === 0).reduce((sum, x) => sum + x * x, 0),
  })),
  fitness: "similarity",
  archive: grid({ size: [1, 20], passed: [0, examples.length] }),
  budget: 2_000_000,
  // Luck decides early here: an island is either there at once or gets stuck. Many that know nothing of each other are safe.
  parameters: { maximumSize: 20, islands: 16, topology: "isolated" },
});
