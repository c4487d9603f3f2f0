/** What carries APDUs, field by field: frames of HDLC and of M-Bus, and the wrapper. */
import { addressAt, type HdlcAddress } from "#protocol/dlms/hdlc/address.ts";
import { controlOf, type Control } from "#protocol/dlms/hdlc/control.ts";
import { frameCheck } from "#protocol/dlms/hdlc/frame-check.ts";
import { FLAG, lengthAt } from "#protocol/dlms/hdlc/frame.ts";
import { parametersOf } from "#protocol/dlms/hdlc/parameters.ts";
import { WireError, type Reader } from "#wire/cursor.ts";
import { annotatedBy, apart, type Annotated, type Walk } from "./annotated.ts";
import { beginsApdu, DlmsApdus, type ApduSettings } from "./dlms-apdus.ts";
import { portText } from "./dlms-words.ts";
import { hex } from "./hex-text.ts";
import { beginsMbus, walkMbus } from "./mbus-frames.ts";
import { Segments } from "./segments.ts";

const u8 = (from: Reader): number => from.u8();
const u16 = (from: Reader): number => from.u16();

const LLC_LENGTH = 3;
const llcs: Readonly<Record<string, string>> = { E6E600: "to the server", E6E700: "to the client" };
const WRAPPER = 8;
const SEGMENTED = 0x0800;
/** What sort of message bytes are. */
export type Carrying = "hdlc" | "wrapper" | "mbus" | "llc" | "apdu";

/** Undefined of what is none. */
export function carryingOf(bytes: Uint8Array): Carrying | undefined {
  const [first = 0, second = 0] = bytes;
  if (first === 0 && second === 1 && bytes.length >= WRAPPER) return "wrapper";
  if (beginsMbus(bytes)) return "mbus";
  if (llcs[hex(bytes.subarray(0, LLC_LENGTH))] !== undefined) return "llc";
  if (first !== FLAG && beginsApdu(first)) return "apdu";
  return bytes.some((byte, at) => byte === FLAG && lengthAt(bytes, at + 1) !== undefined) ? "hdlc" : undefined;
}

/** Messages of one exchange. Segments of an APDU may be in several. */
export class DlmsMessages {
  readonly #apdus: DlmsApdus;
  readonly #segments = new Segments();

  constructor(settings: ApduSettings = {}) {
    this.#apdus = new DlmsApdus(settings);
  }

