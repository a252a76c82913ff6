import { describe, expect, it } from "vitest";
import { checkProgram, parseProgram, type Program, programSize } from "../../dsl/index.ts";
import { Archive } from "../../src/archive/archive.ts";
import { gridSpace } from "../../src/archive/grid.ts";
import { archiveDigest } from "../../src/digest.ts";
import type { Emitter } from "../../src/emitters/emitter.ts";
import { randomEmitter } from "../../src/emitters/random-emitter.ts";
import { variationEmitter } from "../../src/emitters/variation-emitter.ts";
import { completeParameters, type Parameters } from "../../src/parameters.ts";
import { RandomStream, rootKey } from "../../src/random-stream.ts";
import { uniformSelector } from "../../src/selectors/uniform.ts";
import { variationOperators } from "../../src/variation/index.ts";
import { randomProgram, randomStream } from "../dsl/random-programs.ts";
import { grammars } from "./languages.ts";
import { individual } from "./random-individuals.ts";

const key = rootKey("emitters");
const streamOf = (n: number): RandomStream => new RandomStream().derive(key, 0, 0, n);
const textOf = (p: Program): string => `${p.tokens.join()} ${p.constants.join()}`;

const archiveOf = (programs: readonly Program[]): Archive => {
  const archive = new Archive(
    gridSpace([{ name: "cell", from: 0, to: programs.length, bins: programs.length }]),
  );
  programs.forEach((program, n) =>
    archive.add(n, individual({ program, size: programSize(program), descriptor: Float64Array.of(n) })),
  );
  return archive;
};

describe.each(grammars)("emitters of %s", (_name, grammar) => {
  const random = randomStream(3);
  const archive = archiveOf(Array.from({ length: 20 }, () => randomProgram(grammar, random, 12)));
  const make = (given: Partial<Parameters>): readonly (readonly [string, Emitter, number])[] => {
    const parameters = completeParameters(given);
    const fallback = randomEmitter(grammar, parameters);
    // A language whose smallest program is larger than the limit still has its smallest program.
    const limit = Math.max(parameters.maximumSize, grammar.minimumSizeOfType[grammar.resultType] as number);
    return [
      ["random", fallback, limit],
      ["variation", variationEmitter(grammar, parameters, uniformSelector, fallback), limit],
    ];
  };

  it.each([
    { maximumSize: 40 },
    { maximumSize: 1 },
    { maximumSize: 3, extraVariationChance: 0.9 },
    { maximumSize: 100, randomSize: 400, extraVariationChance: 0.9 },
  ])("propose well-typed programs within the size limit (%o)", (given) => {
    for (const [name, emitter, limit] of make(given))
      for (let n = 0; n < 150; n++) {
        const { program, operator } = emitter.propose(archive, streamOf(n));
        const problems = checkProgram(grammar, program);
        if (problems.length > 0) expect.fail(`${name}, stream ${n}: ${problems.join(" ")}`);
        expect(programSize(program)).toBeLessThanOrEqual(limit);
        expect(operator).toBeGreaterThanOrEqual(-1);
        expect(operator).toBeLessThan(variationOperators.length);
        if (name === "random") expect(operator).toBe(-1);
      }
  });

  it("propose the same for the same stream and archive, whatever they proposed before, and leave the archive alone", () => {
    const digest = archiveDigest(archive);
    const [one, other] = [make({ extraVariationChance: 0.6 }), make({ extraVariationChance: 0.6 })];
    for (const [k, [, emitter]] of one.entries()) {
      const first = Array.from({ length: 80 }, (_, n) =>
        textOf(emitter.propose(archive, streamOf(n)).program),
      );
      const again = Array.from({ length: 80 }, (_, n) =>
        textOf((other[k]?.[1] as Emitter).propose(archive, streamOf(79 - n)).program),
      );
      expect(again.toReversed()).toEqual(first);
    }
    expect(archiveDigest(archive)).toBe(digest);
  });
});

describe("the random emitter", () => {
  const [, grammar] = grammars[1] as (typeof grammars)[number];

  it("proposes programs of all sizes up to randomSize", () => {
    const emitter = randomEmitter(grammar, completeParameters({ randomSize: 8 }));
    const sizes = new Set<number>();
    for (let n = 0; n < 500; n++) sizes.add(programSize(emitter.propose(archiveOf([]), streamOf(n)).program));
    expect([...sizes].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe("the variation emitter", () => {
  const [, grammar] = grammars[1] as (typeof grammars)[number];
  const parameters = completeParameters({ maximumSize: 5 });

  it("uses every operator that can do something, subtree ones most", () => {
    const archive = archiveOf(
      ["(+ x 1.5)", "(* (+ x y) (+ x y))", "(let ((a (* x y))) (+ a a))"].map((t) =>
        parseProgram(grammar, t),
      ),
    );
    const generous = completeParameters({});
    const emitter = variationEmitter(grammar, generous, uniformSelector, randomEmitter(grammar, generous));
    const counts = new Map<number, number>();
    for (let n = 0; n < 3000; n++) {
      const { operator } = emitter.propose(archive, streamOf(n));
      counts.set(operator, (counts.get(operator) ?? 0) + 1);
    }
    for (const [operator, { weights }] of variationOperators.entries())
      if (weights.terms > 0) expect(counts.get(operator) ?? 0).toBeGreaterThan(0);
    expect(counts.get(0)).toBeGreaterThan(300);
  });

  it("begins with the parent that it is given", () => {
    const archive = archiveOf([parseProgram(grammar, "x")]);
    const generous = completeParameters({});
    const emitter = variationEmitter(grammar, generous, uniformSelector, randomEmitter(grammar, generous));
    const parent = parseProgram(grammar, "(+ (* 77 x) (* 77 y))");
    const offspring = Array.from({ length: 100 }, (_, n) => [
      ...emitter.propose(archive, streamOf(n), parent).program.constants,
    ]);
    expect(offspring.filter((constants) => constants.includes(77)).length).toBeGreaterThan(60);
  });

  it("falls back to a random program where elites are larger than the limit", () => {
    const large = parseProgram(grammar, `${"(neg ".repeat(60)}x${")".repeat(60)}`);
    const emitter = variationEmitter(
      grammar,
      parameters,
      uniformSelector,
      randomEmitter(grammar, parameters),
    );
    let fallbacks = 0;
    for (let n = 0; n < 50; n++) {
      const { program, operator } = emitter.propose(archiveOf([large]), streamOf(n));
      expect(programSize(program)).toBeLessThanOrEqual(5);
      if (operator === -1) fallbacks++;
    }
    expect(fallbacks).toBeGreaterThan(0);
  });
});
