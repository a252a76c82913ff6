/**
 * A text from somebody else as it may go to a terminal: what would be obeyed there instead of shown (escape sequences,
 * ends of lines, changes of direction) is written as JSON writes it, `\u001b`. JSON stays the same JSON.
 */
export const printable = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => `\\u${(character.codePointAt(0) as number).toString(16).padStart(4, "0")}`,
  );
