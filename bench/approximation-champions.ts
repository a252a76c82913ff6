/** A program that a search has found. */
export interface Champion {
  readonly formula: string;
  readonly from: number;
  readonly to: number;
  readonly precision: "f32" | "f64";
  readonly program: string;
  /** What computes the same in a language, of `x`. In C it is the function of doubles. */
  readonly builtIn: { readonly javascript: string; readonly c: string };
}

const exponential = {
  formula: "2^x",
  from: 0,
  to: 1,
  builtIn: { javascript: "2 ** x", c: "exp2(x)" },
} as const;
const sine = {
  formula: "sin(x)",
  from: 0,
  to: Math.PI / 2,
  builtIn: { javascript: "Math.sin(x)", c: "sin(x)" },
} as const;
/** Found by searches of half a minute to a minute on one core. */
export const champions: readonly Champion[] = [
  {
    ...exponential,
    precision: "f32",
    program: "(+ x (+ (/ 556.927 (+ x (- 20.85257 (/ (+ 373.24838 (/ 1441.7183 (- 1.0 x))) x)))) 1.0))",
  },
  {
    ...exponential,
    precision: "f32",
    program:
      "(let ((s1 (* x (+ -14.598951 x)))) (+ 1.0 (+ (* 18.499207 (* x (- (* s1 -0.00006364645) (/ (- 1.0426342 x) (+ s1 62.857204))))) x)))",
  },
  {
    ...exponential,
    precision: "f64",
    program:
      "(let ((s1 (- x (/ -361.5881658257725 x))) (s2 (- 0.9999999999963644 (/ 125.31690888847018 (- 62.65845343327564 (- s1 (/ -947.1051746257731 s1))))))) (* s2 s2))",
  },
  {
    ...sine,
    precision: "f32",
    program:
      "(let ((s1 (+ -0.0000036120111 x)) (s2 (* x s1)) (s3 (* s2 (+ s2 -33.3579)))) (+ (* 0.000003002341 (* (* s3 (+ 1664.175 s3)) s1)) x))",
  },
  {
    ...sine,
    precision: "f64",
    program:
      "(let ((s1 (/ 144.0949866979489 x)) (s2 (+ (/ 909.2222881363953 (- x s1)) s1)) (s3 (* s2 s2))) (* (/ (+ -603.9521476550918 s3) (+ 2856.6085258720277 s3)) x))",
  },
];
