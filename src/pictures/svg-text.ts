/** Text as it can stand in XML, in an element or in an attribute; characters that XML has not become U+FFFD. */
export function escapedText(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) as number;
    const isAllowed =
      code >= 0x20 ? !/[\ud800-\udfff\ufffe\uffff]/u.test(character) : /[\t\n\r]/.test(character);
    return isAllowed ? (entities[character] ?? character) : "\ufffd";
  }).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** A coordinate with at most two decimals. */
export const coordinate = (value: number): string => String(Math.round(value * 100) / 100 + 0);
