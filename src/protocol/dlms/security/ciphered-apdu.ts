/**
 * APDUs that carry protected ones, as values (Green Book 9.5): service-specific ciphering (glo-, ded-), general-glo-ciphering,
 * general-ded-ciphering, general-ciphering and general-signing. What is in them is bytes here; protect.ts makes and reads those.
 */
import { Reader, WireError, Writer } from "#wire/cursor.ts";
import { readLength, writeLength } from "#protocol/dlms/data/length.ts";

/** Tags of APDUs that have their own ciphered ones: plain, under the global key, under the dedicated one. */
const services: readonly (readonly [plain: number, global: number, dedicated: number])[] = [
  // initiate, read, write, their responses, confirmedServiceError, unconfirmedWrite, informationReport
  [0x01, 0x21, 0x41],
  [0x05, 0x25, 0x45],
  [0x06, 0x26, 0x46],
  [0x08, 0x28, 0x48],
  [0x0c, 0x2c, 0x4c],
  [0x0d, 0x2d, 0x4d],
  [0x0e, 0x2e, 0x4e],
  [0x16, 0x36, 0x56],
  [0x18, 0x38, 0x58],
  // get, set, event-notification, action, and the responses of the three that have some
  [0xc0, 0xc8, 0xd0],
  [0xc1, 0xc9, 0xd1],
  [0xc2, 0xca, 0xd2],
  [0xc3, 0xcb, 0xd3],
  [0xc4, 0xcc, 0xd4],
  [0xc5, 0xcd, 0xd5],
  [0xc7, 0xcf, 0xd7],
];

const tags = {
  "general-global": 0xdb,
  "general-dedicated": 0xdc,
  "general-ciphering": 0xdd,
  "general-signing": 0xdf,
} as const;

const globalOf = new Map(services.map(([plain, global]) => [plain, global]));
const dedicatedOf = new Map(services.map(([plain, , dedicated]) => [plain, dedicated]));
const plainOfGlobal = new Map(services.map(([plain, global]) => [global, plain]));
const plainOfDedicated = new Map(services.map(([plain, , dedicated]) => [dedicated, plain]));

/** What general-ciphering and general-signing say of themselves: octet strings, empty where nothing is said. */
export interface GeneralFields {
  readonly transaction: Uint8Array;
  readonly originator: Uint8Array;
  readonly recipient: Uint8Array;
  readonly dateTime: Uint8Array;
  readonly other: Uint8Array;
}

/** Under which key a text of general-ciphering is. */
export type KeyInfo =
  | { readonly key: "identified"; readonly which: "unicast" | "broadcast" }
  /** Under the master key. */
  | { readonly key: "wrapped"; readonly wrapped: Uint8Array }
  /** C(1e, 1s): an ephemeral public key and its signature. C(0e, 2s): nothing but the transaction. */
  | { readonly key: "agreed"; readonly scheme: "one-pass" | "static"; readonly data: Uint8Array };

export type CipheredApdu =
  | { readonly kind: "global" | "dedicated"; readonly plainTag: number; readonly bytes: Uint8Array }
  | { readonly kind: "general-global" | "general-dedicated"; readonly title: Uint8Array; readonly bytes: Uint8Array }
  | {
      readonly kind: "general-ciphering";
      readonly fields: GeneralFields;
      readonly key: KeyInfo | undefined;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: "general-signing";
      readonly fields: GeneralFields;
      readonly content: Uint8Array;
      readonly signature: Uint8Array;
    };

/** Whether an APDU carries a protected one. */
export function isCiphered(apdu: Uint8Array): boolean {
  const [tag = 0] = apdu;
  return plainOfGlobal.has(tag) || plainOfDedicated.has(tag) || (tag >= 0xdb && tag <= 0xdd) || tag === 0xdf;
}

/** The service-specific tag of an APDU; undefined of one that has none, and goes as it is or in a general APDU. */
export function cipheredTag(kind: "global" | "dedicated", plainTag: number): number | undefined {
  return (kind === "global" ? globalOf : dedicatedOf).get(plainTag);
}

function octets(from: Reader): Uint8Array {
  return from.bytes(readLength(from));
}

/** To the end: what follows is nobody's. */
function last(from: Reader): Uint8Array {
  const bytes = octets(from);
  if (from.left > 0) throw new WireError(`${from.left} bytes behind the APDU`, from.at);
  return bytes;
}

function readFields(from: Reader): GeneralFields {
  const [transaction, originator, recipient, dateTime, other] = [
    octets(from),
    octets(from),
    octets(from),
    octets(from),
    octets(from),
  ];
  return { transaction, originator, recipient, dateTime, other };
}

