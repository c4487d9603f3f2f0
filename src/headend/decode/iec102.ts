/** Frames of FT1.2 and what is in them by IEC 60870-5-102, field by field. */
import { asduOf, type Asdu } from "#protocol/iec102/asdu/asdu.ts";
import { bodyOf } from "#protocol/iec102/asdu/body.ts";
import { causeText } from "#protocol/iec102/asdu/cause.ts";
import { typeName, types } from "#protocol/iec102/asdu/types.ts";
import {
  Answer,
  Ask,
  checkOf,
  controlOf,
  END,
  frameOf,
  lengthAt,
  SINGLE,
  START,
  type AddressOctets,
  type Control,
} from "#protocol/iec102/frame/frame.ts";
import { WireError } from "#wire/cursor.ts";
import { annotatedBy, type Annotated, type Walk } from "./annotated.ts";
import { valueFields } from "./iec102-values.ts";

const asks: Readonly<Record<number, string>> = {
  [Ask.resetLink]: "reset of the link",
  [Ask.resetProcess]: "reset of the process",
  [Ask.test]: "test of the link",
  [Ask.send]: "user data, to be confirmed",
  [Ask.sendNoReply]: "user data, not to be answered",
  [Ask.access]: "request for access demand",
  [Ask.status]: "request for the link's status",
  [Ask.class1]: "request for data of class 1",
  [Ask.class2]: "request for data of class 2",
};

const answers: Readonly<Record<number, string>> = {
  [Answer.ack]: "acknowledged",
  [Answer.nack]: "not taken, the link is busy",
  [Answer.data]: "user data",
  [Answer.noData]: "nothing that was requested",
  [Answer.status]: "status of the link",
  [Answer.notImplemented]: "no such service",
};

function controlText(control: Control): string {
  if (control.from === "primary") {
    const fcb = control.fcb === undefined ? "" : `, FCB ${control.fcb ? 1 : 0}`;
    return `from the primary station: ${asks[control.fn] ?? `function ${control.fn}`}${fcb}`;
  }
  const flags = [...(control.acd ? ["data of class 1 wait"] : []), ...(control.dfc ? ["takes no more data"] : [])];
  return ["from the station: " + (answers[control.fn] ?? `function ${control.fn}`), ...flags].join(", ");
}

/** Whether bytes are a frame with addresses of so many octets. */
function isFrame(bytes: Uint8Array, octets: AddressOctets): boolean {
  try {
    frameOf(bytes, octets);
    return true;
  } catch {
    return false;
  }
}

/** How many octets an address has, no frame says: a fixed one by its length, a variable one where its ASDU is one of the types. */
function octetsOf(bytes: Uint8Array, at: number): AddressOctets {
  if (bytes[at] === START) return isFrame(bytes.subarray(at, at + 5), 1) ? 1 : 2;
  const frame = bytes.subarray(at, at + (bytes[at + 1] ?? 0) + 6);
  const fits = ([2, 1] as const).find((octets) => isFrame(frame, octets) && isAsdu(frame.subarray(5 + octets, -2)));
  return fits ?? 2;
}

function isAsdu(bytes: Uint8Array): boolean {
  try {
    const asdu = asduOf(bytes);
    bodyOf(asdu);
    return types.has(asdu.type) && asdu.count <= 127;
  } catch {
    return false;
  }
}

/** Whether bytes begin as a frame of FT1.2 does whose check holds. */
export function isIec102(bytes: Uint8Array): boolean {
  if (bytes.length < 5) return false;
  const octets = octetsOf(bytes, 0);
  const length = lengthAt(bytes, 0, octets) ?? 0;
  return length > 1 && isFrame(bytes.subarray(0, length), octets);
}

/** As many frames as there are. */
export function annotateIec102(bytes: Uint8Array): readonly Annotated[] {
  return annotatedBy(bytes, 0, (walk) => {
    while (walk.from.left > 0) walk.group("frame", () => walkFrame(walk, bytes));
  });
}

const u8 = (from: Walk["from"]): number => from.u8();

function walkFrame(walk: Walk, bytes: Uint8Array): void {
  const { from } = walk;
  const start = from.at;
  if (bytes[start] === SINGLE) {
    walk.field("single character", u8, () => "acknowledged, or nothing to say");
    return;
  }
  const octets = octetsOf(bytes, start);
  const length = lengthAt(bytes, start, octets);
  if (length === undefined || length === 0)
    throw new WireError("expected a frame of FT1.2: 10, 68 L L 68 or E5", start);
  const isFixed = bytes[start] === START;
  walk.field("start", u8, () => (isFixed ? "of a fixed frame" : "of a variable frame"));
  if (!isFixed) {
    walk.field("length", u8, (value) => `${value} octets from control to the check`);
    walk.field("length", u8, () => "again");
    walk.field("start", u8, () => "again");
  }
  const first = from.at;
  walk.field("control", (reader) => controlOf(reader.u8()), controlText);
  walk.field(
    "link address",
    (reader) => (octets === 1 ? reader.u8() : reader.u16(true)),
    (address) => `${address}, ${octets === 1 ? "one octet" : "two octets"}`,
  );
  const end = start + length - 2;
  if (!isFixed) walk.within("ASDU", end - from.at, (asdu, offset) => annotateAsdu(asdu, offset));
  const check = checkOf(bytes, first, end);
  const { at } = walk;
  const said = from.u8();
  if (said === check) walk.add({ at, length: 1, name: "check", text: "right" });
  else walk.problem("check", `wrong: expected ${check.toString(16)}, found ${said.toString(16)}`, at, 1);
  const last = walk.field("end", u8, () => "");
  if (last !== END) walk.problem("end", `expected 16, found ${last.toString(16)}`, walk.at - 1, 1);
}

function annotateAsdu(bytes: Uint8Array, offset: number): readonly Annotated[] {
  return annotatedBy(bytes, offset, (walk) => {
    walk.field("type", u8, (type) => `${typeName(type)}${types.has(type) ? `: ${types.get(type)?.title}` : ""}`);
    walk.field("qualifier", u8, (vsq) => `${vsq & 0x7f} objects${vsq >= 0x80 ? ", in sequence" : ""}`);
    walk.field("cause", u8, (cause) =>
      [
        causeText(cause & 0x3f),
        ...((cause & 0x40) === 0 ? [] : ["negative"]),
        ...((cause & 0x80) === 0 ? [] : ["for a test"]),
      ].join(", "),
    );
    walk.field("measuring point", (from) => from.u16(true));
    walk.field("record address", u8, (record) => recordText(record));
    const asdu: Asdu = asduOf(bytes);
    const body = bodyOf(asdu);
    const { left } = walk.from;
    if (left > 0) walk.within("information", left, (_data, at) => valueFields(body, asdu.type, at));
  });
}

const records: Readonly<Record<number, string>> = {
  0: "none",
  1: "since the beginning of the accounting period",
  11: "integration period 1",
  12: "integration period 2",
  13: "integration period 3",
  21: "days, integration period 1",
  22: "days, integration period 2",
  23: "days, integration period 3",
  52: "events of power and voltage",
  53: "events of the clock",
  54: "events of parameters",
  55: "internal errors",
  128: "events of intrusion",
  129: "events of communication",
  130: "events of the private key",
  131: "events of contract I",
  132: "events of contract II",
  133: "events of contract III",
  134: "contract I",
  135: "contract II",
  136: "contract III",
  137: "latent contract I",
  138: "latent contract II",
  139: "latent contract III",
};

function recordText(record: number): string {
  return records[record] === undefined ? String(record) : `${record}: ${records[record]}`;
}
