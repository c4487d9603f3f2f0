/** Ciphered and signed APDUs, field by field (Green Book 9.2.7, 9.5); with the keys, what is in them. */
import { readOctets } from "#protocol/dlms/apdu/references.ts";
import { readLength } from "#protocol/dlms/data/length.ts";
import {
  decipher,
  headerOf,
  HEADER_LENGTH,
  TAG_LENGTH,
  type CipherKeys,
  type Header,
} from "#protocol/dlms/security/ciphering.ts";
import { fieldBytes, parseCiphered, type CipheredApdu } from "#protocol/dlms/security/ciphered-apdu.ts";
import type { Reader } from "#wire/cursor.ts";
import { apart, type Annotated, type Walk } from "./annotated.ts";
import { octetsText } from "./dlms-data.ts";
import { hex } from "./hex-text.ts";

const u8 = (from: Reader): number => from.u8();
const u32 = (from: Reader): number => from.u32();

/** Keys and titles by which a text may be read. */
export interface Secrets {
  /** Undefined where none is known for this text. */
  readonly keys: CipherKeys | undefined;
  /** Of who sent it. */
  readonly title: Uint8Array | undefined;
  /** What is authenticated besides: the fields of general-ciphering. */
  readonly besides?: Uint8Array | undefined;
}

/** Told what protects it, who can; the annotation of the plain text. */
export interface Opening {
  secrets(apdu: CipheredApdu): Secrets;
  annotate(plain: Uint8Array, offset: number): readonly Annotated[];
}

const names: Readonly<Record<CipheredApdu["kind"], string>> = {
  global: "under the global key",
  dedicated: "under the dedicated key",
  "general-global": "general-glo-ciphering",
  "general-dedicated": "general-ded-ciphering",
  "general-ciphering": "general-ciphering",
  "general-signing": "general-signing",
};

function protectionText({ protection }: Header): string {
  const { suite, authenticated, encrypted, broadcast } = protection;
  return [
    `suite ${suite}`,
    ...(authenticated ? ["authenticated"] : []),
    ...(encrypted ? ["encrypted"] : []),
    broadcast ? "broadcast key" : "unicast key",
  ].join(", ");
}

function walkText(walk: Walk, length: number, secrets: Secrets, annotate: Opening["annotate"]): void {
  const { from } = walk;
  const { at: start } = from;
  const text = from.bytes(length);
  from.at = start;
  const header = headerOf(text);
  if ("refused" in header) {
    walk.field("ciphered text", (reader) => reader.bytes(length), hex);
    return walk.problem("not deciphered", header.words);
  }
  walk.field("security control", u8, () => protectionText(header));
  walk.field("invocation counter", u32);
  const { protection } = header;
  const tagLength = protection.authenticated ? Math.min(TAG_LENGTH, length - HEADER_LENGTH) : 0;
  const bodyLength = length - HEADER_LENGTH - tagLength;
  if (protection.encrypted)
    walk.field(
      "text",
      (reader) => reader.bytes(bodyLength),
      (bytes) => `${bytes.length} bytes, encrypted`,
    );
  else walk.within("text", bodyLength, annotate, "not encrypted");
  if (tagLength > 0) walk.field("tag", (reader) => reader.bytes(tagLength), hex);
  const opened = openedBy(text, header, secrets);
  if ("missing" in opened) return walk.add({ at: walk.at, length: 0, name: "not deciphered", text: opened.missing });
  if ("refused" in opened) return walk.problem("not deciphered", opened.words);
  if (protection.encrypted) return walk.add(apart("plain text", opened.note, opened.plain, annotate(opened.plain, 0)));
  walk.add({ at: walk.at, length: 0, name: "authenticity", text: opened.note });
}

type Opened =
  | { readonly plain: Uint8Array; readonly note: string }
  | { readonly missing: string }
  | { readonly refused: string; readonly words: string };

/** Without the authentication key what is encrypted is read all the same, and nothing shows whether it is what was sent. */
function openedBy(text: Uint8Array, { protection, counter }: Header, { keys, title, besides }: Secrets): Opened {
  const { authenticated, encrypted } = protection;
  if (keys === undefined) return { missing: "no key for it is known (--key)" };
  if (title === undefined) return { missing: "the system title of who sent it is not known (--system-title)" };
  if (authenticated && keys.authentication === undefined) {
    if (!encrypted)
      return { missing: "its tag is not checked: the authentication key is not known (--authentication-key)" };
    const body = text.subarray(0, Math.max(HEADER_LENGTH, text.length - TAG_LENGTH));
    const opened = decipher(body, { protection: { ...protection, authenticated: false }, title, counter, keys });
    return "refused" in opened ? opened : { ...opened, note: "the tag is not checked (--authentication-key)" };
  }
  const opened = decipher(text, { protection, title, counter, keys, besides });
  return "refused" in opened ? opened : { ...opened, note: authenticated ? "the tag is right" : "without a tag" };
}

/** One ciphered APDU; throws WireError of what does not hold together. */
export function walkCiphered(walk: Walk, bytes: Uint8Array, opening: Opening): void {
  const apdu = parseCiphered(bytes);
  walk.field("APDU", u8, () => (apdu === undefined ? "none that is known" : `ciphered, ${names[apdu.kind]}`));
  if (apdu === undefined) return;
  const { from } = walk;
  switch (apdu.kind) {
    case "global":
    case "dedicated": {
      const length = walk.field("length", readLength);
      return walkText(walk, length, opening.secrets(apdu), opening.annotate);
    }
    case "general-global":
    case "general-dedicated": {
      walk.field("system title", readOctets, octetsText);
      const length = walk.field("length", readLength);
      return walkText(walk, length, opening.secrets(apdu), opening.annotate);
    }
    case "general-ciphering":
    case "general-signing": {
      for (const name of ["transaction", "originator", "recipient", "date-time", "other information"])
        walk.field(name, readOctets, octetsText);
      if (apdu.kind === "general-ciphering") {
        const { key } = apdu;
        const end = bytes.length - apdu.bytes.length;
        const length = end - from.at - lengthBytes(bytes, end);
        walk.field(
          "key",
          (reader) => reader.bytes(length),
          () => keyText(key),
        );
        const text = walk.field("length", readLength);
        const secrets =
          key?.key === "identified" || key === undefined
            ? { ...opening.secrets(apdu), besides: fieldBytes(apdu.fields) }
            : { keys: undefined, title: undefined };
        return walkText(walk, text, secrets, opening.annotate);
      }
      const length = walk.field("length", readLength);
      walk.within("content", length, opening.annotate);
      walk.field("signature", readOctets, hex);
    }
  }
}

/** Bytes of the length that stands before `at`: it is as short as lengths are written. */
function lengthBytes(bytes: Uint8Array, at: number): number {
  const length = bytes.length - at;
  return length < 0x80 ? 1 : length < 0x100 ? 2 : length < 0x10000 ? 3 : 5;
}

function keyText(key: Extract<CipheredApdu, { kind: "general-ciphering" }>["key"]): string {
  if (key === undefined) return "not said";
  if (key.key === "identified") return `the global ${key.which} key`;
  return key.key === "wrapped" ? "wrapped under the master key" : `agreed, ${key.scheme}`;
}
