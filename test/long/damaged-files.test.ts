import { allFiles, allHarms, describeDamages } from "../cli/damages.ts";

const damages = allFiles.flatMap((file) => allHarms.map((harm) => [file, harm] as const));
for (const isEnded of [false, true])
  describeDamages(damages, {
    readers: [["ls"], ["show", "quickstart"], ["show", "quickstart", "--champion"], ["verify", "quickstart"]],
    isEnded,
  });
