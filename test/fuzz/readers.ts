import {
  arithmetic,
  bits,
  bitVectors,
  bool,
  char,
  checkProgram,
  compileGrammar,
  createMachine,
  defineLanguage,
  type ExportLanguage,
  exportLanguages,
  exportProgram,
  float32,
  fn,
  type Grammar,
  int,
  isValueOf,
  list,
  lists,
  type Machine,
  pair,
  parseProgram,
  primitive,
  printProgram,
  readFormula,
  type Program,
  real,
  string,
  text,
  type Type,
  typeText,
  valueToJson,
  variable,
} from "../../dsl/index.ts";
import { valueFromJson } from "../../dsl/value-json.ts";
import { configurationFrom, readSettings } from "../../src/cli/configuration.ts";
import {
  checkClaims,
  checkFile,
  completeParameters,
  formClaims,
  grammarClaims,
  headerLines,
  programClaims,
  readClaims,
} from "../../src/index.ts";
import { rootKey } from "../../src/random-stream.ts";
import { table } from "../../src/table.ts";
import { randomProgram, randomStream, randomValue } from "../dsl/random-programs.ts";
import { type Reader, refuse, require } from "./reader.ts";
import { storeReaders } from "./store-readers.ts";

const a = variable("a");
const b = variable("b");

/** Chars, pairs, literals that need quoting, overloads. */
const everything = defineLanguage({
  name: "everything",
  types: [int, real, bool, char, string, pair(int, string), list(int), bits(8), float32],
  constants: [int, real, float32],
  literals: [
    { type: int, value: 1 },
    { type: real, value: -0 },
    { type: string, value: 'a "quoted" \\ ; ( \n' },
    { type: char, value: "'" },
    { type: char, value: "\\" },
    { type: char, value: "\ud800" },
    { type: list(int), value: [1, -2] },
    { type: bits(8), value: 0xe1n },
    { type: pair(int, string), value: [1, ') ;"'] },
  ],
  primitives: [
    primitive("pair", [a, b], pair(a, b), (x, y) => [x, y] as const),
    primitive("first", [pair(a, b)], a, (p) => p[0]),
    primitive("=", [a, a], bool, (x, y) => x === y),
    primitive("if", [bool, a, a], a, (x, y, z) => (x ? y : z), { strictParameters: 1 }),
    primitive("size", [string], int, (s) => s.length),
    primitive("size", [list(a)], int, (xs) => xs.length),
    primitive("letter", [string], char, (s) => s.slice(0, 1)),
    primitive("half", [int], real, (x) => x / 2),
    primitive("+", [float32, float32], float32, (x, y) => x + y),
    primitive("low", [int], bits(8), (x) => BigInt.asUintN(8, BigInt(x))),
  ],
});

const grammars: readonly (readonly [string, Grammar])[] = [
  [
    "formulas",
    compileGrammar(
      arithmetic({ constants: true, operations: ["+", "-", "*", "/", "sqrt", "min"] }),
      fn({ x: real, y: real }, real),
    ),
  ],
  ["texts", compileGrammar(text({ literals: ["", " ", "-", '"'] }), fn({ s: string, n: int }, string))],
  [
    "lists",
    compileGrammar(
      lists({ ints: [0, 1], types: [list(list(int))] }),
      fn({ xs: list(int), n: int }, list(int)),
    ),
  ],
  ["bits", compileGrammar(bitVectors({ width: 13 }), fn({ x: bits(13) }, bits(13)))],
  ["everything", compileGrammar(everything, fn({ s: string, p: pair(int, string) }, pair(int, string)))],
];

const programsOf = (grammar: Grammar): Program[] => {
  const random = randomStream(7);
  return Array.from({ length: 60 }, () => randomProgram(grammar, random, 1 + Math.floor(random() * 25)));
};

const sameProgram = (p: Program, q: Program): boolean =>
  p.tokens.length === q.tokens.length &&
  p.tokens.every((token, i) => token === q.tokens[i]) &&
  p.constants.length === q.constants.length &&
  p.constants.every((constant, i) => Object.is(constant, q.constants[i]));

/** A program that was read is one of the grammar, is written and read back as it is, and runs. */
function checkRead(grammar: Grammar, machine: Machine, program: Program): void {
  require(checkProgram(grammar, program).length === 0, "a program that was read is none of the grammar");
  require(sameProgram(parseProgram(grammar, printProgram(grammar, program)), program), "it is not read back");
  require(machine.run(program).length === CASES, "it does not run");
}

const CASES = 3;

function machineOf(grammar: Grammar): Machine {
  const random = randomStream(1);
  const inputs = grammar.signature.argumentTypes.map((type) =>
    Array.from({ length: CASES }, () => randomValue(type, random)),
  );
  return createMachine(grammar, inputs, CASES);
}

const programTexts = grammars.map(([name, grammar]): Reader => {
  const machine = machineOf(grammar);
  return {
    name: `program texts over ${name}`,
    corpus: programsOf(grammar).map((program) => printProgram(grammar, program)),
    read: (input: string) => checkRead(grammar, machine, parseProgram(grammar, input)),
  };
});

/** Tokens and constants as bytes: a count of tokens, the tokens, the constants. */
const programBytes = ({ tokens, constants }: Program): Uint8Array =>
  Uint8Array.from([
    tokens.length,
    ...new Uint8Array(Int16Array.from(tokens).buffer),
    ...new Uint8Array(constants.slice().buffer),
  ]);

