/** A count with thousands set off. */
export const count = (value: number): string =>
  Math.round(value)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, ",");

/** A count of things, of one or of several. */
export const counted = (value: number, thing: string): string =>
  `${count(value)} ${thing}${Math.round(value) === 1 ? "" : "s"}`;
