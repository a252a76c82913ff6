import { describe, expect, it } from "vitest";
import {
  checkProgram,
  createMachine,
  type Grammar,
  isValueOf,
  MAXIMUM_TOKENS,
  outcomeAt,
  parseProgram,
  printProgram,
  type Program,
  ProgramGraph,
  programSize,
  type Value,
} from "../../dsl/index.ts";
import { RandomStream, rootKey } from "../../src/random-stream.ts";
import { Grower, randomConstant } from "../../src/variation/grow.ts";
import { variationOperators } from "../../src/variation/index.ts";
import type { VariationContext } from "../../src/variation/variation-operator.ts";
import { randomProgram, randomStream, randomValue } from "../dsl/random-programs.ts";
import { grammars } from "./languages.ts";

const key = rootKey("variation");
const streamOf = (candidate: number): RandomStream => new RandomStream().derive(key, 0, 0, candidate);
const copyOf = (p: Program): Program => ({ tokens: p.tokens.slice(), constants: p.constants.slice() });
const bytesOf = (p: Program): string => `${p.tokens.join()} ${p.constants.join()}`;
const LIMIT = 40;
const shrinking = new Set(["point-mutation", "hoist", "delete", "share", "constant-perturbation"]);

/** Parents of many sizes, half of them with sharing where the language has it. */
function parentsOf(grammar: Grammar, count: number): Program[] {
  const random = randomStream(7);
  return Array.from({ length: count }, () => randomProgram(grammar, random, 1 + Math.floor(random() * 25)));
}

const contextOf = (grammar: Grammar, mates: readonly Program[], stream: RandomStream): VariationContext => ({
  grower: new Grower(grammar),
  selectMate: () => mates[stream.below(mates.length)] as Program,
});

describe.each(grammars)("variation in %s", (_name, grammar) => {
  const parents = parentsOf(grammar, 80);

  it("starts from parents of which some share terms", () => {
    const sharing = parents.filter((p) => p.tokens.some((t) => t < 0)).length;
    expect(sharing).toBeGreaterThan(0);
  });

  it.each(variationOperators.map(({ operator }) => [operator.name, operator] as const))(
    "%s gives well-typed children within the size limit, the same for the same stream, and leaves its parents alone",
    (_operatorName, operator) => {
      const graph = new ProgramGraph(grammar);
      const again = new ProgramGraph(grammar);
      const before = parents.map(bytesOf);
      let children = 0;
      parents.forEach((parent, n) => {
        for (let k = 0; k < 4; k++) {
          const stream = streamOf(n * 4 + k);
          graph.read(parent);
          const varied = operator.vary(graph, stream, contextOf(grammar, parents, stream));
          const second = streamOf(n * 4 + k);
          again.read(parent);
          expect(operator.vary(again, second, contextOf(grammar, parents, second))).toBe(varied);
          expect(second.word()).toBe(stream.word());
          const child = graph.write(LIMIT);
          const twin = again.write(LIMIT);
          // These never make a program larger, but where a shared term is written out inside a lambda.
          if (shrinking.has(operator.name) && !grammar.isLambda.includes(1)) expect(child).not.toBeNull();
          if (child === null || twin === null) {
            expect(child).toBe(twin);
            continue;
          }
          expect(bytesOf(twin)).toBe(bytesOf(child));
          const problems = checkProgram(grammar, child);
          if (problems.length > 0)
            expect.fail(`${operator.name} of ${printProgram(grammar, parent)}: ${problems.join(" ")}`);
          expect(programSize(child)).toBeLessThanOrEqual(LIMIT);
          if (varied) children++;
        }
      });
      expect(parents.map(bytesOf)).toEqual(before);
      const isHopeless =
        (operator.name === "constant-perturbation" && !grammar.isConstant.includes(1)) ||
        (operator.name === "unshare" && children === 0) ||
        (operator.name === "continue-fraction" &&
          !(
            grammar.isConstant.includes(1) &&
            ["add", "divide"].every((vector) =>
              grammar.productions.some((p) => p.primitive?.vector === vector),
            )
          ));
      if (!isHopeless) expect(children).toBeGreaterThan(0);
    },
  );

  it("leaves the program as it was where an operator finds nothing to change", () => {
    const graph = new ProgramGraph(grammar);
    parents.forEach((parent, n) => {
      for (const { operator } of variationOperators) {
        graph.read(parent);
        const canonical = bytesOf(copyOf(graph.write(MAXIMUM_TOKENS) as Program));
        const stream = streamOf(9000 + n);
        if (!operator.vary(graph, stream, contextOf(grammar, parents, stream)))
          expect(bytesOf(graph.write(MAXIMUM_TOKENS) as Program)).toBe(canonical);
      }
    });
  });

  it("survives long chains of operators, each on the child of the last", () => {
    const graph = new ProgramGraph(grammar);
    const stream = streamOf(123456);
    const context = contextOf(grammar, parents, stream);
    let current = copyOf(parents[0] as Program);
    for (let step = 0; step < 600; step++) {
      graph.read(current);
      const operator = variationOperators[stream.below(variationOperators.length)]?.operator;
      if (operator?.vary(graph, stream, context) !== true) continue;
      const child = graph.write(LIMIT);
      if (child === null) continue;
      const problems = checkProgram(grammar, child);
      if (problems.length > 0)
        expect.fail(`${operator.name} of ${printProgram(grammar, current)}: ${problems.join(" ")}`);
      current = copyOf(child);
    }
  });
});

