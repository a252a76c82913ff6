import { curvePicture } from "../pictures/curve-picture.ts";
import type { Comparison } from "./comparison.ts";

/** The best fitness of each variant against candidates, with bands of 95 %, as an SVG. */
export const comparisonPicture = (title: string, { variants }: Comparison): string =>
  curvePicture({
    title,
    xLabel: "candidates",
    yLabel: "best fitness: median over seeds, 95 % bands",
    curves: variants.map(({ name, isControl, curve }) => ({
      name,
      isDashed: isControl,
      points: curve.map(({ candidates, median, low, high }) => ({ x: candidates, y: median, low, high })),
    })),
  });
