/** Protocol data units of SNMPv2 (RFC 3416, 3), which SNMPv3 has, too. */
import type { Reader } from "#wire/cursor.ts";
import { WireError } from "#wire/cursor.ts";
import { element } from "#wire/der-write.ts";
import {
  content,
  integer,
  mustEnd,
  objectIdentifier,
  readInteger,
  readOid,
  readValue,
  Tag,
  tagOf,
  valueBytes,
} from "./ber.ts";
import type { Value } from "./ber.ts";
import type { Oid } from "./oid.ts";

const tags = {
  get: 0xa0,
  getNext: 0xa1,
  response: 0xa2,
  set: 0xa3,
  getBulk: 0xa5,
  inform: 0xa6,
  trap: 0xa7,
  report: 0xa8,
} as const;
export type PduKind = keyof typeof tags;

/** RFC 3416, 3: those that are told here. */
export const ErrorStatus = {
  noError: 0,
  tooBig: 1,
  genErr: 5,
  noAccess: 6,
  authorizationError: 16,
  notWritable: 17,
} as const;

export interface Variable {
  readonly name: Oid;
  readonly value: Value;
}

export interface Pdu {
  readonly kind: PduKind;
  readonly requestId: number;
  /** Of getBulk how many of the first variables are asked once. */
  readonly errorStatus: number;
  /** Of getBulk how often the others are asked at most; else which variable it is of, from 1. */
  readonly errorIndex: number;
  readonly variables: readonly Variable[];
}

/** Throws WireError. */
export function readPdu(reader: Reader): Pdu {
  const at = reader.at;
  const tag = tagOf(reader);
  const kind = (Object.keys(tags) as PduKind[]).find((one) => tags[one] === tag);
  if (kind === undefined) throw new WireError(`there is no PDU of tag ${tag}`, at);
  const inner = content(reader, tag, "a PDU");
  const requestId = readInteger(inner, "a request-id");
  const errorStatus = readInteger(inner, "an error-status");
  const errorIndex = readInteger(inner, "an error-index");
  const variables = readBindings(inner);
  mustEnd(inner);
  return { kind, requestId, errorStatus, errorIndex, variables };
}

/** Variables with their values, in one list. Throws WireError. */
export function readBindings(reader: Reader): readonly Variable[] {
  const list = content(reader, Tag.sequence, "variable bindings");
  const variables: Variable[] = [];
  while (list.left > 0) {
    const binding = content(list, Tag.sequence, "a variable binding");
    variables.push({ name: readOid(binding), value: readValue(binding) });
    mustEnd(binding);
  }
  return variables;
}

export function bindingsBytes(variables: readonly Variable[]): Uint8Array {
  return element(Tag.sequence, ...variables.map(variableBytes));
}

export function variableBytes({ name, value }: Variable): Uint8Array {
  return element(Tag.sequence, objectIdentifier(name), valueBytes(value));
}

export function pduBytes({ kind, requestId, errorStatus, errorIndex, variables }: Pdu): Uint8Array {
  return element(tags[kind], integer(requestId), integer(errorStatus), integer(errorIndex), bindingsBytes(variables));
}
