import { describeInterruptions, shippedExperiments } from "../cli/interruptions.ts";

for (const experiment of shippedExperiments)
  // Lexicase selection makes an epoch of parity some five times as long as one of the others.
  for (const workers of [1, 2, 4])
    describeInterruptions(experiment, { epochCandidates: experiment === "parity" ? 500 : 2000, workers });
