/**
 * What export has to know about the source text of a function: which names it takes from outside, and where
 * TypeScript wants type annotations. A tokenizer and a few rules about declarations; no parser.
 */
export interface SourceFacts {
  /** The text with `: any` at every parameter and variable, so that strict TypeScript accepts it. */
  readonly annotated: string;
  /** Names that the text uses and does not declare, in order of first appearance. */
  readonly free: readonly string[];
}

interface Token {
  readonly kind: "word" | "number" | "text" | "punctuation";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const keywords = new Set(
  "arguments async await break case catch class const continue debugger default delete do else export extends false finally for function if import in instanceof let new null of return static super switch this throw true try typeof undefined var void while with yield".split(
    " ",
  ),
);
const beforeRegularExpression = new Set(
  "await case delete do else in instanceof new of return throw typeof void yield".split(" "),
);
const blank = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const word = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy;
const number = /(?:0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)n?/y;
const quoted = /"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/y;
const regularExpression = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** From a backtick or the brace that ends a placeholder to the next placeholder or backtick. */
const template = /[`}](?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)/y;
const punctuation =
  />>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|\*\*|<<|>>|[-+*/%&|^]=|[^]/y;

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  /** For each open brace: whether it opened a placeholder of a template. */
  const braces: boolean[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0] ?? null;
  };
  for (;;) {
    at += match(blank)?.length ?? 0;
    if (at >= source.length) return tokens;
    const next = source[at] as string;
    const before = tokens.at(-1);
    const push = (kind: Token["kind"], text: string): void => {
      tokens.push({ kind, text, start: at, end: at + text.length });
      at += text.length;
    };
    if (next === "`" || (next === "}" && braces.at(-1) === true)) {
      if (next === "}") braces.pop();
      const text = match(template) ?? source.slice(at);
      if (text.endsWith("${")) braces.push(true);
      push("text", text);
      continue;
    }
    const isOperand =
      before !== undefined &&
      (before.kind === "punctuation"
        ? [")", "]", "}"].includes(before.text)
        : !(
            before.text.endsWith("${") ||
            (before.kind === "word" && beforeRegularExpression.has(before.text))
          ));
    const regular = next === "/" && !isOperand ? match(regularExpression) : null;
    const known = regular ?? match(quoted);
    if (known !== null) push("text", known);
    else {
      const name = match(word);
      const digits = name === null ? match(number) : null;
      if (name !== null) push("word", name);
      else if (digits !== null && digits !== "") push("number", digits);
      else {
        const mark = match(punctuation) as string;
        if (mark === "{") braces.push(false);
        else if (mark === "}") braces.pop();
        push("punctuation", mark);
      }
    }
  }
}

/** Index of each bracket → index of the one that it is paired with. */
function pairBrackets(tokens: readonly Token[]): Map<number, number> {
  const partners = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach((token, i) => {
    const isPlaceholder = token.kind === "text" && (token.text.endsWith("${") || token.text.startsWith("}"));
    if (token.kind !== "punctuation" && !isPlaceholder) return;
    if (")]}".includes(token.text[0] as string)) {
      const from = open.pop();
      if (from !== undefined) {
        partners.set(from, i);
        partners.set(i, from);
      }
    }
    if ("([{".includes(token.text.at(-1) as string)) open.push(i);
  });
  return partners;
}

export function readSource(source: string): SourceFacts {
  const tokens = tokenize(source);
  const partners = pairBrackets(tokens);
  const insertions: { readonly at: number; readonly text: string }[] = [];
  const declared = new Set<string>();
  const textAt = (i: number): string => tokens[i]?.text ?? "";
  const isWord = (i: number): boolean => tokens[i]?.kind === "word";
  const after = (i: number, text: string): void => {
    insertions.push({ at: (tokens[i] as Token).end, text });
  };
  /** Where a bracketed pattern or a name that begins at a token ends; every name in it is declared. */
  const declare = (from: number): number => {
    const to = "[{".includes(textAt(from)) ? (partners.get(from) ?? from) : from;
    for (let i = from; i <= to; i++) if (isWord(i)) declared.add(textAt(i));
    return to;
  };
  /** The next token at the depth of `from` that is among the wanted, or `end`. */
  const find = (from: number, end: number, wanted: readonly string[]): number => {
    for (let i = from; i < end; i++) {
      const { kind, text } = tokens[i] as Token;
      if (wanted.includes(text)) return i;
      const partner = partners.get(i);
      if (partner === undefined) continue;
      if (partner < i && kind === "punctuation") return end;
      if (partner > i) i = partner;
    }
    return end;
  };
  const annotateParameters = (open: number): void => {
    const close = partners.get(open) ?? open;
    for (let i = open + 1; i < close; ) {
      const target = declare(textAt(i) === "..." ? i + 1 : i);
      after(target, ": any");
      i = find(target + 1, close, [","]) + 1;
    }
  };
  const annotateVariables = (keyword: number): void => {
    for (let i = keyword + 1; ; ) {
      const target = declare(i);
      const next = textAt(target + 1);
      if (next === "of" || next === "in") return;
      after(target, ": any");
      if (next !== "=" && next !== ",") return;
      const comma = find(target + 1, tokens.length, [",", ";"]);
      // A comma may also stand in an expression of a later line: only a name before `=`, `,` or `;` is one more variable.
      if (textAt(comma) !== "," || !isWord(comma + 1) || !["=", ",", ";"].includes(textAt(comma + 2))) return;
      i = comma + 1;
    }
  };

  const methods = new Set<number>();
  tokens.forEach((token, i) => {
    if (token.text === "=>" && token.kind === "punctuation") {
      if (textAt(i - 1) === ")") annotateParameters(partners.get(i - 1) ?? i - 1);
      else {
        declared.add(textAt(i - 1));
        insertions.push({ at: (tokens[i - 1] as Token).start, text: "(" });
        after(i - 1, ": any)");
      }
      return;
    }
    if (token.kind !== "word" || [".", "?."].includes(textAt(i - 1))) return;
    if (token.text === "function") {
      let open = i + 1;
      if (textAt(open) === "*") open++;
      if (isWord(open)) declared.add(textAt(open++));
      annotateParameters(open);
      after(partners.get(open) ?? open, ": any");
    } else if (token.text === "catch" && textAt(i + 1) === "(") annotateParameters(i + 1);
    else if (token.text === "class") declared.add(textAt(i + 1));
    else if (["const", "let", "var"].includes(token.text)) annotateVariables(i);
    else if (
      !keywords.has(token.text) &&
      textAt(i + 1) === "(" &&
      !["function", "new", "*"].includes(textAt(i - 1))
    ) {
      const close = partners.get(i + 1) ?? i + 1;
      if (textAt(close + 1) !== "{") return;
      methods.add(i);
      annotateParameters(i + 1);
      if (token.text !== "constructor") after(close, ": any");
    }
  });

  const free = new Set<string>();
  tokens.forEach((token, i) => {
    if (token.kind !== "word" || keywords.has(token.text) || declared.has(token.text) || methods.has(i))
      return;
    const before = textAt(i - 1);
    if ([".", "?.", "break", "continue"].includes(before)) return;
    if ((token.text === "get" || token.text === "set") && isWord(i + 1)) return;
    if (textAt(i + 1) === ":" && ["{", ",", ";", "}", ""].includes(before)) return;
    free.add(token.text);
  });

  let annotated = "";
  let at = 0;
  for (const insertion of insertions.toSorted((x, y) => x.at - y.at)) {
    annotated += source.slice(at, insertion.at) + insertion.text;
    at = insertion.at;
  }
  return { annotated: annotated + source.slice(at), free: [...free] };
}
