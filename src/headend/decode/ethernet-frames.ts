/** Frames of Ethernet with what IEC 61850 puts into them, field by field: GOOSE and sampled values have the same head. */
import { WireError, type Reader } from "#wire/cursor.ts";
import type { Walk } from "./annotated.ts";
import { annotateBer, type Shape } from "./ber-shapes.ts";
import { hex } from "./hex-text.ts";

const u16 = (from: Reader): number => from.u16();
const six = (from: Reader): Uint8Array => from.bytes(6);
const inHex = (value: number): string => value.toString(16).padStart(4, "0");

const SIMULATION = 0x8000;
/** EtherType of a tag. */
const VLAN = 0x8100;

function etherTypeOf(bytes: Uint8Array, at: number): number | undefined {
  const [high, low] = [bytes[at], bytes[at + 1]];
  return high === undefined || low === undefined ? undefined : 256 * high + low;
}

function macText(address: Uint8Array): string {
  return Array.from(address, (octet) => octet.toString(16).padStart(2, "0").toUpperCase()).join("-");
}

/** The EtherType, behind a tag where there is one; undefined of what is too short for one. */
export function innerType(bytes: Uint8Array): number | undefined {
  const type = etherTypeOf(bytes, 12);
  return type === VLAN ? etherTypeOf(bytes, 16) : type;
}

/** `name` is what the frame has in it. */
export function walkFrame(walk: Walk, name: string, pduShape: (tag: number) => Shape): void {
  walk.field("destination", six, macText);
  walk.field("source", six, macText);
  const type = walk.field("EtherType", u16, (value) => (value === VLAN ? "a VLAN's tag" : name));
  if (type === VLAN) {
    walk.field("tag", u16, (tag) => `priority ${tag >> 13}, VLAN ${tag & 0xfff}`);
    walk.field("EtherType", u16, () => name);
  }
  walk.field("APPID", u16, inHex);
  const length = walk.field("length", u16, (value) => `${value} octets`);
  walk.field("reserved", u16, (value) => ((value & SIMULATION) === 0 ? inHex(value) : "a simulation"));
  walk.field("reserved", u16, inHex);
  const pdu = length - 8;
  if (pdu < 0 || pdu > walk.from.left) throw new WireError("a frame that is not as long as it says", walk.from.at);
  walk.within("PDU", pdu, (content, at) => annotateBer(content, at, pduShape));
  if (walk.from.left > 0) walk.field("padding", (from) => from.bytes(from.left), hex);
}
