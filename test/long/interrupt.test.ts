import { describeInterruptions, shippedExperiments } from "../cli/interruptions.ts";

for (const experiment of shippedExperiments)
  for (const workers of [1, 2, 4]) describeInterruptions(experiment, { epochCandidates: 2000, workers });
