/** Messages: SNMPv2c (RFC 1901, 2), and SNMPv3 (RFC 3412, 6) under the user-based security model (RFC 3414, 2.4). */
import { Reader, WireError } from "#wire/cursor.ts";
import { element } from "#wire/der-write.ts";
import { content, integer, mustEnd, octets, readInteger, readOctets, Tag, tagOf } from "./ber.ts";
import { pduBytes, readPdu, type Pdu } from "./pdu.ts";

const V2C = 1;
const V3 = 3;
/** Security model (RFC 3411, 3). */
export const USM = 3;
/** Of msgFlags (RFC 3412, 6.4). */
export const Flag = { auth: 1, priv: 2, reportable: 4 } as const;
/** RFC 3412, 6: what everybody can take. */
const LEAST_SIZE = 484;

export interface CommunityMessage {
  readonly version: "v2c";
  readonly community: Uint8Array;
  readonly pdu: Pdu;
}

export interface SecurityParameters {
  readonly engineId: Uint8Array;
  readonly boots: number;
  readonly time: number;
  readonly user: Uint8Array;
  readonly authentication: Uint8Array;
  readonly privacy: Uint8Array;
}

export interface UserMessage {
  readonly version: "v3";
  readonly id: number;
  /** Bytes that its sender takes. */
  readonly maxSize: number;
  readonly flags: number;
  readonly model: number;
  /** Undefined of another model than USM. */
  readonly security: SecurityParameters | undefined;
  /** Where in the message what authenticates it stands. */
  readonly authenticationAt: number;
  /** A scoped PDU, or what is encrypted. */
  readonly data: { readonly scoped: Uint8Array } | { readonly encrypted: Uint8Array };
}

export interface ScopedPdu {
  readonly contextEngineId: Uint8Array;
  readonly contextName: Uint8Array;
  readonly pdu: Pdu;
}

/** A version that nobody here speaks. */
export interface OtherVersion {
  readonly version: "other";
}

/** Throws WireError. */
export function readMessage(bytes: Uint8Array): CommunityMessage | UserMessage | OtherVersion {
  const outer = new Reader(bytes);
  const message = content(outer, Tag.sequence, "a message");
  mustEnd(outer);
  const version = readInteger(message, "a version");
  if (version === V2C) {
    const community = readOctets(message, "a community");
    const pdu = readPdu(message);
    mustEnd(message);
    return { version: "v2c", community, pdu };
  }
  return version === V3 ? userMessage(bytes, message) : { version: "other" };
}

function userMessage(bytes: Uint8Array, message: Reader): UserMessage {
  const header = content(message, Tag.sequence, "a header");
  const id = readInteger(header, "a msgID");
  const maxSize = readInteger(header, "a msgMaxSize");
  const [flags, ...others] = readOctets(header, "msgFlags");
  const model = readInteger(header, "a msgSecurityModel");
  mustEnd(header);
  if (flags === undefined || others.length > 0) throw new WireError("msgFlags are one byte", 0);
  if (id < 0 || maxSize < LEAST_SIZE || model < 1) throw new WireError("a header out of range", 0);
  const parameters = readOctets(message, "security parameters");
  const { security, authentication } = model === USM ? securityOf(parameters) : none;
  const data = dataOf(message);
  mustEnd(message);
  const authenticationAt = authentication.byteOffset - bytes.byteOffset;
  return { version: "v3", id, maxSize, flags, model, security, authenticationAt, data };
}

const none = { security: undefined, authentication: new Uint8Array(0) };

function securityOf(bytes: Uint8Array) {
  const outer = new Reader(bytes);
  const inner = content(outer, Tag.sequence, "security parameters");
  mustEnd(outer);
  const engineId = readOctets(inner, "an engine id");
  const boots = readInteger(inner, "boots of an engine");
  const time = readInteger(inner, "the time of an engine");
  const user = readOctets(inner, "a user");
  const authentication = readOctets(inner, "what authenticates");
  const privacy = readOctets(inner, "parameters of privacy");
  mustEnd(inner);
  if (boots < 0 || time < 0 || user.length > 32) throw new WireError("security parameters out of range", 0);
  return { security: { engineId, boots, time, user, authentication, privacy }, authentication };
}

function dataOf(message: Reader): UserMessage["data"] {
  if (tagOf(message) === Tag.octets) return { encrypted: readOctets(message) };
  const at = message.at;
  content(message, Tag.sequence, "a scoped PDU");
  const end = message.at;
  message.at = at;
  return { scoped: message.bytes(end - at) };
}

/** Padding of a block cipher may follow. Throws WireError. */
export function readScopedPdu(bytes: Uint8Array): ScopedPdu {
  const inner = content(new Reader(bytes), Tag.sequence, "a scoped PDU");
  const contextEngineId = readOctets(inner, "an engine id of a context");
  const contextName = readOctets(inner, "the name of a context");
  const pdu = readPdu(inner);
  mustEnd(inner);
  return { contextEngineId, contextName, pdu };
}

export function communityBytes(community: Uint8Array, pdu: Pdu): Uint8Array {
  return element(Tag.sequence, integer(V2C), octets(community), pduBytes(pdu));
}

export function scopedBytes({ contextEngineId, contextName, pdu }: ScopedPdu): Uint8Array {
  return element(Tag.sequence, octets(contextEngineId), octets(contextName), pduBytes(pdu));
}

export type UserMessageToWrite = Pick<UserMessage, "id" | "maxSize" | "flags" | "data"> & {
  readonly security: SecurityParameters;
};

/** The message, and where in it what authenticates it stands. */
export function userBytes({ id, maxSize, flags, security, data }: UserMessageToWrite): {
  readonly bytes: Uint8Array;
  readonly authenticationAt: number;
} {
  const { engineId, boots, time, user, authentication, privacy } = security;
  const tail = octets(privacy);
  const parameters = element(
    Tag.sequence,
    octets(engineId),
    integer(boots),
    integer(time),
    octets(user),
    octets(authentication),
    tail,
  );
  const body = "encrypted" in data ? octets(data.encrypted) : data.scoped;
  const header = element(Tag.sequence, integer(id), integer(maxSize), octets(Uint8Array.of(flags)), integer(USM));
  const bytes = element(Tag.sequence, integer(V3), header, octets(parameters), body);
  return { bytes, authenticationAt: bytes.length - body.length - tail.length - authentication.length };
}
