/**
 * The words after --ops as one: yargs would take a minus for an option.
 * @param argv without the program's name
 */
export function withJoinedOperations(argv: readonly string[]): string[] {
  const at = argv.indexOf("--ops");
  if (at < 0) return [...argv];
  let end = at + 1;
  while (end < argv.length && /^(?:[-+*/]|[a-z]+[0-9]?[a-z]?)$/.test(argv[end] as string)) end++;
  if (end < at + 2) return [...argv];
  return [...argv.slice(0, at), `--ops=${argv.slice(at + 1, end).join(" ")}`, ...argv.slice(end)];
}
