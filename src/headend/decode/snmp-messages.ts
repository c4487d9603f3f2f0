/** Messages of SNMP (RFC 1901, RFC 3412, RFC 3416), field by field. */
import { objectIdentifierOf } from "#wire/object-identifier.ts";
import type { Annotated } from "./annotated.ts";
import { annotateBer, number, words, type Shape } from "./ber-shapes.ts";
import { hex, printable } from "./hex-text.ts";

const octets = (name: string): Shape => ({
  name,
  say(element) {
    const text = printable(element.content());
    return text === undefined || text === "" ? hex(element.content()) : JSON.stringify(text);
  },
});
const raw = (name: string): Shape => ({ name, say: (element) => hex(element.content()) });
const unsigned = (name: string): Shape => ({ name, say: (element) => String(element.unsigned()) });
const identifier = (name: string): Shape => ({ name, say: (element) => objectIdentifierOf(element.content()) });
const none = (name: string): Shape => ({ name, say: () => "" });

/** Values of variables, by their tags (RFC 2578, 2; RFC 3416, 3). */
const values: Readonly<Record<number, Shape>> = {
  0x02: number("integer"),
  0x04: octets("octets"),
  0x05: none("nothing"),
  0x06: identifier("object"),
  0x40: raw("IP address"),
  0x41: unsigned("counter"),
  0x42: unsigned("gauge"),
  0x43: unsigned("time ticks"),
  0x44: raw("opaque"),
  0x46: raw("counter of 64 bits"),
  0x80: none("no such object"),
  0x81: none("no such instance"),
  0x82: none("end of the view"),
};

const variables: Shape = {
  name: "variables",
  each: () => ({
    name: "variable",
    each: (tag, k) => (k === 0 ? identifier("name") : (values[tag] ?? raw(`value ${tag.toString(16)}`))),
  }),
};

const statuses: Readonly<Record<number, string>> = {
  0: "no error",
  1: "too big",
  2: "no such name",
  3: "bad value",
  4: "read only",
  5: "something else",
  6: "no access",
  17: "not writable",
};

const pdu = (name: string): Shape => ({
  name,
  inOrder: [number("request"), words("error", statuses), number("error at"), variables],
});
const pdus: Readonly<Record<number, Shape>> = {
  0xa0: pdu("get"),
  0xa1: pdu("get next"),
  0xa2: pdu("response"),
  0xa3: pdu("set"),
  0xa5: {
    name: "get bulk",
    inOrder: [number("request"), number("not repeated"), number("repetitions"), variables],
  },
  0xa6: pdu("inform"),
  0xa7: pdu("notification"),
  0xa8: pdu("report"),
};
const pduOf = (tag: number): Shape => pdus[tag] ?? { name: `PDU ${tag.toString(16)}`, problem: "there is no such PDU" };

const header: Shape = {
  name: "header",
  inOrder: [
    number("message"),
    number("longest answer"),
    {
      name: "flags",
      say(element) {
        const [flags = 0] = element.content();
        return [
          (flags & 1) === 0 ? "not authenticated" : "authenticated",
          ...((flags & 2) === 0 ? [] : ["encrypted"]),
        ].join(", ");
      },
    },
    words("security", { 3: "user-based" }),
  ],
};
const security: Shape = {
  name: "security",
  within: (content, offset) =>
    annotateBer(content, offset, () => ({
      name: "parameters",
      inOrder: [raw("engine"), number("boots"), number("time"), octets("user"), raw("authentication"), raw("privacy")],
    })),
};
const scoped: Shape = {
  name: "scoped PDU",
  each: (tag, k) => [raw("engine"), octets("context")][k] ?? pduOf(tag),
};

/** Whether bytes are one sequence that begins with a version. */
export function isSnmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x30 && bytes.length > 12;
}

export function annotateSnmp(bytes: Uint8Array): readonly Annotated[] {
  const versionAt = (bytes[1] ?? 0) < 0x80 ? 2 : 2 + ((bytes[1] ?? 0) & 0x7f);
  const isV3 = bytes[versionAt] === 0x02 && bytes[versionAt + 2] === 3;
  return annotateBer(bytes, 0, () => ({
    name: "message",
    each(tag, k) {
      if (k === 0) return words("version", { 0: "SNMPv1", 1: "SNMPv2c", 3: "SNMPv3" });
      if (!isV3) return k === 1 ? octets("community") : pduOf(tag);
      return [header, security][k - 1] ?? (tag === 0x30 ? scoped : raw("encrypted"));
    },
  }));
}
