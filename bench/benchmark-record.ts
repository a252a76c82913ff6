/** One measured figure; all fields but `type` are its own. */
export type BenchmarkRecord = { readonly type: string } & Readonly<Record<string, string | number>>;
