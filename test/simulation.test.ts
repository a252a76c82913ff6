import { describe, expect, it } from "vitest";
import {
  earlyAcknowledgement,
  forgottenMigrants,
  forgottenSkeletons,
  keptCache,
  migrationFromIslandsAtWork,
} from "./simulation/planted-faults.ts";
import { type PlantedFault, simulate, SimulationError } from "./simulation/world.ts";

describe("a run in a world where jobs, processes, disks and power fail", () => {
  it("comes to the undisturbed end and loses nothing that it must keep, for 20 seeds", async () => {
    const sums: Record<string, number> = {};
    for (let seed = 0; seed < 20; seed++)
      for (const [name, count] of Object.entries(await simulate(seed)))
        sums[name] = (sums[name] ?? 0) + count;
    // Otherwise nothing was tried.
    for (const count of Object.values(sums)) expect(count).toBeGreaterThan(0);
  });

  it("goes the same way for the same seed", async () => {
    expect(await simulate(5)).toEqual(await simulate(5));
  });
});

describe("the simulation finds, within 50 seeds,", () => {
  it.each<[string, PlantedFault]>([
    ["a migration that reads islands at work", migrationFromIslandsAtWork],
    ["a store that acknowledges before it writes", earlyAcknowledgement],
    ["workers that keep a cache between jobs", keptCache],
    ["a resume that forgets the migrants on their way", forgottenMigrants],
    ["a resume that forgets which skeletons were fitted", forgottenSkeletons],
  ])("%s", async (_name, fault) => {
    let found: unknown = null;
    for (let seed = 0; seed < 50 && found === null; seed++)
      found = await simulate(seed, fault).then(
        () => null,
        (error: unknown) => error,
      );
    expect(found).toBeInstanceOf(SimulationError);
  });
});
