import { describe, expect, test } from "vitest";
import { kernels, type Kernels } from "../../dsl/index.ts";
import { firstDifference, greatestErrors, vectorKernels, worstError } from "../dsl/kernel-checks.ts";

const POINTS = 1_000_000;

describe("over a million points", () => {
  test.each(Object.keys(kernels) as (keyof Kernels)[])("%s is within its ulps", (name) => {
    const { error, at } = worstError(name, POINTS);
    console.log(`${name}: at most ${error.toFixed(3)} ulp, at ${at.join(" ")}`);
    expect(error, `at ${at.join(" ")}`).toBeLessThan(greatestErrors[name]);
  });

  test.each(vectorKernels)("%s gives the same bits two at a time", (name) => {
    expect(firstDifference(name, POINTS)).toBeNull();
  });
});
