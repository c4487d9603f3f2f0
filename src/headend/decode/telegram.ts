/** Texts of P1 ports and data readouts, line by line. */
import { octetText, readTelegram, timeOf, type DataSet } from "#protocol/iec62056-21/telegram.ts";
import type { Reader } from "#wire/cursor.ts";
import { annotatedBy, type Annotated } from "./annotated.ts";

const SLASH = 0x2f;

export function isTelegram(bytes: Uint8Array): boolean {
  return bytes[0] === SLASH;
}

/** Objects of which values are octet strings: equipment identifiers and texts. */
const isText = (address: string): boolean => /:96\.(1|13)\./.test(address);

function valueText({ value, unit }: DataSet, address: string): string {
  const time = timeOf(value);
  if (time !== undefined) return `${time.text}, ${time.isSummer ? "summer" : "winter"} time`;
  if (unit !== undefined) return `${value} ${unit}`;
  const text = isText(address) ? octetText(value) : undefined;
  if (text !== undefined) return `"${text}" (${value})`;
  return value === "" ? "empty" : value;
}

const hex4 = (check: number): string => check.toString(16).toUpperCase().padStart(4, "0");

/** One telegram, of which the first byte stands at `offset` in the message. */
export function annotateTelegram(bytes: Uint8Array, offset = 0): readonly Annotated[] {
  return annotatedBy(bytes, offset, (walk) => {
    const { identification, lines, end, check } = readTelegram(bytes);
    const { from } = walk;
    // Each line has its end, and empty lines before the next one, with it.
    const until =
      (to: number): ((reader: Reader) => Uint8Array) =>
      (reader) =>
        reader.bytes(to - reader.at);
    walk.field("identification", until(lines[0]?.at ?? end), () => {
      if (identification === undefined) return "in no form of the standard";
      const { manufacturer, baud, text } = identification;
      return `manufacturer ${manufacturer}, baud rate ${baud}, ${text}`;
    });
    let of = "";
    for (const [k, { sets }] of lines.entries()) {
      const next = lines[k + 1]?.at ?? end;
      const [first] = sets;
      if (first === undefined) continue;
      if (first.address !== "") of = first.address;
      const name = first.address === "" ? `more of ${of}` : first.address;
      if (sets.length === 1) walk.field(name, until(next), () => valueText(first, of));
      else
        walk.group(name, () => {
          for (const [index, one] of sets.entries())
            walk.field(
              index === 0 || one.address === "" ? String(index + 1) : one.address,
              until(sets[index + 1]?.at ?? next),
              () => valueText(one, of),
            );
        });
    }
    walk.field("end", (reader) => reader.latin1(1));
    if (check === undefined) walk.add({ at: walk.at, length: 0, name: "check", text: "there is none" });
    else {
      const { length, kind, said, made, isRightWithReturns } = check;
      if (check.at > from.at) walk.field("end of text", until(check.at), () => "");
      const { at } = walk;
      from.skip(length);
      if (said === made) walk.add({ at, length, name: kind, text: "right" });
      else if (isRightWithReturns)
        walk.add({ at, length, name: kind, text: "right with CR LF at the ends of lines, which this text has lost" });
      else walk.problem(kind, `wrong: expected ${hex4(made)}, found ${hex4(said)}`, at, length);
    }
    const rest = restOfLines(bytes, from.at);
    if (rest > 0)
      walk.field(
        "end of line",
        (reader) => reader.bytes(rest),
        () => "",
      );
  });
}

/** Line ends at the end; what follows them is not of the telegram. */
function restOfLines(bytes: Uint8Array, at: number): number {
  let end = at;
  while (bytes[end] === 0x0d || bytes[end] === 0x0a) end++;
  return end - at;
}
