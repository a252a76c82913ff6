import type { Program } from "../../dsl/index.ts";

/** Programs as flat buffers: how they travel between epochs of evolution. */
export interface PackedPrograms {
  /** Program → end of its tokens. */
  readonly tokenEnds: Int32Array;
  readonly tokens: Int32Array;
  /** Program → end of its constants. */
  readonly constantEnds: Int32Array;
  readonly constants: Float64Array;
}

export function packPrograms(programs: readonly Program[]): PackedPrograms {
  const sum = (of: (program: Program) => number): number => programs.reduce((n, one) => n + of(one), 0);
  const packed: PackedPrograms = {
    tokenEnds: new Int32Array(programs.length),
    tokens: new Int32Array(sum(({ tokens }) => tokens.length)),
    constantEnds: new Int32Array(programs.length),
    constants: new Float64Array(sum(({ constants }) => constants.length)),
  };
  let [token, constant] = [0, 0];
  for (const [k, { tokens, constants }] of programs.entries()) {
    packed.tokens.set(tokens, token);
    packed.constants.set(constants, constant);
    packed.tokenEnds[k] = token += tokens.length;
    packed.constantEnds[k] = constant += constants.length;
  }
  return packed;
}

export function unpackPrograms({ tokenEnds, tokens, constantEnds, constants }: PackedPrograms): Program[] {
  return Array.from(tokenEnds, (end, k) => ({
    tokens: tokens.slice(k === 0 ? 0 : tokenEnds[k - 1], end),
    constants: constants.slice(k === 0 ? 0 : constantEnds[k - 1], constantEnds[k]),
  }));
}
