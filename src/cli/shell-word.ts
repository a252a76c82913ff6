/** A name as it can be typed at a shell: quoted where it has anything that a shell might obey. */
export const shellWord = (name: string): string =>
  /^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