function programOf(bytes: Uint8Array): Program {
  const tokenBytes = Math.min(2 * (bytes[0] ?? 0), (bytes.length - 1) & ~1);
  const tokens = new Int16Array(bytes.slice(1, 1 + Math.max(0, tokenBytes)).buffer);
  const rest = bytes.slice(1 + Math.max(0, tokenBytes));
  return {
    tokens: Int32Array.from(tokens),
    constants: new Float64Array(rest.slice(0, rest.length & ~7).buffer),
  };
}

const programTokens = grammars.slice(2, 3).map(([name, grammar]): Reader => {
  const machine = machineOf(grammar);
  return {
    name: `program tokens over ${name}`,
    corpus: programsOf(grammar).map(programBytes),
    read: (input: Uint8Array) => {
      const program = programOf(input);
      const problems = checkProgram(grammar, program);
      if (problems.length > 0) refuse(problems);
      checkRead(grammar, machine, program);
    },
  };
});

const jsonTypes: readonly Type[] = [
  real,
  int,
  string,
  char,
  bits(13),
  list(float32),
  list(pair(int, string)),
  pair(list(list(bits(8))), bool),
];

const jsonValues = jsonTypes.slice(4).map((type): Reader => {
  const random = randomStream(3);
  return {
    name: `JSON of ${typeText(type)}`,
    corpus: jsonTypes.flatMap((t) => Array.from({ length: 4 }, () => valueToJson(randomValue(t, random)))),
    read: (input: string) =>
      require(isValueOf(type, valueFromJson(type, input)), "what was read is no value of the type"),
  };
});

const tables: Reader = {
  name: "tables",
  corpus: [
    "body,period,mass\nMercury,87.97,3e23\nVenus,224.7,-4.8e24\n",
    'period,body\r\n1,"Ada ""Countess"" L."\r\n2,"first\r\nsecond"\r\n',
    "\uFEFFbody,period\n# a comment, with a \"quote\n,0\n\n'x',-1.5",
  ],
  read: (input: string) => {
    for (const row of table(input, { period: "number", body: "string" }))
      require(Number.isFinite(row.period) &&
        typeof row.body === "string" &&
        Object.keys(row).length === 2, "a row is not as wanted");
  },
};

const configurations: Reader = {
  name: "configurations",
  corpus: [
    '{"seed": 5, "budget": 2e6, "minutes": 1.5, "workers": "auto", "executor": "serial"}',
    '{\n  "runs": "runs/night",\n  "workers": 2,\n  "set": {"islands": 8, "cache": "off", "earlyAbort": true}\n}',
    "{}",
  ],
  read: (input: string) => {
    const { set } = configurationFrom(input, "illume.config.json");
    require(({} as { a?: unknown }).a === undefined, "a prototype has changed");
    completeParameters(set ?? {});
  },
};

const settings: Reader = {
  name: "settings",
  corpus: ["islands=8", "cache=lossy", "randomShare=0.5", "earlyAbort=false", "mantissaBits=52", "islands=1"],
  read: (input: string) => {
    const { islands } = completeParameters(readSettings(input.split("\n")));
    require(Number.isInteger(islands) && islands >= 1, "a parameter is out of its range");
  },
};

const seeds: Reader = {
  name: "seeds",
  corpus: ["1", "night run", "-0.5", "ünïcode"],
  read: (input: string) =>
    require(String(rootKey(input)) === String(rootKey(input)) &&
      rootKey(input).length === 4, "a seed does not give the same key twice"),
};

const formulas: Reader = {
  name: "formulas",
  corpus: [
    "2^x",
    "erf(t / 2) - 0.1 * exp(-t^2)",
    "-x**2 + pow(x, 1.5e-1) / max(1, pi)",
    "airy(-((x)))*besselj0(x)",
  ],
  read: (input: string) => {
    const { high, low } = readFormula(input).evaluate(Float64Array.of(0, -1.5, 1e300, Number.NaN));
    require(high.every((value, i) => Number.isFinite(value) || low[i] === 0), "a value is no pair");
  },
};

/** Headers of exported files: what is wrong in them is said of a claim, and nothing else happens. */
const exportedFiles: Reader = {
  name: "exported files",
  corpus: grammars.slice(0, 1).flatMap(([, grammar]) =>
    programsOf(grammar)
      .slice(0, 12)
      .map((program, k) => {
        const to = exportLanguages[k % exportLanguages.length] as ExportLanguage;
        const claims = {
          ...programClaims(grammar, program),
          ...grammarClaims(grammar),
          ...formClaims({ to, name: "found", version: "1" }),
          seed: "1",
        };
        return exportProgram(grammar, program, { to, name: "found", header: headerLines(claims) });
      }),
  ),
  read: (input: string) => {
    const claims = readClaims(input);
    const file = checkFile(input, claims, "1", null);
    const checks = [...checkClaims(claims, file.computed), file.text];
    require(checks.length > 5, "a claim was not checked");
    if (checks.some((check) => check.verdict === "differs")) refuse(["something differs"]);
  },
};

/** Everything that reads what other people have written. */
export const readers: readonly Reader[] = [
  ...programTexts,
  ...programTokens,
  ...jsonValues,
  formulas,
  tables,
  configurations,
  settings,
  seeds,
  exportedFiles,
  ...storeReaders,
];
