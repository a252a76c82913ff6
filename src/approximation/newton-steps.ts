import { kernels } from "../../dsl/index.ts";
import type { PowerLaw } from "./power-law.ts";

/** What is known where a first approximation is improved: its quotient with the target, and what an error of the target's size is worth. */
export interface StepSamples {
  readonly ratios: Float64Array;
  /** |target| / unit */
  readonly weights: Float64Array;
}

/** Newton's steps as a program: a definition of the first approximation, times a factor, goes before. */
export interface NewtonSteps {
  /** By this the first approximation is multiplied. */
  readonly start: number;
  readonly definitions: readonly string[];
  readonly term: string;
}

/**
 * A way to improve a k-th root. Its parameters are 1 where it converges quadratically; the first multiplies the approximation. They are
 * moved a little, so that errors are as large to both sides.
 */
interface Form {
  readonly parameters: number;
  /** The ratio of the improved approximation and the target, from that of the first one. */
  ratio(ratio: number, parameters: readonly number[]): number;
  steps(parameters: readonly number[]): NewtonSteps;
}

/** Powers 1 to 4 of a name, as a term; squares that it needs are defined. */
function powerOf(name: string, exponent: number, definitions: string[]): string {
  if (exponent === 1) return name;
  const square = `${name}Square`;
  if (!definitions.some((definition) => definition.startsWith(`(${square} `)))
    definitions.push(`(${square} (* ${name} ${name}))`);
  return exponent === 2 ? square : `(* ${square} ${exponent === 3 ? name : square})`;
}

/** I. Newton's steps for the root of y^k = factor · x^j, which are Heron's for square roots: s (u + x^j / u^(k − 1)), u the approximation times a constant. */
function divisionForm({ root: k, exponent, factor }: PowerLaw, count: number): Form {
  const first = kernels.pow((k - 1) / factor, 1 / k);
  return {
    parameters: 1 + count,
    ratio(ratio, parameters) {
      let r = ratio * (parameters[0] as number);
      for (let step = 1; step <= count; step++)
        r = ((parameters[step] as number) * ((k - 1) * r + kernels.pow(r, 1 - k))) / k;
      return r;
    },
    steps(parameters) {
      const definitions: string[] = [];
      const x = powerOf("x", Math.abs(exponent), definitions);
      let term = "";
      for (let step = 1; step <= count; step++) {
        const u = `u${step - 1}`;
        const power = powerOf(u, k - 1, definitions);
        const added = exponent > 0 ? `(/ ${x} ${power})` : `(/ 1.0 (* ${x} ${power}))`;
        const scale = ((parameters[step] as number) * (k - 1)) / k / (step === count ? first : 1);
        term = `(* ${scale} (+ ${u} ${added}))`;
        if (step < count) definitions.push(`(u${step} ${term})`);
      }
      return { start: first * (parameters[0] as number), definitions, term };
    },
  };
}

/** Two of Heron's steps for the root of x itself, which need one scale: v = u + x / u, then c v + x / v. */
const doubleHeron: Form = {
  parameters: 2,
  ratio(ratio, [scale = 1, last = 1]) {
    const r = ratio * scale;
    const half = (r + 1 / r) / 2;
    return (last * half + 1 / half) / 2;
  },
  steps: ([scale = 1, last = 1]) => ({
    start: scale,
    definitions: ["(u1 (+ u0 (/ x u0)))"],
    term: `(+ (* ${last / 4} u1) (/ x u1))`,
  }),
};

/** Steps for y^k = factor / x^j that divide by nothing: u (a − x^j u^k). */
function productForm({ root: k, exponent, factor }: PowerLaw, count: number): Form {
  // What u is to the target at each step, so that the last gives the target.
  const scales = [1];
  for (let step = 0; step < count; step++)
    scales.unshift(kernels.pow((scales[0] as number) / (k * factor), 1 / (k + 1)));
  return {
    parameters: 1 + count,
    ratio(ratio, parameters) {
      let r = ratio * (parameters[0] as number);
      for (let step = 1; step <= count; step++)
        r = (r * ((k + 1) * (parameters[step] as number) - kernels.pow(r, k))) / k;
      return r;
    },
    steps(parameters) {
      const definitions: string[] = [];
      const x = powerOf("x", -exponent, definitions);
      let term = "";
      for (let step = 1; step <= count; step++) {
        const u = `u${step - 1}`;
        const power = powerOf(u, k, definitions);
        const a =
          (k + 1) * (parameters[step] as number) * factor * kernels.pow(scales[step - 1] as number, k);
        term = `(* ${u} (- ${a} (* ${x} ${power})))`;
        if (step < count) definitions.push(`(u${step} ${term})`);
      }
      return { start: (scales[0] as number) * (parameters[0] as number), definitions, term };
    },
  };
}

const MAXIMUM_STEPS = 2;
const ROUNDS = 4;
const HALVINGS = 40;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** All ways to improve an approximation of a root by one step or two, balanced on samples. */
export function newtonSteps(law: PowerLaw, samples: StepSamples): NewtonSteps[] {
  const forms = Array.from({ length: MAXIMUM_STEPS }, (_, k) => [
    divisionForm(law, k + 1),
    ...(law.exponent < 0 ? [productForm(law, k + 1)] : []),
  ]).flat();
  if (law.root === 2 && law.exponent === 1 && law.factor === 1) forms.push(doubleHeron);
  return forms.map((form) => form.steps(balanced(form, samples)));
}

/** Parameters with which the largest error is about least: one after the other, by golden section. */
function balanced(form: Form, { ratios, weights }: StepSamples): number[] {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const ratio of ratios) {
    least = Math.min(least, ratio);
    most = Math.max(most, ratio);
  }
  const parameters = new Array<number>(form.parameters).fill(1);
  // Newton's step errs to one side: as much for a ratio as for its inverse.
  parameters[0] = 1 / Math.sqrt(least * most);
  const largest = (): number => {
    let worst = 0;
    for (let i = 0; i < ratios.length; i++)
      worst = Math.max(
        worst,
        Math.abs(form.ratio(ratios[i] as number, parameters) - 1) * (weights[i] as number),
      );
    return worst;
  };
  let reach = Math.min(0.5, most / least - 1);
  for (let round = 0; round < ROUNDS; round++, reach /= 4)
    for (let at = form.parameters - 1; at >= 0; at--) {
      const middle = parameters[at] as number;
      const before = largest();
      const errorAt = (value: number): number => {
        parameters[at] = value;
        return largest();
      };
      let [low, high] = [middle * (1 - reach), middle * (1 + reach)];
      let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
      let [atLeft, atRight] = [errorAt(left), errorAt(right)];
      for (let step = 0; step < HALVINGS; step++)
        if (atLeft < atRight) {
          [high, right, atRight] = [right, left, atLeft];
          left = high - GOLDEN * (high - low);
          atLeft = errorAt(left);
        } else {
          [low, left, atLeft] = [left, right, atRight];
          right = low + GOLDEN * (high - low);
          atRight = errorAt(right);
        }
      parameters[at] = errorAt((low + high) / 2) < before ? (low + high) / 2 : middle;
    }
  return parameters;
}
