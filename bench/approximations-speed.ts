import {
  arithmetic,
  baselines,
  compileGrammar,
  createMachine,
  errorMeasureOf,
  exportProgram,
  float32,
  fn,
  type Grammar,
  parseProgram,
  type Program,
  programOperations,
  real,
  targetOf,
} from "../src/index.ts";
import { type Champion, champions } from "./approximation-champions.ts";
import type { BenchmarkRecord } from "./benchmark-record.ts";
import { cStatements } from "./c-expression.ts";
import { javascriptLoop, leastNanoseconds, type TimedLoop } from "../src/cli/timed-loop.ts";
import { cLoops } from "./timed-loops.ts";

const ROUNDS = 11;
/** Arguments are evenly spaced; their column and that of results stay in the first-level cache. */
const POINTS = 1024;
/** Baselines have at most so many operations. */
const MAXIMUM_OPERATIONS = 16;
/** An approximation is as accurate as another if its error is at most this much larger. */
const SAME = 1.02;

/**
 * Nanoseconds a call of approximations that were found, of the polynomial of least degree that is as accurate (or else the most
 * accurate), and of what the language brings along: as exported JavaScript, and, where there is a compiler, in C one call at a time
 * (-O2 without vectors) and in vectors (-O3 for this machine). A call reads its argument from an array and writes its result to another,
 * 1,024 of them over and over: it is throughput that counts, not latency. The least of 11 rounds in turn.
 */
export async function* approximationsSpeedBenchmark(): AsyncGenerator<BenchmarkRecord> {
  for (const champion of champions) {
    const { formula, from, to, precision } = champion;
    const type = precision === "f32" ? float32 : real;
    const grammar = compileGrammar(arithmetic({ precision, constants: true }), fn({ x: type }, type));
    const question = {
      target: formula,
      from,
      to,
      error: precision === "f32" ? "ulp" : "relative",
      precision,
    } as const;
    const found = parseProgram(grammar, champion.program);
    const { largest: errorOf } = errorMeasureOf(grammar, question);
    const error = errorOf(found);
    const polynomials = baselines(targetOf(question), MAXIMUM_OPERATIONS)
      .filter(({ method }) => method === "minimax polynomial")
      .map(({ program }) => parseProgram(grammar, program))
      .map((program) => ({ program, error: errorOf(program) }));
    const polynomial =
      polynomials.find((p) => p.error <= SAME * error) ??
      polynomials.reduce((best, p) => (p.error < best.error ? p : best));
    const xs = Float64Array.from({ length: POINTS }, (_, i) => from + ((i + 0.5) * (to - from)) / POINTS);
    const machine = createMachine(grammar, [Array.from(xs, type === float32 ? Math.fround : Number)], POINTS);
    const sums = [found, polynomial.program].map((program) =>
      Array.from(machine.run(program) as ArrayLike<number>).reduce((sum, value) => sum + value, 0),
    );
    for (const [kind, [foundLoop, polynomialLoop, builtInLoop]] of await loopsOf(
      champion,
      grammar,
      [found, polynomial.program],
      xs,
    )) {
      check(kind, [foundLoop, polynomialLoop, builtInLoop], sums);
      const [foundNs, polynomialNs, builtInNs] = leastNanoseconds(
        [foundLoop, polynomialLoop, builtInLoop],
        ROUNDS,
      ) as [number, number, number];
      yield {
        type: `${formula} ${precision} ${kind}`,
        operations: programOperations(grammar, found),
        error,
        nanoseconds: foundNs,
        polynomialOperations: programOperations(grammar, polynomial.program),
        polynomialError: polynomial.error,
        polynomialNanoseconds: polynomialNs,
        polynomialRatio: polynomialNs / foundNs,
        builtInNanoseconds: builtInNs,
        builtInRatio: builtInNs / foundNs,
      };
    }
  }
}

type Three = readonly [found: TimedLoop, polynomial: TimedLoop, builtIn: TimedLoop];

async function loopsOf(
  { precision, builtIn }: Champion,
  grammar: Grammar,
  programs: readonly [found: Program, polynomial: Program],
  xs: Float64Array,
): Promise<readonly (readonly [kind: string, loops: Three])[]> {
  const modules = programs.map((program) =>
    exportProgram(grammar, program, { to: "javascript", name: "f", header: [] }),
  );
  const rounded = precision === "f32" ? `Math.fround(${builtIn.javascript})` : builtIn.javascript;
  modules.push(`export function f(x) {\n  return ${rounded};\n}\n`);
  const inJavascript = await Promise.all(modules.map((code) => javascriptLoop(code, xs, precision)));
  const type = precision === "f32" ? "float" : "double";
  const bodies = programs.map((program) => cStatements(grammar, program, type));
  bodies.push(`const ${type} value = ${precision === "f32" ? builtIn.c.replace("(", "f(") : builtIn.c};`);
  return [
    ["javascript", inJavascript as unknown as Three],
    ...cLoops(bodies, xs, type).map(({ name, loops }) => [name, loops as unknown as Three] as const),
  ];
}

/** @throws Error where code of a program does not give what the machine gives */
function check(kind: string, loops: Three, sums: readonly number[]): void {
  sums.forEach((sum, k) => {
    const other = loops[k]?.().sum;
    if (other !== sum)
      throw new Error(`program ${k + 1} in ${kind} adds up to ${other}, by the machine to ${sum}`);
  });
}