describe.each(grammars)("the program graph of %s", (_name, grammar) => {
  const parents = parentsOf(grammar, 120);

  it("writes what it has read: the same program after one pass, and the same behaviour and text", () => {
    const graph = new ProgramGraph(grammar);
    const random = randomStream(11);
    const cases = 6;
    const inputs = grammar.signature.argumentTypes.map((type) =>
      Array.from({ length: cases }, (): Value => randomValue(type, random)),
    );
    const machine = createMachine(grammar, inputs, cases);
    for (const parent of parents) {
      graph.read(parent);
      const written = copyOf(graph.write(MAXIMUM_TOKENS) as Program);
      expect(checkProgram(grammar, written)).toEqual([]);
      expect(programSize(written)).toBeLessThanOrEqual(programSize(parent));
      graph.read(written);
      expect(bytesOf(graph.write(MAXIMUM_TOKENS) as Program)).toBe(bytesOf(written));
      const texts = [parent, written].map((p) => printProgram(grammar, p));
      expect(texts[1]).toBe(texts[0]);
      const outcomes = [parent, written].map((p) => {
        const column = machine.run(p);
        return JSON.stringify(Array.from({ length: cases }, (_, i) => outcomeAt(grammar, column, i)));
      });
      expect(outcomes[1]).toBe(outcomes[0]);
    }
  });

  it("grafts terms of other programs with the variables they need, or not at all, and keeps what they share", () => {
    const graph = new ProgramGraph(grammar);
    const stream = streamOf(77);
    let grafted = 0;
    for (const [n, parent] of parents.entries()) {
      graph.read(parent);
      const mate = parents[(n * 7 + 3) % parents.length] as Program;
      for (let tries = 0; tries < 6; tries++) {
        const position = stream.below(mate.tokens.length);
        const token = mate.tokens[position] as number;
        if (token >= 0 && grammar.isLambda[token] === 1) continue;
        const node = graph.graft(mate, position, -1);
        if (node < 0 || graph.type(node) !== grammar.resultType) continue;
        graph.root = node;
        const term = graph.write(MAXIMUM_TOKENS);
        // What was shared from outside the term may bind too many variables where it now stands.
        if (term === null) continue;
        expect(checkProgram(grammar, term)).toEqual([]);
        expect(programSize(term)).toBeLessThanOrEqual(programSize(mate));
        const text = printProgram(grammar, mate);
        if (position === mate.tokens.length - 1) expect(printProgram(grammar, term)).toBe(text);
        grafted++;
      }
      graph.root = graph.graft(mate, mate.tokens.length - 1, -1);
      const whole = copyOf(graph.write(MAXIMUM_TOKENS) as Program);
      graph.read(mate);
      expect(bytesOf(whole)).toBe(bytesOf(graph.write(MAXIMUM_TOKENS) as Program));
    }
    expect(grafted).toBeGreaterThan(20);
  });

  it("tells exactly the nodes that can be reached", () => {
    const graph = new ProgramGraph(grammar);
    for (const parent of parents.slice(0, 30)) {
      graph.read(parent);
      const below = (node: number): Set<number> => {
        const found = new Set([node]);
        for (const n of found)
          for (let k = 0; k < graph.arity(n); k++) found.add(graph.child[n * 4 + k] as number);
        return found;
      };
      for (let node = 0; node < graph.count; node++) {
        const expected = below(node);
        for (let target = 0; target < graph.count; target++)
          expect(graph.reaches(node, target)).toBe(expected.has(target));
      }
    }
  });
});