  /** Frames, wrapper messages or an APDU, whichever these are. */
  annotate(bytes: Uint8Array): readonly Annotated[] {
    switch (carryingOf(bytes)) {
      case "wrapper":
        return annotatedBy(bytes, 0, (walk) => this.#wrapped(walk));
      case "hdlc":
        return annotatedBy(bytes, 0, (walk) => this.#frames(walk, bytes));
      case "mbus":
        return annotatedBy(bytes, 0, (walk) =>
          walkMbus(walk, bytes, this.#segments, (apdu, offset) => this.#apdus.annotate(apdu, offset)),
        );
      case "llc":
        return annotatedBy(bytes, 0, (walk) => this.#llc(walk, bytes.length));
      case "apdu":
        return this.#apdus.annotate(bytes);
      case undefined:
        return annotatedBy(bytes, 0, () => {
          throw new WireError(
            "expected an HDLC frame (7E A...), a message of the wrapper (00 01 ...), a long frame of M-Bus (68 L L 68) or an APDU",
            0,
          );
        });
    }
  }

  /** As many messages as there are. */
  #wrapped(walk: Walk): void {
    while (walk.from.left > 0)
      walk.group("wrapper", () => {
        const { from } = walk;
        const version = walk.field("version", u16);
        if (version !== 1) throw new WireError(`expected version 1 of the wrapper, found ${version}`, from.at - 2);
        walk.field("source", u16, portText);
        walk.field("destination", u16, portText);
        const length = walk.field("length", u16, (bytes) => `${bytes} bytes`);
        walk.within("APDU", length, (apdu, offset) => this.#apdus.annotate(apdu, offset));
      });
  }

  #frames(walk: Walk, bytes: Uint8Array): void {
    const { from } = walk;
    while (from.left > 0) {
      const padding = this.#padding(bytes, from.at);
      if (padding > 0) {
        walk.field(
          "between frames",
          (reader) => reader.bytes(padding),
          (other) => `${other.length} bytes`,
        );
        continue;
      }
      const length = lengthAt(bytes, from.at + 1);
      if (length === undefined) walk.field("flag", u8, () => "that fills the time");
      else
        walk.group(
          "frame",
          () => this.#frame(walk, bytes, length),
          (kind) => kind,
        );
    }
  }

  /** Bytes until the next flag. */
  #padding(bytes: Uint8Array, at: number): number {
    const flag = bytes.indexOf(FLAG, at);
    return (flag < 0 ? bytes.length : flag) - at;
  }

  /** From flag to flag; says what kind it is. */
  #frame(walk: Walk, bytes: Uint8Array, length: number): string {
    const { from } = walk;
    const { at: flag } = from;
    walk.field("flag", u8, () => "opens");
    const format = walk.field("format", u16, (one) =>
      [`type 3, ${length} bytes`, ...((one & SEGMENTED) === 0 ? [] : ["a segment, more follow"])].join(", "),
    );
    const end = flag + 1 + length;
    if (length > from.left + 2)
      throw new WireError(`a frame of ${length} bytes where ${from.left + 2} are left`, flag + 1);
    const addresses = ["destination", "source"].map((name) => {
      const address = addressAt(bytes, from.at, end - 2);
      if (address === undefined) throw new WireError("expected an address of one, two or four bytes", from.at);
      return walk.field(
        name,
        (reader) => hex(reader.bytes(address.bytes)),
        () => addressText(address),
      );
    });
    const control = walk.field("control", (reader) => controlOf(reader.u8()), controlText);
    const rest = end - 2 - from.at;
    if (rest < 0) throw new WireError("a frame that ends in its addresses", from.at);
    if (rest > 0) {
      checkField(walk, "header check", bytes, flag + 1);
      this.#information(walk, control, (format & SEGMENTED) !== 0, addresses.join(" "), end - 2 - from.at);
    }
    checkField(walk, "frame check", bytes, flag + 1);
    if (bytes[end] !== FLAG) walk.problem("flag", "missing behind the frame");
    // One flag may close a frame and open the next.
    else if (lengthAt(bytes, end + 1) === undefined) walk.field("flag", u8, () => "closes");
    return control.kind;
  }

  #information(walk: Walk, control: Control, isSegment: boolean, way: string, length: number): void {
    if (control.kind === "SNRM" || control.kind === "UA") {
      walk.field(
        "parameters",
        (reader) => parametersOf(reader.bytes(length)),
        (found) =>
          `information transmit ${found.maxInfoTransmit}, receive ${found.maxInfoReceive}; window transmit ${found.windowTransmit}, receive ${found.windowReceive}`,
      );
      return;
    }
    if (control.kind !== "I" && control.kind !== "UI") {
      walk.field("information", (reader) => reader.bytes(length), hex);
      return;
    }
    const count = this.#segments.waiting(way) + 1;
    if (!isSegment && count === 1) return this.#llc(walk, length);
    const piece = walk.field(
      "segment",
      (reader) => reader.bytes(length),
      (one) => `${count}, ${one.length} bytes`,
    );
    const whole = this.#segments.add(way, piece, !isSegment);
    if (whole === "too long") return walk.problem("segments", "too long together, and given up");
    if (whole === undefined) return;
    const fields = annotatedBy(whole, 0, (inner) => this.#llc(inner, whole.length));
    walk.add(apart(`APDU of ${count} segments`, "put together", whole, fields));
  }

  /** The header of logical link control, and the APDU behind it. */
  #llc(walk: Walk, length: number): void {
    walk.field(
      "LLC",
      (reader) => hex(reader.bytes(LLC_LENGTH)),
      (header) => llcs[header] ?? `${header}, expected E6E600 or E6E700`,
    );
    walk.within("APDU", length - LLC_LENGTH, (apdu, offset) => this.#apdus.annotate(apdu, offset));
  }
}

function addressText({ upper, lower, bytes }: HdlcAddress): string {
  const size = bytes === 1 ? "1 byte" : `${bytes} bytes`;
  return lower === undefined ? `${upper} (${size})` : `upper ${upper}, lower ${lower} (${size})`;
}

function controlText(control: Control): string {
  const poll = control.poll ? ["poll or final"] : [];
  switch (control.kind) {
    case "I":
      return [`I, send ${control.send}, receive ${control.receive}`, ...poll].join(", ");
    case "RR":
    case "RNR":
      return [`${control.kind}, receive ${control.receive}`, ...poll].join(", ");
    case "other":
      return `${hex(Uint8Array.of(control.byte))}, none that DLMS uses`;
    default:
      return [control.kind, ...poll].join(", ");
  }
}

/** The check of what stands before it, from behind the flag on. */
function checkField(walk: Walk, name: string, bytes: Uint8Array, first: number): void {
  const expected = frameCheck(bytes, first, walk.from.at);
  const { at } = walk;
  const found = walk.from.u16(true);
  const text = (check: number): string => hex(Uint8Array.of(check & 0xff, check >> 8));
  if (found === expected) walk.add({ at, length: 2, name, text: "right" });
  else walk.problem(name, `wrong: expected ${text(expected)}, found ${text(found)}`, at, 2);
}
