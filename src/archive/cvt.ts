import { RandomStream, rootKey } from "../random-stream.ts";
import type { Axis, CellSpace } from "./cell-space.ts";

const SAMPLES_PER_CELL = 20;
const ROUNDS = 20;

/**
 * A centroidal Voronoi tessellation (Vassiliades, Chatzilygeroudis and Mouret 2018): `cells` centroids spread evenly
 * over the box of the axes by Lloyd's algorithm on uniform samples; a descriptor belongs to the nearest centroid, the
 * first one on a tie. For maps of many dimensions, where a grid would have too many cells.
 */
export function cvtSpace(axes: readonly Axis[], cells: number): CellSpace {
  const dimensions = axes.length;
  const stream = new RandomStream().derive(rootKey("cvt"), dimensions, cells, 0);
  const sampleCount = cells * SAMPLES_PER_CELL;
  const samples = Float64Array.from({ length: sampleCount * dimensions }, () => stream.uniform());
  const centroids = samples.slice(0, cells * dimensions);
  const sums = new Float64Array(cells * dimensions);
  const counts = new Int32Array(cells);
  for (let round = 0; round < ROUNDS; round++) {
    sums.fill(0);
    counts.fill(0);
    for (let s = 0; s < sampleCount; s++) {
      const cell = nearest(centroids, samples, s * dimensions, dimensions);
      counts[cell] = (counts[cell] as number) + 1;
      for (let k = 0; k < dimensions; k++)
        sums[cell * dimensions + k] =
          (sums[cell * dimensions + k] as number) + (samples[s * dimensions + k] as number);
    }
    for (let c = 0; c < cells; c++)
      if ((counts[c] as number) > 0)
        for (let k = 0; k < dimensions; k++)
          centroids[c * dimensions + k] = (sums[c * dimensions + k] as number) / (counts[c] as number);
  }
  const scaled = new Float64Array(dimensions);
  return {
    kind: "cvt",
    dimensions,
    cellCount: cells,
    cellOf: (descriptor) => {
      for (let k = 0; k < dimensions; k++) {
        const axis = axes[k] as Axis;
        const share = ((descriptor[k] as number) - axis.from) / (axis.to - axis.from);
        scaled[k] = share < 0 ? 0 : share > 1 ? 1 : share;
      }
      return nearest(centroids, scaled, 0, dimensions);
    },
  };
}

function nearest(centroids: Float64Array, point: Float64Array, offset: number, dimensions: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let c = 0, at = 0; at < centroids.length; c++, at += dimensions) {
    let distance = 0;
    for (let k = 0; k < dimensions; k++) {
      const d = (centroids[at + k] as number) - (point[offset + k] as number);
      distance += d * d;
    }
    if (distance < least) {
      least = distance;
      best = c;
    }
  }
  return best;
}
