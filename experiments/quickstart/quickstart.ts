import { defineExperiment, fn, grid, table } from "illume";
import { arithmetic, real } from "illume/dsl";
import orbits from "./orbits.csv";

const rows = table(
  orbits,
  { body: "string", semi_major_axis: "number", period: "number", central_mass: "number" },
  { name: "orbits.csv" },
);
const earth = rows.find((row) => row.body === "Earth") as (typeof rows)[number];

// Everything relative to the Earth's orbit around the Sun, so that no constant of nature is needed.
export default defineExperiment({
  name: "quickstart",
  question: "How long does a body take around its centre? (Kepler found it for the planets, Newton for all)",
  language: arithmetic({ operations: ["+", "-", "*", "/", "sqrt"] }),
  program: fn({ distance: real, mass: real }, real),
  cases: rows.map((row) => ({
    input: {
      distance: row.semi_major_axis / earth.semi_major_axis,
      mass: row.central_mass / earth.central_mass,
    },
    output: row.period / earth.period,
  })),
  fitness: "-log10 mean relative error",
  archive: grid({ size: [1, 20], fitness: { from: -1, to: 4, bins: 20 } }),
  // A mean relative error below one in a thousand: the accuracy of the law on these figures is 0.04 %.
  target: 3,
  budget: 1_000_000,
  // Once the law is found it goes on for a few seconds, for a fuller map.
  parameters: { maximumSize: 20, epochCandidates: 5000, polishEpochs: 20 },
});
