import { defineExperiment, fn, grid } from "illume";
import { int, list, lists } from "illume/dsl";

const examples: readonly (readonly number[])[] = [
  [1, 2, 3, 4],
  [2, 2],
  [5, 3, 1],
  [],
  [-4, 7, 10],
  [6],
  [9, 8, 7, 6, 5],
  [0, -2, 11, 12],
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
  archive: grid({ size: [1, 20], passed: [0, 8] }),
  budget: 2_000_000,
  parameters: { maximumSize: 20 },
});
