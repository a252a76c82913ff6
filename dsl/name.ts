const reservedNames = new Set(["let", "lambda", "true", "false"]);

/** What a name must be, for messages. */
export const nameRule =
  "a name without spaces, quotes, parentheses, @ or semicolons, that begins with neither a digit, # nor a number's sign, other than let, lambda, true, false";

/** Whether the text form can tell a name from everything else that it writes. */
export const isName = (name: string): boolean =>
  /^(?!-\d)[^\s()"'@;#\d][^\s()"'@;]*$/.test(name) && !reservedNames.has(name);
