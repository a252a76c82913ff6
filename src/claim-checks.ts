import {
  compileGrammar,
  excerpt,
  type ExportLanguage,
  exportLanguages,
  exportProgram,
  fn,
  type Grammar,
  InputError,
  parseProgram,
  readArguments,
  readLanguage,
  readType,
} from "../dsl/index.ts";
import { approximationKeys, headerApproximation } from "./approximation-claims.ts";
import { grammarClaims, programClaims } from "./champion-claims.ts";
import { type Computed, unknownClaims } from "./computed-claims.ts";
import { digestOf } from "./digest.ts";
import { type ClaimKey, claimKeys, claimText, type ExportClaims, headerLines } from "./export-claims.ts";

/** What became of the check of one claim, or of the whole text of the file. */
export type ClaimCheck = { readonly claim: ClaimKey | "text" } & (
  | { readonly verdict: "ok" }
  | { readonly verdict: "differs"; readonly claimed: string; readonly computed: string }
  | { readonly verdict: "not checked"; readonly reason: string }
);

/** What is computed from a file alone, or with the grammar of its run. */
interface FileCheck {
  readonly computed: Readonly<Partial<Record<ClaimKey, Computed>>>;
  readonly text: ClaimCheck;
}

/** The claims that a file is written by. */
const formKeys = ["language", "arguments", "result", "code", "function"] as const;

/**
 * Computes what a file claims of its program, and holds its text against what export writes for its header. Nothing of
 * it is executed.
 * @param runGrammar the grammar of its run, for languages that a header does not describe
 */
export function checkFile(
  text: string,
  claims: ExportClaims,
  version: string,
  runGrammar: Grammar | null,
): FileCheck {
  const certain = {
    "program digest": digestOf(claims.program),
    illume: claims.illume === version ? version : { unknown: `this is version ${version}` },
  };
  try {
    const grammar = grammarOf(claims) ?? runGrammar;
    if (grammar === null) {
      const reason = "the header does not describe this language; its run does";
      return {
        computed: {
          ...certain,
          ...unknownClaims(["program", "operations", ...approximationKeys, ...formKeys], reason),
        },
        text: { claim: "text", verdict: "not checked", reason },
      };
    }
    const program = parseProgram(grammar, claims.program);
    const { to, name } = formOf(claims);
    const written = exportProgram(grammar, program, { to, name, header: headerLines(claims) });
    const difference = firstDifference(text, written);
    return {
      computed: {
        ...programClaims(grammar, program),
        ...headerApproximation(grammar, program, claims),
        ...certain,
        ...(difference === null
          ? { ...grammarClaims(grammar), code: to, function: name }
          : unknownClaims(formKeys, "the text differs from what they give")),
      },
      text:
        difference === null
          ? { claim: "text", verdict: "ok" }
          : { claim: "text", verdict: "differs", ...difference },
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const reason = "the header gives no program";
    return {
      computed: {
        ...certain,
        program: "no program of the language",
        ...unknownClaims(["operations", "domain", ...approximationKeys, ...formKeys], reason),
      },
      text: {
        claim: "text",
        verdict: "differs",
        claimed: "what the header gives",
        computed: `${reason}: ${error.problems[0]}`,
      },
    };
  }
}

/** The grammar that a header describes; null where it is of a language that only its run has. */
function grammarOf(claims: ExportClaims): Grammar | null {
  const language = readLanguage(claims.language);
  if (language === null) return null;
  const parameters = readArguments(claims.arguments).map(({ name, type }) => [name, readType(type)] as const);
  return compileGrammar(language, fn(Object.fromEntries(parameters), readType(claims.result)));
}

function formOf(claims: ExportClaims): { readonly to: ExportLanguage; readonly name: string } {
  const to = exportLanguages.find((language) => language === claims.code);
  if (to === undefined)
    throw new InputError(`code must be one of ${exportLanguages.join(", ")}; got ${excerpt(claims.code)}.`);
  return { to, name: claims.function };
}

/** The first line where a file differs from what it should be. */
function firstDifference(text: string, written: string): { claimed: string; computed: string } | null {
  if (text === written) return null;
  const unix = text.replaceAll("\r\n", "\n");
  if (unix === written)
    return {
      claimed: "line ends CR LF, as of Windows",
      computed: "LF alone; nothing else differs",
    };
  const [lines, expected] = [unix.split("\n"), written.split("\n")];
  const at = expected.findIndex((line, i) => line !== lines[i]);
  const line = at < 0 ? expected.length : at;
  const shown = (all: readonly string[]): string =>
    all[line] === undefined ? "its end" : JSON.stringify(excerpt(all[line]));
  return { claimed: `line ${line + 1}: ${shown(lines)}`, computed: shown(expected) };
}

/** What every exported file claims, of whatever kind its program is. */
const exportedKeys = [
  "fitness",
  "measured",
  "experiment",
  "seed",
  "run",
  "archive digest",
  "cell",
  "birth",
] as const satisfies readonly ClaimKey[];

/** How `approximation` asks. */
const APPROXIMATION_QUESTION = /^Which .* programs are nearest to .* by (?:relative|absolute|ulp) error/;

/** Claims that a file of its kind makes whenever it is exported, and that this header has not: somebody has taken them out. */
export function missingClaims(claims: ExportClaims): ClaimCheck[] {
  const isApproximation =
    approximationKeys.some((key) => claims[key] !== undefined) ||
    APPROXIMATION_QUESTION.test(claims.question ?? "");
  const hasNumbers = /(?:^|, )\S+ (?:real|float32|int)(?=,|$)/.test(claims.arguments);
  const wanted: ReadonlySet<ClaimKey> = new Set<ClaimKey>([
    ...exportedKeys,
    ...(isApproximation ? approximationKeys : []),
    ...(isApproximation || hasNumbers ? (["domain"] as const) : []),
  ]);
  return claimKeys
    .filter((claim) => wanted.has(claim) && claims[claim] === undefined)
    .map((claim) => ({
      claim,
      verdict: "differs",
      claimed: "nothing",
      computed: "that every file of this kind has this line",
    }));
}

/** Holds every claim of a header, and what it should have claimed, against what was computed. */
export function checkClaims(
  claims: ExportClaims,
  computed: Readonly<Partial<Record<ClaimKey, Computed>>>,
): ClaimCheck[] {
  return claimKeys.flatMap((claim): ClaimCheck[] => {
    const claimed = claims[claim];
    const value = computed[claim];
    if (typeof value === "object")
      return claimed === undefined ? [] : [{ claim, verdict: "not checked", reason: value.unknown }];
    if (claimed === undefined)
      return value === undefined ? [] : [{ claim, verdict: "differs", claimed: "nothing", computed: value }];
    if (value === undefined)
      return Object.hasOwn(computed, claim)
        ? [{ claim, verdict: "differs", claimed, computed: "nothing" }]
        : [{ claim, verdict: "not checked", reason: "nothing here computes it" }];
    return claimed === claimText(value)
      ? [{ claim, verdict: "ok" }]
      : [{ claim, verdict: "differs", claimed, computed: value }];
  });
}
