/** GOOSE as it goes over Ethernet, with a tag or without, or over UDP in a session (R-GOOSE), field by field; or its PDU as it is. */
import { instantText } from "#protocol/iec61850/mms/data-words.ts";
import { GOOSE_TYPE } from "#protocol/iec61850/goose/goose-frame.ts";
import { sessionKinds } from "#protocol/iec61850/goose/session-pdu.ts";
import { WireError, type Reader } from "#wire/cursor.ts";
import { annotatedBy, type Annotated, type Walk } from "./annotated.ts";
import { annotateBer, flag, text, type Shape } from "./ber-shapes.ts";
import { innerType, walkFrame } from "./ethernet-frames.ts";
import { hex } from "./hex-text.ts";
import { data } from "./mms-shapes.ts";

const u8 = (from: Reader): number => from.u8();
const u16 = (from: Reader): number => from.u16();
const u32 = (from: Reader): number => from.u32();
const inHex = (value: number): string => value.toString(16).padStart(4, "0");

/** Whether bytes are a frame of Ethernet with GOOSE in it, or a session with it. */
export function beginsGoose(bytes: Uint8Array): boolean {
  return innerType(bytes) === GOOSE_TYPE || isSession(bytes);
}

function isSession(bytes: Uint8Array): boolean {
  return bytes[0] === 0x01 && bytes[1] === 0x40 && bytes[2] === sessionKinds.goose;
}

const count = (name: string): Shape => ({ name, say: (element) => String(element.unsigned()) });

const fields: Readonly<Record<number, Shape>> = {
  0x80: text("control block"),
  0x81: { name: "time allowed to live", say: (element) => `${element.unsigned()} ms` },
  0x82: text("data set"),
  0x83: text("GoID"),
  0x84: { name: "since", say: (element) => instantText(element.content()) },
  0x85: count("state"),
  0x86: count("repetition"),
  0x87: flag("simulation, or test"),
  0x88: count("configuration revision"),
  0x89: flag("needs commissioning"),
  0x8a: count("how many values"),
  0xab: { name: "values", each: data },
};

/** What 8-1 (annex A) neither leaves to who sends nor has a value for that counts unless said. */
const needs = [0x80, 0x81, 0x82, 0x84, 0x85, 0x86, 0x88, 0x8a, 0xab];

function pduShape(tag: number): Shape {
  if (tag === 0x61) return { name: "GOOSE", by: fields, needs };
  return { name: `PDU ${tag.toString(16)}`, problem: "expected a GOOSE PDU, tag 61" };
}

export function annotateGoose(bytes: Uint8Array): readonly Annotated[] {
  if (isSession(bytes)) return annotatedBy(bytes, 0, walkSession);
  if (beginsGoose(bytes)) return annotatedBy(bytes, 0, (walk) => walkFrame(walk, "GOOSE", pduShape));
  return annotateBer(bytes, 0, pduShape);
}

function walkSession(walk: Walk): void {
  const { vector, length } = walk.group("session", () => walkHead(walk));
  if (vector > 0) {
    walk.field(
      "payload",
      (from) => from.bytes(length),
      () => "ciphered",
    );
    if (walk.from.left > 0) walk.field("signature and tag", (from) => from.bytes(from.left), hex);
    return;
  }
  const end = walk.from.at + length;
  if (length > walk.from.left) throw new WireError("a payload that is not as long as it says", walk.from.at);
  while (walk.from.at < end) walk.group("message", () => walkPayload(walk, end));
  if (walk.from.left > 0)
    walk.group("signature", () => {
      walk.field("tag", u8, inHex);
      walk.field("length", u8);
      walk.field("octets", (from) => from.bytes(from.left), hex);
    });
}

/** Octets of the vector and of the payload. */
function walkHead(walk: Walk): { readonly vector: number; readonly length: number } {
  walk.field("transport", u16, () => "a unit datagram");
  walk.field("carries", u8, () => "GOOSE");
  walk.field("length", u8);
  walk.field("common head", u8, inHex);
  walk.field("length", u8);
  walk.field("length of the session", u32, (value) => `${value} octets`);
  walk.field("number", u32);
  const version = walk.field("version", u16);
  walk.field("key since", u32, (value) => (value === 0 ? "not said" : `${value} s`));
  walk.field("minutes to the next key", u16, (value) => (value === 0 ? "not said" : String(value)));
  if (version === 1) {
    walk.field("encryption", u8);
    walk.field("signature", u8);
  }
  walk.field("key", u32);
  const vector = version === 2 ? walk.field("length of the vector", u8) : 0;
  if (vector > 0) walk.field("vector", (from) => from.bytes(vector), hex);
  return { vector, length: walk.field("length of the payload", u32, (value) => `${value} octets`) };
}

function walkPayload(walk: Walk, end: number): void {
  walk.field("tag", u8, (tag) => (tag === 0x81 ? "GOOSE" : inHex(tag)));
  walk.field("simulation", u8, (value) => (value === 0 ? "no" : "yes"));
  walk.field("APPID", u16, inHex);
  const length = walk.field("length", u16, (value) => `${value} octets`);
  if (length < 2 || walk.from.at + length - 2 > end)
    throw new WireError("a message that is not as long as it says", walk.from.at);
  walk.within("PDU", length - 2, (content, at) => annotateBer(content, at, pduShape));
}
