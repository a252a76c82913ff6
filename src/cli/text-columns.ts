const widthOf = (text: string): number => Array.from(text).length;

/**
 * Rows as lines with columns of even width.
 * @param leftwards columns whose cells begin at the left; others end at the right
 */
export function textColumns(rows: readonly (readonly string[])[], leftwards: ReadonlySet<number>): string[] {
  const widths = (rows[0] ?? []).map((_, k) => Math.max(...rows.map((row) => widthOf(row[k] as string))));
  return rows.map((row) =>
    row
      .map((cell, k) => {
        const gap = " ".repeat((widths[k] as number) - widthOf(cell));
        return leftwards.has(k) ? `${cell}${gap}` : `${gap}${cell}`;
      })
      .join("  ")
      .trimEnd(),
  );
}
