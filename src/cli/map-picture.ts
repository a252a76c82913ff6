import pc from "picocolors";
import type { Archive, Axis } from "../index.ts";
import { printable } from "./printable.ts";
import type { ShownTask } from "./shown-task.ts";
import { number } from "./summary.ts";

const MAXIMUM_WIDTH = 64;
const MAXIMUM_HEIGHT = 24;
const shades = ["·", "░", "▒", "▓", "█"];

/**
 * The map as text: first axis across, second axis up, the best elite of each cell by shade (and colour on a terminal).
 * Further axes are folded: a place shows the best over them. CVT archives are shown on the same grid by descriptor.
 */
export function mapPicture(task: ShownTask, archive: Archive): string[] {
  const axes = task.axes.map((axis) => ({ ...axis, name: printable(axis.name) }));
  const across = axes[0] as Axis;
  const up: Axis = axes[1] ?? { name: "", from: 0, to: 1, bins: 1 };
  const width = Math.min(across.bins, MAXIMUM_WIDTH);
  const height = Math.min(up.bins, MAXIMUM_HEIGHT);
  const places: (number | undefined)[] = Array.from({ length: width * height });
  const place = (axis: Axis, size: number, coordinate: number): number =>
    Math.min(size - 1, Math.max(0, Math.floor(((coordinate - axis.from) / (axis.to - axis.from)) * size)));
  for (const cell of archive.filledCells) {
    const elite = archive.elite(cell);
    if (elite === undefined) continue;
    const x = place(across, width, elite.descriptor[0] as number);
    const y = task.axes.length > 1 ? place(up, height, elite.descriptor[1] as number) : 0;
    const known = places[y * width + x];
    if (known === undefined || elite.fitness > known) places[y * width + x] = elite.fitness;
  }
  const values = places.filter((v) => v !== undefined);
  const least = Math.min(...values);
  const most = Math.max(...values);
  const shade = (value: number): string => {
    const share = most > least ? (value - least) / (most - least) : 1;
    const glyph = shades[Math.min(shades.length - 1, Math.floor(share * shades.length))] as string;
    const text = glyph + glyph;
    return share === 1
      ? pc.green(pc.bold("██"))
      : share > 0.66
        ? pc.cyan(text)
        : share > 0.33
          ? pc.blue(text)
          : pc.dim(text);
  };
  const label = (axis: Axis, size: number, k: number): string => {
    const step = (axis.to - axis.from) / size;
    const value = axis.from + k * step;
    return number(Math.round(value * 1000) / 1000);
  };
  const margin =
    Math.max(up.name.length, ...Array.from({ length: height }, (_, y) => label(up, height, y).length)) + 1;
  const lines = task.axes.length > 1 ? [up.name.padStart(margin - 1)] : [];
  for (let y = height - 1; y >= 0; y--) {
    let row = `${label(up, height, y).padStart(margin - 1)} │`;
    for (let x = 0; x < width; x++) {
      const value = places[y * width + x];
      row += value === undefined ? "  " : shade(value);
    }
    lines.push(row);
  }
  lines.push(`${" ".repeat(margin)}└${"──".repeat(width)}`);
  let ticks = " ".repeat(margin + 1);
  const every = Math.max(1, Math.ceil(width / 12));
  for (let x = 0; x < width; x += every)
    ticks += label(across, width, x)
      .padEnd(2 * every)
      .slice(0, 2 * every);
  lines.push(`${ticks.trimEnd()}  ${across.name}`);
  lines.push(
    `${" ".repeat(margin + 1)}fitness from ${number(least)} ${shades[0]} to ${number(most)} ${shades.at(-1)}`,
  );
  return lines;
}
