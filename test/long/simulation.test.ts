import { expect, it } from "vitest";
import { simulate } from "../simulation/world.ts";

const first = Number(process.env["SIMULATION_SEED"] ?? 0);
const count = Number(process.env["SIMULATION_SEEDS"] ?? 1000);

it(`comes to the undisturbed end for ${count} seeds from ${first}`, async () => {
  const failures: string[] = [];
  for (let seed = first; seed < first + count; seed++)
    await simulate(seed).catch((error: unknown) => failures.push((error as Error).message));
  expect(failures.join("\n\n")).toBe("");
});
