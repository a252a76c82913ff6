import { parameterTable } from "../index.ts";

/** illume parameters: what --set takes. */
export function parametersCommand(json: boolean): number {
  const rows = Object.entries(parameterTable).map(([name, p]) => ({
    name,
    default: p.default as unknown,
    meaning: p.documentation,
  }));
  if (json) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else
    for (const row of rows)
      process.stdout.write(`${row.name.padEnd(22)} ${String(row.default).padEnd(10)} ${row.meaning}\n`);
  return 0;
}
