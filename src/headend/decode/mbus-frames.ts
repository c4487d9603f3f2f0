/**
 * Long frames of M-Bus that carry DLMS (EN 13757-2, 5; EN 13757-3 and IEC 62056-7-3, CI 00 to 1F), as customer ports of meters send them:
 * 68 L L 68, control, address, CI with the number of the segment and a bit of the last, service access points, a sum, 16.
 */
import { WireError, type Reader } from "#wire/cursor.ts";
import { apart, type Annotated, type Walk } from "./annotated.ts";
import { hex } from "./hex-text.ts";
import type { Segments } from "./segments.ts";

const START = 0x68;
const STOP = 0x16;
const FIN = 0x10;
const NUMBER = 0x0f;
const HEADER = 4;
/** Control, address, CI and two service access points. */
const FIXED = 5;

const u8 = (from: Reader): number => from.u8();

export function beginsMbus([start, length, again, start2]: Uint8Array): boolean {
  return start === START && start2 === START && length === again && length !== undefined && length >= FIXED;
}

/** As many frames as there are. */
export function walkMbus(
  walk: Walk,
  bytes: Uint8Array,
  segments: Segments,
  annotate: (apdu: Uint8Array, offset: number) => readonly Annotated[],
): void {
  const { from } = walk;
  while (from.left > 0) {
    if (!beginsMbus(bytes.subarray(from.at, from.at + HEADER)))
      throw new WireError("expected a long frame of M-Bus, 68 L L 68", from.at);
    walk.group("M-Bus frame", () => walkFrame(walk, bytes, segments, annotate));
  }
}

function walkFrame(walk: Walk, bytes: Uint8Array, segments: Segments, annotate: Parameters<typeof walkMbus>[3]): void {
  const { from } = walk;
  const length = bytes[from.at + 1] ?? 0;
  walk.field(
    "start",
    (reader) => reader.bytes(HEADER),
    () => `${length} bytes`,
  );
  const { at: first } = from;
  walk.field("control", u8, (one) => hex(Uint8Array.of(one)));
  const address = walk.field("address", u8);
  const isLast = (bytes[from.at] ?? 0) & FIN;
  const number = (bytes[from.at] ?? 0) & NUMBER;
  const ci = walk.field("CI", u8, () => `segment ${number}, ${isLast === 0 ? "more follow" : "the last"}`);
  if (ci > (FIN | NUMBER)) throw new WireError("expected CI 00 to 1F, of DLMS", from.at - 1);
  const source = walk.field("source", u8);
  const destination = walk.field("destination", u8);
  const way = `M-Bus ${address} ${source} ${destination}`;
  const size = length - FIXED;
  if (number === 0) segments.begin(way);
  if (isLast !== 0 && segments.waiting(way) === 0) walk.within("APDU", size, annotate);
  else {
    const count = segments.waiting(way) + 1;
    const piece = walk.field(
      "segment",
      (reader) => reader.bytes(size),
      (one) => `${count}, ${one.length} bytes`,
    );
    const whole = segments.add(way, piece, isLast !== 0);
    if (whole === "too long") walk.problem("segments", "too long together, and given up");
    else if (whole !== undefined)
      walk.add(apart(`APDU of ${count} segments`, "put together", whole, annotate(whole, 0)));
  }
  let made = 0;
  for (let k = first; k < from.at; k++) made = (made + (bytes[k] ?? 0)) & 0xff;
  const { at } = walk;
  const said = from.u8();
  if (said === made) walk.add({ at, length: 1, name: "sum", text: "right" });
  else walk.problem("sum", `wrong: expected ${hex(Uint8Array.of(made))}, found ${hex(Uint8Array.of(said))}`, at, 1);
  walk.field(
    "stop",
    (reader) => {
      const stop = reader.u8();
      if (stop !== STOP) throw new WireError("expected 16 at the end of a frame", reader.at - 1);
      return stop;
    },
    () => "",
  );
}
