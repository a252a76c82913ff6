import { kernels } from "../../dsl/index.ts";
import type { RandomStream } from "../random-stream.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

const square = (x: number): number => x * x;

export interface EvolutionStrategyOptions {
  /** Standard deviation of the first steps, the same for all variables. */
  readonly size: number;
  readonly maximumEvaluations: number;
  /** Points a generation; 4 + ⌊3 ln count⌋, as the author has it, unless told. */
  readonly population?: number;
}

/**
 * Lowers a function of several variables by the evolution strategy with covariance matrix adaptation (Hansen and Ostermeier 2001,
 * with the parameters of Hansen, "The CMA evolution strategy: a tutorial", 2016, without negative weights). It asks for values alone, of which
 * only the order counts. Values that are NaN count as the worst.
 * @param point where it begins, and the best point found
 * @returns the value at the best point
 */
export function covarianceMatrixAdaptation(
  valueAt: (point: Float64Array) => number,
  point: Float64Array,
  stream: RandomStream,
  options: EvolutionStrategyOptions,
): number {
  const count = point.length;
  const measure = (at: Float64Array): number => {
    const value = valueAt(at);
    return value === value ? value : Number.POSITIVE_INFINITY;
  };
  let best = measure(point);
  if (count === 0) return best;
  const population = options.population ?? 4 + Math.floor(3 * kernels.log(count));
  const parents = population >> 1;
  const raw = Array.from(
    { length: parents },
    (_, rank) => kernels.log(parents + 0.5) - kernels.log(rank + 1),
  );
  const total = raw.reduce((sum, w) => sum + w, 0);
  const weights = raw.map((w) => w / total);
  const effective = 1 / weights.reduce((sum, w) => sum + w * w, 0);
  const cumulation = (4 + effective / count) / (count + 4 + (2 * effective) / count);
  const stepCumulation = (effective + 2) / (count + effective + 5);
  const rankOne = 2 / (square(count + 1.3) + effective);
  const rankMany = Math.min(
    1 - rankOne,
    (2 * (effective - 2 + 1 / effective)) / (square(count + 2) + effective),
  );
  const stepDamping = 1 + 2 * Math.max(0, Math.sqrt((effective - 1) / (count + 1)) - 1) + stepCumulation;
  const expectedLength = Math.sqrt(count) * (1 - 1 / (4 * count) + 1 / (21 * count * count));

  const mean = point.slice();
  const covariance = new Float64Array(count * count);
  for (let i = 0; i < count; i++) covariance[i * count + i] = 1;
  const axes = new Float64Array(count * count);
  const diagonal = new Float64Array(count * count);
  const lengths = new Float64Array(count);
  const path = new Float64Array(count);
  const stepPath = new Float64Array(count);
  let size = options.size;
  let evaluations = 1;
  const drawn = Array.from({ length: population }, () => ({
    normal: new Float64Array(count),
    step: new Float64Array(count),
    at: new Float64Array(count),
    value: 0,
  }));
  for (let generation = 0; evaluations + population <= options.maximumEvaluations; generation++) {
    diagonal.set(covariance);
    symmetricEigen(count, diagonal, axes);
    for (let i = 0; i < count; i++) lengths[i] = Math.sqrt(Math.max(0, diagonal[i * count + i] as number));
    for (const draw of drawn) {
      for (let i = 0; i < count; i++) draw.normal[i] = stream.bell();
      for (let i = 0; i < count; i++) {
        let step = 0;
        for (let k = 0; k < count; k++)
          step += (axes[i * count + k] as number) * (lengths[k] as number) * (draw.normal[k] as number);
        draw.step[i] = step;
        draw.at[i] = (mean[i] as number) + size * step;
      }
      draw.value = measure(draw.at);
      evaluations++;
      if (draw.value < best) {
        best = draw.value;
        point.set(draw.at);
      }
    }
    // Stable: equal values keep the order in which they were drawn.
    const ranked = [...drawn].sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
    const moved = new Float64Array(count);
    const movedNormal = new Float64Array(count);
    weights.forEach((weight, rank) => {
      const { step, normal } = ranked[rank] as (typeof ranked)[number];
      for (let i = 0; i < count; i++) {
        moved[i] = (moved[i] as number) + weight * (step[i] as number);
        movedNormal[i] = (movedNormal[i] as number) + weight * (normal[i] as number);
      }
    });
    let length = 0;
    for (let i = 0; i < count; i++) {
      mean[i] = (mean[i] as number) + size * (moved[i] as number);
      let turned = 0;
      for (let k = 0; k < count; k++) turned += (axes[i * count + k] as number) * (movedNormal[k] as number);
      stepPath[i] =
        (1 - stepCumulation) * (stepPath[i] as number) +
        Math.sqrt(stepCumulation * (2 - stepCumulation) * effective) * turned;
      length += square(stepPath[i] as number);
    }
    length = Math.sqrt(length);
    // While steps grow fast, their path says nothing of the shape.
    const isSteady = length < (1.4 + 2 / (count + 1)) * expectedLength || generation < 2;
    for (let i = 0; i < count; i++)
      path[i] =
        (1 - cumulation) * (path[i] as number) +
        (isSteady ? Math.sqrt(cumulation * (2 - cumulation) * effective) * (moved[i] as number) : 0);
    const left = 1 - rankOne - rankMany + (isSteady ? 0 : rankOne * cumulation * (2 - cumulation));
    for (let i = 0; i < count; i++)
      for (let j = 0; j <= i; j++) {
        let many = 0;
        weights.forEach((weight, rank) => {
          const { step } = ranked[rank] as (typeof ranked)[number];
          many += weight * (step[i] as number) * (step[j] as number);
        });
        const entry =
          left * (covariance[i * count + j] as number) +
          rankOne * (path[i] as number) * (path[j] as number) +
          rankMany * many;
        covariance[i * count + j] = entry;
        covariance[j * count + i] = entry;
      }
    size *= kernels.exp(Math.min(1, (stepCumulation / stepDamping) * (length / expectedLength - 1)));
    if (!(size > 0 && size < 1e150)) break;
    const spread = size * lengths.reduce((most, l) => Math.max(most, l), 0);
    if (spread < 1e-16 * (1 + Math.abs(best)) && spread < 1e-16) break;
  }
  return best;
}
