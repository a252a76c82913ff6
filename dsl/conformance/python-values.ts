import { pythonValue } from "../python-values.ts";
import type { Value } from "../value.ts";
import { type Fixture, reasonOf } from "./fixtures.ts";

/** A text whose halves of characters stand together, as Python has it. */
const whole = (value: Value): string =>
  typeof value === "string"
    ? `${pythonValue(value)}.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")`
    : pythonValue(value);
const literal = (value: Value): string =>
  typeof value === "string" && /[\ud800-\udfff]/.test(value) ? whole(value) : pythonValue(value);

/** A test for plain `python3` of an exported module over ints, strings and booleans that lies beside it. */
export function pythonValueConformance({
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
  const rows = fixtures.map(({ inputs, outcome }) => {
    const reason = reasonOf(outcome);
    const expected = reason === null ? `${literal(outcome as Value)}, None` : `None, ${pythonValue(reason)}`;
    return `    ((${inputs.map((input) => `${literal(input)},`).join(" ")}), ${expected}),`;
  });
  return `# Holds ${file} against what Illume computes: ${fixtures.length} inputs.
# Run: python3 ${testFile}

import importlib.util
import pathlib
import unittest

path = pathlib.Path(__file__).with_name(${JSON.stringify(file)})
spec = importlib.util.spec_from_file_location("exported", path)
exported = importlib.util.module_from_spec(spec)
spec.loader.exec_module(exported)

# Inputs, what is expected, or why there is no value.
fixtures = [
${rows.join("\n")}
]


class Conformance(unittest.TestCase):
    def test_gives_what_illume_computes(self):
        for inputs, expected, reason in fixtures:
            with self.subTest(inputs=inputs):
                if reason is not None:
                    with self.assertRaisesRegex(ValueError, f"^trap: {reason}$"):
                        exported.${name}(*inputs)
                else:
                    actual = exported.${name}(*inputs)
                    self.assertEqual((actual, type(actual)), (expected, type(expected)))


if __name__ == "__main__":
    unittest.main()
`;
}
