/**
 * ACCESS (Green Book 9.3.9, 9.5 "Access-Request", "Access-Response"): GETs, SETs and ACTIONs in one request, each with its data and its
 * result. What follows the tags D9 and DA.
 */
import { actionResults, accessResults, type AccessResult, type ActionResult } from "#protocol/dlms/cosem/object.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import { readData } from "#protocol/dlms/data/decode.ts";
import { writeData } from "#protocol/dlms/data/encode.ts";
import { WireError, Reader, Writer } from "#wire/cursor.ts";
import { apduTags } from "./apdu-tags.ts";
import type { AttributeReference, MethodReference } from "./apdu.ts";
import {
  alike,
  LEAST_METHOD,
  readAttribute,
  readList,
  readMethod,
  readOctets,
  writeAttribute,
  writeFlag,
  writeList,
  writeMethod,
  writeOctets,
} from "./references.ts";

export type AccessSpecification =
  | { readonly access: "get" | "set"; readonly attribute: AttributeReference }
  | { readonly access: "action"; readonly method: MethodReference };

export interface AccessRequest {
  /** Long-Invoke-Id-And-Priority. */
  readonly invoke: number;
  /** As octet string: empty, or 12 bytes. */
  readonly dateTime: Uint8Array;
  readonly specifications: readonly AccessSpecification[];
  /** For each, null-data where nothing is brought. */
  readonly data: readonly Data[];
}

export type AccessOutcome =
  | { readonly access: "get" | "set"; readonly result: AccessResult }
  | { readonly access: "action"; readonly result: ActionResult };

/** `data` are the values as they are on the wire, one for each; null-data where there is none. */
export interface AccessResponse {
  readonly invoke: number;
  readonly dateTime: Uint8Array;
  /** Those of the request, where it asked for them to be said again. */
  readonly specifications?: readonly AccessSpecification[] | undefined;
  readonly data: readonly Uint8Array[];
  readonly outcomes: readonly AccessOutcome[];
}

/** Bits of Long-Invoke-Id-And-Priority. */
export const longInvoke = {
  selfDescriptive: 0x1000_0000,
  breakOnError: 0x2000_0000,
  confirmed: 0x4000_0000,
} as const;

/** Choices; the two with a selection are those without and three. */
const kinds = { get: 1, set: 2, action: 3, "get selected": 4, "set selected": 5 } as const;

function readSpecification(from: Reader): AccessSpecification {
  const { at } = from;
  const kind = from.u8();
  switch (kind) {
    case kinds.get:
    case kinds.set:
      return { access: kind === kinds.get ? "get" : "set", attribute: readAttribute(from) };
    case kinds.action:
      return { access: "action", method: readMethod(from) };
    case kinds["get selected"]:
    case kinds["set selected"]: {
      const attribute = readAttribute(from);
      const selection = { selector: from.u8(), parameters: readData(from) };
      return { access: kind === kinds["get selected"] ? "get" : "set", attribute: { ...attribute, selection } };
    }
    default:
      throw new WireError(`there is no Access-Request-Specification ${kind}`, at);
  }
}

function writeSpecification(out: Writer, specification: AccessSpecification): void {
  if (specification.access === "action") return writeMethod(out.u8(kinds.action), specification.method);
  const { access, attribute } = specification;
  const { selection } = attribute;
  writeAttribute(out.u8(kinds[selection === undefined ? access : (`${access} selected` as const)]), attribute);
  if (selection !== undefined) writeData(out.u8(selection.selector), selection.parameters);
}

/** Strict: a server judges by it. There is a value for each specification. */
export function decodeAccessRequest(bytes: Uint8Array): AccessRequest {
  const from = new Reader(bytes);
  const tag = from.u8();
  if (tag !== apduTags["access-request"]) throw new WireError("expected an Access-Request, D9", 0);
  const invoke = from.u32();
  const dateTime = readOctets(from);
  const specifications = readList(from, 1 + LEAST_METHOD, readSpecification);
  const data = readList(from, 1, readData);
  alike(from, specifications, data);
  if (from.left > 0) throw new WireError(`${from.left} bytes behind the Access-Request`, from.at);
  return { invoke, dateTime, specifications, data };
}

export function encodeAccessResponse(response: AccessResponse): Uint8Array {
  const { invoke, dateTime, specifications, data, outcomes } = response;
  const out = new Writer().u8(apduTags["access-response"]).u32(invoke);
  writeOctets(out, dateTime);
  writeFlag(out, specifications !== undefined);
  if (specifications !== undefined) writeList(out, specifications, writeSpecification);
  writeList(out, data, (out, bytes) => void out.bytes(bytes));
  writeList(out, outcomes, (out, outcome) => {
    const number = outcome.access === "action" ? actionResults[outcome.result] : accessResults[outcome.result];
    out.u8(kinds[outcome.access]).u8(number);
  });
  return out.done();
}
