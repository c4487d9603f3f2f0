/** Presentation and ACSE (X.226, X.227) under MMS: what their elements are called. */
import { objectIdentifierOf } from "#wire/object-identifier.ts";
import type { Annotated } from "./annotated.ts";
import { annotateBer, number, words, type Shape } from "./ber-shapes.ts";
import { hex } from "./hex-text.ts";
import { mmsPdu } from "./mms-pdus.ts";

const names: Readonly<Record<string, string>> = {
  "2.2.1.0.1": "ACSE",
  "1.0.9506.2.1": "MMS",
  "1.0.9506.2.3": "MMS, context",
  "2.1.1": "BER",
  "2.2.3.1": "password",
};

const identifier = (name: string): Shape => ({
  name,
  say(element) {
    const id = objectIdentifierOf(element.content());
    return names[id] === undefined ? id : `${id} (${names[id]})`;
  },
});
const octets = (name: string): Shape => ({ name, say: (element) => hex(element.content()) });
const title = (name: string): Shape => ({ name, by: { 0x06: identifier("title") } });
const qualifier = (name: string): Shape => ({ name, by: { 0x02: number("qualifier") } });

const single: Shape = { name: "value", each: (tag) => acse[tag] ?? mmsPdu(tag) };
const external: Shape = {
  name: "user information",
  each: () => ({ name: "external", by: { 0x06: identifier("encoding"), 0x02: number("context"), 0xa0: single } }),
};
const result = words("result", { 0: "accepted", 1: "rejected for good", 2: "rejected for now" });

const acse: Readonly<Record<number, Shape>> = {
  0x60: {
    name: "association request (AARQ)",
    by: {
      0x80: octets("version"),
      0xa1: { name: "application context", by: { 0x06: identifier("context") } },
      0xa2: title("called application process"),
      0xa3: qualifier("called application entity"),
      0xa6: title("calling application process"),
      0xa7: qualifier("calling application entity"),
      0x8a: octets("requirements"),
      0x8b: identifier("mechanism"),
      0xac: { name: "authentication value", by: { 0x80: octets("password") } },
      0xbe: external,
    },
  },
  0x61: {
    name: "association response (AARE)",
    by: {
      0x80: octets("version"),
      0xa1: { name: "application context", by: { 0x06: identifier("context") } },
      0xa2: { name: "result", by: { 0x02: result } },
      0xa3: { name: "diagnostic", by: { 0xa1: qualifierOf("of the user"), 0xa2: qualifierOf("of the provider") } },
      0xa4: title("responding application process"),
      0xa5: qualifier("responding application entity"),
      0xbe: external,
    },
  },
  0x62: { name: "release request (RLRQ)", by: { 0x80: number("reason"), 0xbe: external } },
  0x63: { name: "release response (RLRE)", by: { 0x80: number("reason"), 0xbe: external } },
  0x64: {
    name: "abort (ABRT)",
    by: { 0x80: words("source", { 0: "the user", 1: "the provider" }), 0xbe: external },
  },
};

function qualifierOf(name: string): Shape {
  return { name, by: { 0x02: number("code") } };
}

const userData: Shape = {
  name: "user data",
  each: () => ({
    name: "list",
    by: { 0x06: identifier("transfer syntax"), 0x02: number("context"), 0xa0: single, 0x81: octets("value") },
  }),
};

const context: Shape = {
  name: "context",
  by: {
    0x02: number("identifier"),
    0x06: identifier("abstract syntax"),
    0x30: { name: "transfer syntaxes", each: () => identifier("transfer syntax") },
  },
};
const contextResult: Shape = {
  name: "context",
  by: {
    0x80: words("result", { 0: "accepted", 1: "rejected by the user", 2: "rejected by the provider" }),
    0x81: identifier("transfer syntax"),
    0x82: number("reason"),
  },
};

const connect: Shape = {
  name: "presentation, connect",
  by: {
    0xa0: { name: "mode", by: { 0x80: words("mode", { 0: "X.410-1984", 1: "normal" }) } },
    0xa2: {
      name: "parameters",
      by: {
        0x80: octets("version"),
        0x81: octets("calling selector"),
        0x82: octets("called selector"),
        0x83: octets("responding selector"),
        0xa4: { name: "contexts", each: () => context },
        0xa5: { name: "contexts, results", each: () => contextResult },
        0x88: octets("requirements"),
        0x61: userData,
      },
    },
  },
};

/** PDUs of the presentation layer, and of an abort, of which the tag is another. */
export function annotatePresentation(bytes: Uint8Array, offset: number): readonly Annotated[] {
  return annotateBer(bytes, offset, (tag) => {
    if (tag === 0x31) return connect;
    if (tag === 0x61) return { ...userData, name: "presentation, user data" };
    if (tag === 0xa0)
      return { name: "presentation, abort by the user", by: { 0x61: userData }, each: () => contextResult };
    return { name: `presentation, ${tag.toString(16)}`, each: () => userData };
  });
}

export function annotateMmsPdus(bytes: Uint8Array, offset: number): readonly Annotated[] {
  return annotateBer(bytes, offset, mmsPdu);
}
