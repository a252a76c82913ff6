import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkProgram, interpret, type Program, readSygusTask, sameOutcome } from "../../../dsl/index.ts";
import { evolveTerms, rootKey } from "../../../src/index.ts";
import { packPrograms, unpackPrograms } from "../../../src/synthesis/packed-programs.ts";
import { Synthesis } from "../../../src/synthesis/synthesis.ts";

const { grammar, examples } = readSygusTask(
  `(set-logic SLIA)
(synth-fun f ((x String) (n Int)) String
 ((Start String (x "" "-" (str.++ Start Start) (str.at Start I) (str.substr Start I I) (ite B Start Start)))
  (I Int (n 0 1 (+ I I) (- I I) (str.len Start) (str.indexof Start Start I)))
  (B Bool ((= I I) (str.contains Start Start)))))
(constraint (= (f "ab-cd" 1) "cd"))
(constraint (= (f "x-yz" 2) "yz"))
(constraint (= (f "lmn-o" 0) "o"))
(check-synth)`,
  "test.sl",
);
const told = examples ?? [];
const donors = packPrograms(
  (() => {
    const synthesis = new Synthesis(grammar, told, false);
    synthesis.next();
    return synthesis.smallTerms(60);
  })(),
);
const job = (epoch: number, steps: number) => ({
  key: rootKey(1),
  epoch,
  island: 0,
  looked: Int32Array.of(0, 1, 2),
  longest: 20,
  steps,
  donors,
  parents: packPrograms([]),
});
const passed = (program: Program): number =>
  told.filter(({ inputs, output }) => sameOutcome(interpret(grammar, program, inputs), output)).length;

describe("an epoch of evolution", () => {
  it("depends on its job alone", () => {
    expect(evolveTerms(grammar, told, job(3, 2000))).toEqual(evolveTerms(grammar, told, job(3, 2000)));
    expect(evolveTerms(grammar, told, job(4, 2000)).finds).not.toEqual(
      evolveTerms(grammar, told, job(3, 2000)).finds,
    );
  });

  it("breeds programs of the grammar, and ends soon after its steps", () => {
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), (epoch) => {
        const { finds, steps } = evolveTerms(grammar, told, job(epoch, 800));
        expect(steps).toBeLessThan(1200);
        for (const program of unpackPrograms(finds)) expect(checkProgram(grammar, program)).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  it("gets nearer to the outputs from one to the next", () => {
    let parents: readonly Program[] = [];
    for (let epoch = 0; epoch < 6; epoch++) {
      const { finds } = evolveTerms(grammar, told, {
        ...job(epoch, 15_000),
        parents: packPrograms(parents),
      });
      parents = [...unpackPrograms(finds), ...parents].slice(0, 300);
    }
    expect(parents.some((program) => passed(program) === told.length)).toBe(true);
  });
});

describe("packed programs", () => {
  it("are the same unpacked", () => {
    const program = fc.record({
      tokens: fc.array(fc.nat({ max: 99 })).map((tokens) => Int32Array.from(tokens)),
      constants: fc.array(fc.integer()).map((constants) => Float64Array.from(constants)),
    });
    fc.assert(
      fc.property(fc.array(program), (programs) => {
        expect(unpackPrograms(packPrograms(programs))).toEqual(programs);
      }),
    );
  });
});