describe("programs with very many paths", () => {
  const grammar = (grammars[2] as (typeof grammars)[number])[1];
  /** x², squared again and again: as many nodes as squarings, and 2^60 paths. */
  const tower = (): Program => {
    let text = "(let ((a0 (* x x)))";
    for (let i = 1; i < 60; i++) text += ` (let ((a${i} (* a${i - 1} a${i - 1})))`;
    return parseProgram(grammar, `${text} (* a59 a59)${")".repeat(60)}`);
  };

  it.each(variationOperators.map(({ operator }) => [operator.name, operator] as const))(
    "%s looks at each node once",
    (_operatorName, operator) => {
      const program = tower();
      const graph = new ProgramGraph(grammar);
      for (let n = 0; n < 100; n++) {
        const stream = streamOf(n);
        graph.read(program);
        operator.vary(graph, stream, contextOf(grammar, [program], stream));
        const child = graph.write(400);
        if (child !== null) expect(checkProgram(grammar, child)).toEqual([]);
      }
    },
    10_000,
  );
});

describe.each(grammars)("random growth in %s", (_name, grammar) => {
  it("ends for every type and every size, within the size asked for where that is possible", () => {
    const graph = new ProgramGraph(grammar);
    const grower = new Grower(grammar);
    grammar.types.forEach((type, id) => {
      const least = grammar.minimumSizeOfType[id] as number;
      if (least >= 1 << 29 || type.kind === "function") return;
      if (grammar.productionsOfType[id]?.length === 0) return;
      for (let size = 1; size <= 30; size++)
        for (let n = 0; n < 3; n++) {
          graph.clear();
          const root = grower.grow(graph, streamOf(size * 10 + n), id, -1, 0, size);
          expect(root).toBeGreaterThanOrEqual(0);
          expect(graph.type(root)).toBe(id);
          // Where four variables are already bound, a smaller term than asked for may not exist.
          if (!grammar.isLambda.includes(1)) expect(graph.count).toBeLessThanOrEqual(Math.max(size, least));
          else expect(graph.count).toBeLessThanOrEqual(Math.max(size, least) + 20);
        }
    });
  });

  it("gives well-typed programs of the result type", () => {
    const graph = new ProgramGraph(grammar);
    const grower = new Grower(grammar);
    for (let n = 0; n < 400; n++) {
      graph.clear();
      graph.root = grower.grow(graph, streamOf(n), grammar.resultType, -1, 0, 1 + (n % 40));
      const program = graph.write(MAXIMUM_TOKENS) as Program;
      const problems = checkProgram(grammar, program);
      if (problems.length > 0) expect.fail(`stream ${n}: ${problems.join(" ")}`);
    }
  });

  it("draws constants that programs may carry", () => {
    grammar.types.forEach((type, id) => {
      if (type.kind !== "int" && type.kind !== "real" && type.kind !== "float32") return;
      for (let n = 0; n < 2000; n++) {
        const value = randomConstant(grammar, id, streamOf(n));
        const isNegativeZero = type.kind === "int" && Object.is(value, -0);
        if (!Number.isFinite(value) || !isValueOf(type, value) || isNegativeZero)
          expect.fail(`${type.kind} constant ${Object.is(value, -0) ? "-0" : value} of stream ${n}`);
      }
    });
  });
});
