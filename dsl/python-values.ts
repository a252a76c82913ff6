import { textPatterns } from "./languages/text-patterns.ts";
import { limits, type Value } from "./value.ts";

/** The largest int: beyond it doubles are not exact. */
const LARGEST_INT = Number.MAX_SAFE_INTEGER;
/** White space as programs over texts see it: that of ECMAScript. */
const SPACES =
  '"\\t\\n\\v\\f\\r \\u00a0\\u1680\\u2000\\u2001\\u2002\\u2003\\u2004\\u2005\\u2006\\u2007\\u2008\\u2009\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"';
const WORD = "0-9A-Za-z\\u00aa-\\u1fff\\u2c00-\\ufdff";

const define = (signature: string, documentation: string, ...body: readonly string[]): string =>
  [`def ${signature}:`, `    """${documentation}"""`, ...body.map((line) => `    ${line}`)].join("\n");

/**
 * Functions of Python that templates of rows over ints, strings and booleans call, and that an exported file brings along. Characters beyond
 * U+FFFF are two halves in them, so that lengths and positions are those of Illume.
 */
export const pythonValueSupport: Readonly<Record<string, string>> = {
  _trap: define(
    "_trap(reason: str)",
    "Says why the program has no value.",
    'raise ValueError(f"trap: {reason}")',
  ),
  _units: define(
    "_units(text: str) -> str",
    "Characters beyond U+FFFF as two halves each.",
    'return "".join(c if c <= "\\uffff" else chr(0xD7C0 + (ord(c) >> 10)) + chr(0xDC00 + (ord(c) & 0x3FF)) for c in text)',
  ),
  _whole: define(
    "_whole(units: str) -> str",
    "Halves that belong together as one character.",
    'return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")',
  ),
  _int: define(
    "_int(value: int) -> int",
    "An int within the range of Illume's.",
    `return value if abs(value) <= ${LARGEST_INT} else _trap("overflow")`,
  ),
  _string: define(
    "_string(value: str) -> str",
    "A string that is not too long.",
    `return value if len(value) <= ${limits.stringLength} else _trap("too-long")`,
  ),
  _div: define(
    "_div(a: int, b: int) -> int",
    "The quotient that leaves a remainder of at least 0.",
    'return _trap("divide-by-zero") if b == 0 else _int(a // b if b > 0 else -(a // -b))',
  ),
  _mod: define(
    "_mod(a: int, b: int) -> int",
    "The remainder, at least 0.",
    'return _trap("divide-by-zero") if b == 0 else a % abs(b)',
  ),
  _substring: define(
    "_substring(s: str, start: int, count: int) -> str",
    "Up to count characters from start.",
    'return "" if start < 0 or count <= 0 else s[start : start + count]',
  ),
  _char_at: define(
    "_char_at(s: str, index: int) -> str",
    "The character at a position, or nothing.",
    'return s[index] if 0 <= index < len(s) else ""',
  ),
  _index_of: define(
    "_index_of(s: str, part: str, start: int) -> int",
    "The first position from start on, or -1.",
    "return s.find(part, start) if 0 <= start <= len(s) else -1",
  ),
  _last_index_of: define(
    "_last_index_of(s: str, part: str) -> int",
    "The last position, or -1.",
    "return s.rfind(part)",
  ),
  _replace_first: define(
    "_replace_first(s: str, old: str, new: str) -> str",
    "The first occurrence replaced; nothing occurs at the start.",
    'return _string(s.replace(old, new, 1) if old != "" else new + s)',
  ),
  _replace_all: define(
    "_replace_all(s: str, old: str, new: str) -> str",
    "All occurrences replaced; nothing occurs nowhere.",
    'if old == "":',
    "    return s",
    `if len(s) + s.count(old) * (len(new) - len(old)) > ${limits.stringLength}:`,
    '    _trap("too-long")',
    "return s.replace(old, new)",
  ),
  _count_of: define(
    "_count_of(s: str, part: str) -> int",
    "How often a part occurs; nothing occurs nowhere.",
    'return s.count(part) if part != "" else 0',
  ),
  _upper: define(
    "_upper(s: str) -> str",
    "ASCII letters in upper case.",
    'return re.sub("[a-z]+", lambda found: found.group().upper(), s)',
  ),
  _lower: define(
    "_lower(s: str) -> str",
    "ASCII letters in lower case.",
    'return re.sub("[A-Z]+", lambda found: found.group().lower(), s)',
  ),
  _title_case: define(
    "_title_case(s: str) -> str",
    "Each word's first letter in upper case and the others in lower case, ASCII letters only.",
    `return re.sub("[${WORD}][${WORD}'\\u2019]*", lambda found: _upper(found.group()[:1]) + _lower(found.group()[1:]), s)`,
  ),
  _trim: define("_trim(s: str) -> str", "Without white space at both ends.", `return s.strip(${SPACES})`),
  _squeeze: define(
    "_squeeze(s: str) -> str",
    "Without white space at both ends, and each run of it inside as one space.",
    `return re.sub("[" + ${SPACES} + "]+", " ", _trim(s))`,
  ),
  _digits: define("_digits(s: str) -> str", "Only the digits 0 to 9.", 'return re.sub("[^0-9]+", "", s)'),
  _padding: define(
    "_padding(s: str, length: int, fill: str) -> str",
    "What is missing to a length, of a repeated fill.",
    'if length <= len(s) or fill == "":',
    '    return ""',
    `if length > ${limits.stringLength}:`,
    '    _trap("too-long")',
    "return (fill * (length - len(s)))[: length - len(s)]",
  ),
  _pad_left: define(
    "_pad_left(s: str, length: int, fill: str) -> str",
    "Filled up at the left.",
    "return _padding(s, length, fill) + s",
  ),
  _pad_right: define(
    "_pad_right(s: str, length: int, fill: str) -> str",
    "Filled up at the right.",
    "return s + _padding(s, length, fill)",
  ),
  _split_part: define(
    "_split_part(s: str, separator: str, index: int) -> str",
    "A part between separators, from 0, negative from the end; nothing outside.",
    'parts = s.split(separator) if separator != "" else [s]',
    'return parts[index] if -len(parts) <= index < len(parts) else ""',
  ),
  _starts_with: define(
    "_starts_with(s: str, part: str) -> bool",
    "Whether it begins so.",
    "return s.startswith(part)",
  ),
  _ends_with: define(
    "_ends_with(s: str, part: str) -> bool",
    "Whether it ends so.",
    "return s.endswith(part)",
  ),
  _is_prefix: define(
    "_is_prefix(part: str, s: str) -> bool",
    "Whether the second begins with the first.",
    "return s.startswith(part)",
  ),
  _is_suffix: define(
    "_is_suffix(part: str, s: str) -> bool",
    "Whether the second ends with the first.",
    "return s.endswith(part)",
  ),
  _contains: define("_contains(s: str, part: str) -> bool", "Whether a part occurs.", "return part in s"),
  _string_to_int: define(
    "_string_to_int(s: str) -> int",
    "The number that digits write, -1 for anything else.",
    'if not re.fullmatch("[0-9]+", s):',
    "    return -1",
    'digits = s.lstrip("0") or "0"',
    'return _int(int(digits)) if len(digits) <= 16 else _trap("overflow")',
  ),
  _int_to_string: define(
    "_int_to_string(n: int) -> str",
    "The digits of an int, nothing for a negative one.",
    'return str(n) if n >= 0 else ""',
  ),
  _to_code: define(
    "_to_code(s: str) -> int",
    "The code of one character, or -1.",
    "return ord(s) if len(s) == 1 else -1",
  ),
  _from_code: define(
    "_from_code(code: int) -> str",
    "The character that has a code, or nothing.",
    "if code < 0 or code > 0x2FFFF:",
    '    return ""',
    'return chr(code) if code <= 0xFFFF else _trap("out-of-range")',
  ),
  _matches: define(
    "_matches(s: str, pattern: str) -> list",
    "The places of a pattern, from the left.",
    `if pattern not in ${JSON.stringify(Object.keys(textPatterns))}:`,
    '    _trap("out-of-range")',
    "return list(re.finditer(pattern, s))",
  ),
  _match_at: define(
    "_match_at(s: str, pattern: str, k: int)",
    "The k-th place of a pattern, negative from the end; None outside.",
    "found = _matches(s, pattern)",
    "return found[k] if -len(found) <= k < len(found) else None",
  ),
  _match: define(
    "_match(s: str, pattern: str, k: int) -> str",
    "The k-th part that matches a pattern, or nothing.",
    "found = _match_at(s, pattern, k)",
    'return "" if found is None else found.group()',
  ),
  _match_start: define(
    "_match_start(s: str, pattern: str, k: int) -> int",
    "Where the k-th part that matches a pattern begins, or -1.",
    "found = _match_at(s, pattern, k)",
    "return -1 if found is None else found.start()",
  ),
  _match_end: define(
    "_match_end(s: str, pattern: str, k: int) -> int",
    "The position after the k-th part that matches a pattern, or -1.",
    "found = _match_at(s, pattern, k)",
    "return -1 if found is None else found.end()",
  ),
  _count_matches: define(
    "_count_matches(s: str, pattern: str) -> int",
    "How many parts match a pattern.",
    "return len(_matches(s, pattern))",
  ),
  _replace_matches: define(
    "_replace_matches(s: str, pattern: str, new: str) -> str",
    "Every part that matches a pattern replaced.",
    "length = len(s) + sum(len(new) - len(found.group()) for found in _matches(s, pattern))",
    `return re.sub(pattern, lambda found: new, s) if length <= ${limits.stringLength} else _trap("too-long")`,
  ),
  _is_digit: define(
    "_is_digit(s: str) -> bool",
    "Whether it is one digit.",
    'return re.fullmatch("[0-9]", s) is not None',
  ),
};

/** An int, a string or a boolean as Python writes it; characters beyond ASCII by their codes. */
export function pythonValue(value: Value): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value + 0);
  return JSON.stringify(value).replaceAll(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
