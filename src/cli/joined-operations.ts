/**
 * Words of `illume approximate` that yargs would take for options, as it takes them for values: those after --ops as one, and
 * formulas that begin with a minus.
 * @param argv without the program's name
 */
export function withJoinedOperations(argv: readonly string[]): string[] {
  if (argv[0] !== "approximate") return [...argv];
  const words: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string;
    if (word === "--ops") {
      let end = at + 1;
      while (end < argv.length && operations.test(argv[end] as string)) end++;
      words.push(end === at + 1 ? word : `--ops=${argv.slice(at + 1, end).join(" ")}`);
      at = end - 1;
    } else if ((word === "--from" || word === "--to") && startsWithMinus(argv[at + 1])) {
      words.push(`${word}=${argv[at + 1]}`);
      at++;
    } else words.push(isFormula(word) ? ` ${word}` : word);
  }
  return words;
}

/** One operation or some, as in one word: "+", sqrt, "- * /". */
const operations = /^(?:[-+*/]|[a-z]+[0-9]?[a-z]?)(?:[\s,]+(?:[-+*/]|[a-z]+[0-9]?[a-z]?))*$/;

/** What begins with one minus and is longer than options with one are: -x^2, -2*x, -(x+1), -sin(x). */
const isFormula = (word: string): boolean => /^-[^-]./.test(word);

const startsWithMinus = (word: string | undefined): boolean => word !== undefined && /^-[^-]/.test(word);
