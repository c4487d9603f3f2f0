/** The bytes of a message beside its fields: which field a byte is of, which bytes a field has, and lines of both. */
import type { TrafficDetail, TrafficField } from "#quantity/traffic-view.ts";

export interface FieldLine {
  readonly field: TrafficField;
  readonly depth: number;
  /** Its first bytes in hex; "" of what has fields in it, or whose bytes are not shown. */
  readonly bytes: string;
  /** Where it stands in the message, from and behind; undefined of what stands in bytes of its own. */
  readonly span: readonly [from: number, to: number] | undefined;
}

/** Bytes that a line of a field shows. */
const SHOWN = 8;
/** Bytes in a line. */
export const WIDTH = 16;

function some(hex: string | undefined, at: number, length: number): string {
  if (hex === undefined) return "";
  const text = hex.slice(2 * at, 2 * (at + Math.min(length, SHOWN)));
  return length > SHOWN ? `${text}…` : text;
}

/** All fields, each on its line, below what they are in. */
export function fieldLines({ fields, bytes }: Pick<TrafficDetail, "fields" | "bytes">): readonly FieldLine[] {
  const lines: FieldLine[] = [];
  const walk = (among: readonly TrafficField[], depth: number, hex: string | undefined, isApart: boolean): void => {
    for (const field of among) {
      const { at, length, inside, apart, hidden } = field;
      // What is put together has positions of its own, whether or not its bytes are shown.
      const begins = !isApart && (apart !== undefined || / counted from 0 again/.test(field.text ?? ""));
      lines.push({
        field,
        depth,
        bytes: inside === undefined && hidden !== true ? some(hex, at, length) : "",
        span: isApart || begins || length === 0 ? undefined : [at, at + length],
      });
      if (inside !== undefined) walk(inside, depth + 1, begins ? apart : hex, isApart || begins);
    }
  };
  walk(fields, 0, bytes, false);
  return lines;
}

/** The innermost field that a byte is of, by its line; undefined of a byte that none has. */
export function lineOfByte(lines: readonly FieldLine[], byte: number): number | undefined {
  let found: number | undefined;
  let least = Infinity;
  lines.forEach(({ span, depth }, k) => {
    if (span === undefined || byte < span[0] || byte >= span[1]) return;
    const length = span[1] - span[0];
    if (length < least || (length === least && found !== undefined && depth > (lines[found]?.depth ?? 0))) {
      least = length;
      found = k;
    }
  });
  return found;
}

export interface ByteLine {
  readonly at: number;
  /** Two digits each; "··" of what is hidden. */
  readonly bytes: readonly string[];
  /** As characters; a dot for what is none. */
  readonly text: string;
}

/** So many bytes of a message, sixteen to a line. */
export function byteLines(hex: string, covered: TrafficDetail["covered"], most: number): readonly ByteLine[] {
  const count = Math.min(most, hex.length / 2);
  const isCovered = new Uint8Array(count);
  for (const { from, to } of covered) isCovered.fill(1, Math.min(from, count), Math.min(to, count));
  const lines: ByteLine[] = [];
  for (let at = 0; at < count; at += WIDTH) {
    const bytes: string[] = [];
    let text = "";
    for (let k = at; k < Math.min(at + WIDTH, count); k++) {
      const digits = hex.slice(2 * k, 2 * k + 2);
      const code = Number.parseInt(digits, 16);
      const isHidden = isCovered[k] === 1;
      bytes.push(isHidden ? "··" : digits);
      text += isHidden || code < 0x20 || code > 0x7e ? "·" : String.fromCharCode(code);
    }
    lines.push({ at, bytes, text });
  }
  return lines;
}

/** "0010": where a line begins. */
export function placeText(at: number): string {
  return at.toString(16).toUpperCase().padStart(4, "0");
}
