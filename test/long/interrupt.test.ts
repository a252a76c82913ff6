import { describeInterruptions, shippedExperiments } from "../cli/interruptions.ts";

// Lexicase selection makes an epoch of parity some five times as long as one of the others.
for (const experiment of shippedExperiments)
  for (const workers of [1, 2, 4])
    describeInterruptions(experiment, { epochCandidates: experiment === "parity" ? 500 : 2000, workers });
