import { defineExperiment, fn, grid } from "illume";
import { string, text } from "illume/dsl";

const examples = [
  ["2024-03-17 meeting", "17.03.24"],
  ["1999-12-31 party", "31.12.99"],
  ["2010-01-05 dentist", "05.01.10"],
  ["2026-11-21 launch day", "21.11.26"],
] as const;

export default defineExperiment({
  name: "dates",
  question: "How are dates like 2024-03-17 in a note rewritten as 17.03.24?",
  language: text({ literals: ["-", ".", " "], ints: [0, 1, 2, 3, 4, 5, 8, 10] }),
  program: fn({ note: string }, string),
  cases: examples.map(([note, output]) => ({ input: { note }, output })),
  fitness: "similarity",
  archive: grid({ size: { from: 1, to: 41, bins: 20 }, fitness: { from: 0, to: 1, bins: 20 } }),
  budget: 2_000_000,
  parameters: { maximumSize: 40, selector: "tournament" },
});
