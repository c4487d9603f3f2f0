/** Sampled values as they go over Ethernet, with a tag or without, field by field; or their PDU as it is. */
import { instantText } from "#protocol/iec61850/mms/data-words.ts";
import { qualityWords } from "#protocol/iec61850/sv/quality.ts";
import { SV_TYPE } from "#protocol/iec61850/sv/sv-frame.ts";
import { annotatedBy, type Annotated } from "./annotated.ts";
import { annotateBer, text, type Shape } from "./ber-shapes.ts";
import { innerType, walkFrame } from "./ethernet-frames.ts";
import { hex } from "./hex-text.ts";

/** Whether bytes are a frame of Ethernet with sampled values in it. */
export function beginsSv(bytes: Uint8Array): boolean {
  return innerType(bytes) === SV_TYPE;
}

const count = (name: string): Shape => ({ name, say: (element) => String(element.unsigned()) });

const synchronisations = ["nothing keeps its clock", "by a clock of its area", "by one of the whole world"];

/** smpMod. */
const modes = ["samples a nominal cycle", "samples a second", "seconds a sample"];

function worded(name: string, words: readonly string[]): Shape {
  return {
    name,
    say(element) {
      const value = element.unsigned();
      return words[value] === undefined ? String(value) : `${value}: ${words[value]}`;
    },
  };
}

/** Numbers of 32 bits with their qualities, where their octets can be that. */
function valuesText(octets: Uint8Array): string {
  if (octets.length % 8 !== 0) return hex(octets);
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  return Array.from({ length: octets.length / 8 }, (_, k) => {
    const word = view.getUint32(8 * k + 4);
    return `${view.getInt32(8 * k)}${word === 0 ? "" : ` (${qualityWords(word)})`}`;
  }).join(", ");
}

const fields: Readonly<Record<number, Shape>> = {
  0x80: text("svID"),
  0x81: text("data set"),
  0x82: count("sample of its second"),
  0x83: count("configuration revision"),
  0x84: { name: "taken at", say: (element) => instantText(element.content()) },
  0x85: worded("synchronised", synchronisations),
  0x86: count("rate"),
  0x87: { name: "values", say: (element) => valuesText(element.content()) },
  0x88: worded("rate is in", modes),
  0x89: { name: "grandmaster", say: (element) => hex(element.content()) },
};

/** What 9-2 (8.5.2) has in each instant, and before all of them. */
const needs = [0x80, 0x82, 0x83, 0x85, 0x87];

const parts: Readonly<Record<number, Shape>> = {
  0x80: count("how many instants"),
  0x81: { name: "security", say: (element) => hex(element.content()) },
  0xa2: { name: "instants", by: { 0x30: { name: "instant", by: fields, needs } } },
};

function pduShape(tag: number): Shape {
  if (tag === 0x60) return { name: "sampled values", by: parts, needs: [0x80, 0xa2] };
  return { name: `PDU ${tag.toString(16)}`, problem: "expected a PDU of sampled values, tag 60" };
}

export function annotateSv(bytes: Uint8Array): readonly Annotated[] {
  if (beginsSv(bytes)) return annotatedBy(bytes, 0, (walk) => walkFrame(walk, "sampled values", pduShape));
  return annotateBer(bytes, 0, pduShape);
}