function enumerated<T>(from: Reader, what: string, values: readonly T[]): T {
  const { at } = from;
  const number = from.u8();
  const value = values[number];
  if (value === undefined) throw new WireError(`${what} ${number}, where 0 to ${values.length - 1} was expected`, at);
  return value;
}

function readKeyInfo(from: Reader): KeyInfo | undefined {
  const isThere = enumerated(from, "presence of key-info", [false, true]);
  if (!isThere) return undefined;
  const key = enumerated(from, "key-info", ["identified", "wrapped", "agreed"] as const);
  if (key === "identified") return { key, which: enumerated(from, "key-id", ["unicast", "broadcast"] as const) };
  if (key === "wrapped") {
    enumerated(from, "kek-id", ["master"]);
    return { key, wrapped: octets(from) };
  }
  const { at } = from;
  const parameters = octets(from);
  const scheme = parameters.length === 1 ? ([undefined, "one-pass", "static"] as const)[parameters[0] ?? 0] : undefined;
  if (scheme === undefined) throw new WireError("key-parameters that are neither 01 nor 02", at);
  return { key, scheme, data: octets(from) };
}

/** Undefined of an APDU that is not protected; throws WireError of one that does not hold together. */
export function parseCiphered(apdu: Uint8Array): CipheredApdu | undefined {
  const from = new Reader(apdu);
  const tag = from.u8();
  const global = plainOfGlobal.get(tag);
  if (global !== undefined) return { kind: "global", plainTag: global, bytes: last(from) };
  const dedicated = plainOfDedicated.get(tag);
  if (dedicated !== undefined) return { kind: "dedicated", plainTag: dedicated, bytes: last(from) };
  switch (tag) {
    case tags["general-global"]:
      return { kind: "general-global", title: octets(from), bytes: last(from) };
    case tags["general-dedicated"]:
      return { kind: "general-dedicated", title: octets(from), bytes: last(from) };
    case tags["general-ciphering"]:
      return { kind: "general-ciphering", fields: readFields(from), key: readKeyInfo(from), bytes: last(from) };
    case tags["general-signing"]:
      return { kind: "general-signing", fields: readFields(from), content: octets(from), signature: last(from) };
    default:
      return undefined;
  }
}

function write(out: Writer, ...strings: readonly Uint8Array[]): Writer {
  for (const bytes of strings) writeLength(out, bytes.length).bytes(bytes);
  return out;
}

/** With their lengths: as they are on the wire, and as they are authenticated (Green Book 9.2.7.2.4.7). */
export function fieldBytes({ transaction, originator, recipient, dateTime, other }: GeneralFields): Uint8Array {
  return write(new Writer(), transaction, originator, recipient, dateTime, other).done();
}

/** What is signed: all that is before the signature, but for the tag. */
export function signedBytes(fields: GeneralFields, content: Uint8Array): Uint8Array {
  return write(new Writer().bytes(fieldBytes(fields)), content).done();
}

function writeKeyInfo(out: Writer, info: KeyInfo | undefined): void {
  out.u8(info === undefined ? 0 : 1);
  if (info?.key === "identified") out.u8(0).u8(info.which === "unicast" ? 0 : 1);
  if (info?.key === "wrapped") write(out.u8(1).u8(0), info.wrapped);
  if (info?.key === "agreed") write(out.u8(2), Uint8Array.of(info.scheme === "one-pass" ? 1 : 2), info.data);
}

/** Throws an Error of an APDU that has no tag of its own: it is looked for before (`cipheredTag`). */
export function buildCiphered(apdu: CipheredApdu): Uint8Array {
  const out = new Writer();
  switch (apdu.kind) {
    case "global":
    case "dedicated": {
      const tag = cipheredTag(apdu.kind, apdu.plainTag);
      if (tag === undefined) throw new Error(`an APDU with the tag ${apdu.plainTag} has no ciphered one`);
      return write(out.u8(tag), apdu.bytes).done();
    }
    case "general-global":
    case "general-dedicated":
      return write(out.u8(tags[apdu.kind]), apdu.title, apdu.bytes).done();
    case "general-ciphering":
      writeKeyInfo(out.u8(tags[apdu.kind]).bytes(fieldBytes(apdu.fields)), apdu.key);
      return write(out, apdu.bytes).done();
    case "general-signing":
      return write(out.u8(tags[apdu.kind]).bytes(signedBytes(apdu.fields, apdu.content)), apdu.signature).done();
  }
}
