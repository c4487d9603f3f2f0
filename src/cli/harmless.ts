/** What peers, files and people have said, without what would make a terminal do something. */

/** C0, DEL and C1, what turns the direction of writing (Unicode UAX #9), and ends of lines that are none elsewhere. */
const CONTROL = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function codeOf(character: string, digits: number): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(digits, "0");
}

function escaped(character: string): string {
  const [short, long] = [codeOf(character, 2), codeOf(character, 4)];
  return named[character] ?? (short.length === 2 ? `\\x${short}` : `\\u${long}`);
}

/** A word of somebody else: on one line, whatever it holds. */
export function plain(text: string): string {
  return text.replaceAll(CONTROL, escaped);
}

/** Several lines, whose ends are ours. */
export function lines(text: string): string {
  return text.replaceAll(CONTROL, (one) => (one === "\n" ? one : escaped(one)));
}

/** A text of JSON, in which whatever controls is written as JSON writes it. */
export function jsonLines(text: string): string {
  return text.replaceAll(CONTROL, (one) => (one === "\n" ? one : `\\u${codeOf(one, 4)}`));
}
