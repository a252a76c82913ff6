/** Coefficients, bounds and values are exact up to here; what grows beyond is given up, never rounded. */
export const LARGEST_EXACT = Number.MAX_SAFE_INTEGER;

/** Says that numbers got too large for exact arithmetic, so that nothing is known. */
export class InexactError extends Error {
  constructor() {
    super("integers beyond ±(2^53 − 1)");
  }
}

/** The number, if it is exact. */
export const exact = (value: number): number => {
  if (value > LARGEST_EXACT || value < -LARGEST_EXACT) throw new InexactError();
  return value;
};

/** Σ coefficient · variable + constant, over integers: the variables ascending, no coefficient zero. */
export interface Linear {
  readonly variables: readonly number[];
  readonly coefficients: readonly number[];
  readonly constant: number;
}

export const constantOf = (constant: number): Linear => ({ variables: [], coefficients: [], constant });
export const variableOf = (variable: number): Linear => ({
  variables: [variable],
  coefficients: [1],
  constant: 0,
});

/** a + factor · b. */
export function sum(a: Linear, b: Linear, factor = 1): Linear {
  const variables: number[] = [];
  const coefficients: number[] = [];
  const push = (variable: number, coefficient: number): void => {
    if (exact(coefficient) === 0) return;
    variables.push(variable);
    coefficients.push(coefficient);
  };
  let i = 0;
  let j = 0;
  while (i < a.variables.length || j < b.variables.length) {
    const x = a.variables[i] ?? Number.POSITIVE_INFINITY;
    const y = b.variables[j] ?? Number.POSITIVE_INFINITY;
    if (x < y) push(x, a.coefficients[i++] as number);
    else if (y < x) push(y, exact(factor * (b.coefficients[j++] as number)));
    else push(x, (a.coefficients[i++] as number) + exact(factor * (b.coefficients[j++] as number)));
  }
  return { variables, coefficients, constant: exact(a.constant + exact(factor * b.constant)) };
}

export const scaled = (a: Linear, factor: number): Linear => sum(constantOf(0), a, factor);

export const isConstant = (a: Linear): boolean => a.variables.length === 0;

/** A text that equal forms share. */
export const keyOf = (a: Linear): string =>
  `${a.variables.map((variable, k) => `${a.coefficients[k]}x${variable}`).join("+")}+${a.constant}`;

/** The form with another in the place of one of its variables. */
export function substituted(a: Linear, variable: number, by: Linear): Linear {
  const at = a.variables.indexOf(variable);
  if (at < 0) return a;
  const rest: Linear = {
    variables: a.variables.filter((_, k) => k !== at),
    coefficients: a.coefficients.filter((_, k) => k !== at),
    constant: a.constant,
  };
  return sum(rest, by, a.coefficients[at] as number);
}

/** The coefficient of a variable. */
export const coefficientOf = (a: Linear, variable: number): number =>
  a.coefficients[a.variables.indexOf(variable)] ?? 0;

/** What the form comes to. */
export const valueAt = (a: Linear, valueOf: (variable: number) => number): number => {
  let value = a.constant;
  for (let k = 0; k < a.variables.length; k++)
    value = exact(value + exact((a.coefficients[k] as number) * valueOf(a.variables[k] as number)));
  return value;
};

/** The greatest common divisor, not negative. */
export function divisor(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}
