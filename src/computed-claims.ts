import type { ClaimKey } from "./export-claims.ts";

/** What a claim is compared with: what it should say, undefined where it should not be made, or why nobody knows. */
export type Computed = string | undefined | { readonly unknown: string };

/** Claims that cannot be computed, with the reason. */
export const unknownClaims = (
  keys: readonly ClaimKey[],
  reason: string,
): Readonly<Partial<Record<ClaimKey, Computed>>> =>
  Object.fromEntries(keys.map((key) => [key, { unknown: reason }]));
