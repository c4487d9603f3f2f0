/** PDUs of MMS (ISO 9506-2), field by field: what each has to have, and what is in it. */
import type { BerReader } from "#wire/ber.ts";
import { rejectText } from "#protocol/iec61850/mms/error-words.ts";
import { rejectedPdus } from "#protocol/iec61850/mms/reject.ts";
import { nothing, number, type Shape } from "./ber-shapes.ts";
import { access, errorShape, initiate, requests, responses, results } from "./mms-shapes.ts";

const invoke = number("number of the request");

/** The PDUs, by their tags. */
const pdus: Readonly<Record<number, Shape>> = {
  0xa0: {
    name: "confirmed request",
    by: { 0x02: invoke, ...requests },
    needs: [0x02],
    least: [2, "what is asked for"],
  },
  0xa1: { name: "confirmed response", by: { 0x02: invoke, ...responses }, needs: [0x02], least: [2, "the answer"] },
  0xa2: {
    name: "confirmed error",
    by: { 0x80: invoke, 0x81: number("modifier"), 0xa2: errorShape },
    needs: [0x80, 0xa2],
  },
  0xa3: {
    name: "unconfirmed",
    least: [1, "what is told"],
    by: {
      0xa0: { name: "information report", each: (tag, k) => (k === 0 ? access[tag] : undefined) ?? results("values") },
    },
  },
  0xa4: {
    name: "reject",
    by: { 0x80: invoke },
    least: [1, "the reason"],
    each(tag) {
      const of = Object.entries(rejectedPdus).find(([, number]) => number === tag - 0x80)?.[0] ?? "";
      return { name: "reason", say: (element: BerReader) => rejectText(of, element.integer()) };
    },
  },
  0x85: number("cancel request, of"),
  0x86: number("cancel response, of"),
  0xa7: { name: "cancel error", by: { 0x80: invoke, 0xa1: errorShape } },
  0xa8: initiate("initiate request"),
  0xa9: initiate("initiate response"),
  0xaa: { ...errorShape, name: "initiate error" },
  0x8b: nothing("conclude request"),
  0x8c: nothing("conclude response"),
  0xad: { ...errorShape, name: "conclude error" },
};

export function mmsPdu(tag: number): Shape {
  return pdus[tag] ?? { name: `PDU ${tag.toString(16)}`, problem: "there is no such PDU", ends: true };
}
