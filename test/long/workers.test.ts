import { describe, expect, it } from "vitest";
import { shippedExperiments } from "../cli/interruptions.ts";
import { settings, temporaryFolder, told } from "../cli/program.ts";

const ISLANDS = 16;
const EPOCHS = 12;

describe.each(shippedExperiments)("a run of %s on sixteen islands", (experiment) => {
  const folder = temporaryFolder();
  const epochCandidates = experiment === "parity" ? 100 : 400;
  // The last epoch is a part of one.
  const budget = EPOCHS * ISLANDS * epochCandidates - 7;

  it.each([
    { cache: "exact", topology: "all" },
    { cache: "lossy", topology: "ring" },
  ])(
    "goes the same way with 1, 2, 3, 8 and 16 workers and with none ($cache, $topology)",
    async (parameters) => {
      // Lexicase selection, which parity uses, knows no lossy cache.
      const cache = experiment === "parity" && parameters.cache === "lossy" ? "off" : parameters.cache;
      const run = [
        "run",
        experiment,
        "--islands",
        String(ISLANDS),
        "--budget",
        String(budget),
        ...settings({ epochCandidates, polishEpochs: 1000, ...parameters, cache }),
      ];
      const result = async (name: string, options: readonly string[]) => {
        const { digest, rollingDigest, epochs, candidates, workers } = await told(
          [...run, ...options, "--runs", `${parameters.cache} ${name}`],
          folder,
        );
        expect({ epochs, candidates, workers }).toEqual({
          epochs: EPOCHS,
          candidates: budget,
          workers: name === "serial" ? 1 : Number(name),
        });
        return { digest, rollingDigest };
      };
      const serial = await result("serial", ["--executor", "serial"]);
      for (const workers of ["1", "2", "3", "8", "16"])
        expect(await result(workers, ["--workers", workers])).toEqual(serial);
    },
  );
});
