import type { ArgumentForms } from "./argument-forms.ts";
import { coefficientOf, constantOf, type Linear, sum } from "./linear.ts";

/** Outputs at the bounds that comparisons set, and right beside them, over the function's arguments. */
export function* boundForms(
  comparisons: readonly Linear[],
  output: Linear,
  forms: ArgumentForms,
): Generator<Linear> {
  const own = output.variables[0] as number;
  for (const form of comparisons) {
    const factor = coefficientOf(form, own);
    if (factor === 0) continue;
    const rest = sum(form, output, -factor);
    if (rest.coefficients.some((coefficient) => coefficient % factor !== 0)) continue;
    const linear: Linear = {
      variables: rest.variables,
      coefficients: rest.coefficients.map((coefficient) => -coefficient / factor + 0),
      constant: 0,
    };
    const inArguments = forms.overArguments(linear);
    if (inArguments === null) continue;
    const bound = Math.ceil(-rest.constant / factor);
    for (const near of [0, -1, 1]) yield sum(inArguments, constantOf(bound + near));
  }
}
