import { pythonNumber } from "../export-python.ts";
import type { Value } from "../value.ts";
import type { Fixture } from "./fixtures.ts";

const literal = (value: Value): string =>
  typeof value === "boolean" ? (value ? "True" : "False") : pythonNumber(value as number);

/** A test for plain `python3` of an exported Python module that lies beside it. */
export function pythonConformance({
  name,
  file,
  testFile,
  fixtures,
}: {
  name: string;
  file: string;
  testFile: string;
  fixtures: readonly Fixture[];
}): string {
  const rows = fixtures.map(
    ({ inputs, outcome, tolerance }) =>
      `    ((${inputs.map((input) => `${literal(input)},`).join(" ")}), ${literal(outcome as Value)}, ${pythonNumber(tolerance)}),`,
  );
  return `# Holds ${file} against what Illume computes: ${fixtures.length} inputs.
# Run: python3 ${testFile}

import importlib.util
import math
import pathlib
import unittest

path = pathlib.Path(__file__).with_name(${JSON.stringify(file)})
spec = importlib.util.spec_from_file_location("exported", path)
exported = importlib.util.module_from_spec(spec)
spec.loader.exec_module(exported)

# Inputs, what is expected, and how far a result may be from it: 0.0 asks for the same bits.
fixtures = [
${rows.join("\n")}
]


def is_same(actual, expected, tolerance):
    if isinstance(expected, bool):
        return actual is expected
    if math.isnan(expected) or math.isnan(actual):
        return math.isnan(expected) and math.isnan(actual)
    if tolerance == 0.0:
        return actual == expected and math.copysign(1.0, actual) == math.copysign(1.0, expected)
    return abs(actual - expected) <= tolerance


class Conformance(unittest.TestCase):
    def test_gives_what_illume_computes(self):
        for inputs, expected, tolerance in fixtures:
            with self.subTest(inputs=inputs):
                actual = exported.${name}(*inputs)
                self.assertTrue(is_same(actual, expected, tolerance), f"{actual!r}, expected {expected!r}")


if __name__ == "__main__":
    unittest.main()
`;
}
