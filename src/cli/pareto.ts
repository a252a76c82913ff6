import type { Archive, Individual } from "../index.ts";

/** The elites that no other one beats in both fitness and size, smallest first. */
export function sizeFront(archive: Archive): Individual[] {
  const elites = archive.filledCells.map((cell) => archive.elite(cell) as Individual);
  elites.sort((a, b) => a.size - b.size || b.fitness - a.fitness);
  const front: Individual[] = [];
  for (const elite of elites) {
    const last = front.at(-1);
    if (last === undefined || elite.fitness > last.fitness) front.push(elite);
  }
  return front;
}
