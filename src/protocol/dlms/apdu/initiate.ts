/**
 * xDLMS Initiate (Green Book 9.4.3, 9.5): what the user-information of AARQ and AARE has in it. A-XDR, but for the conformance
 * block, which is a BIT STRING by BER: 5F 1F 04 00 and three bytes. A refusal is a confirmedServiceError, which xdlms.ts decodes.
 */
import { conformanceBits, type Service } from "#protocol/dlms/cosem/logical-device.ts";
import { Reader, WireError, Writer } from "#wire/cursor.ts";
import { apduTags } from "./apdu-tags.ts";
import type { InitiateRequest, InitiateResponse } from "./association.ts";
import { readFlag, readOctets, writeFlag, writeOctets } from "./references.ts";

/** [APPLICATION 31], four bytes, no unused bits. */
const CONFORMANCE_BLOCK = [0x5f, 0x1f, 0x04, 0x00] as const;
const CONFORMANCE_BITS = 24;
const services = Object.entries(conformanceBits) as [Service, number][];

/** The services of which the bits are set in 24; those that are of short names alone are none of ours. */
export function servicesOf(bits: number): ReadonlySet<Service> {
  return new Set(services.filter(([, bit]) => bits & (1 << (CONFORMANCE_BITS - 1 - bit))).map(([service]) => service));
}

export function bitsOf(conformance: ReadonlySet<Service>): number {
  let bits = 0;
  for (const service of conformance) bits |= 1 << (CONFORMANCE_BITS - 1 - conformanceBits[service]);
  return bits;
}

/** The conformance block as 24 bits, of whatever services. */
export function readConformanceBits(from: Reader): number {
  const { at } = from;
  for (const expected of CONFORMANCE_BLOCK)
    if (from.u8() !== expected) throw new WireError("expected a conformance block, 5F 1F 04 00 and three bytes", at);
  return (from.u8() << 16) | from.u16();
}

function readConformance(from: Reader): ReadonlySet<Service> {
  return servicesOf(readConformanceBits(from));
}

function writeConformance(out: Writer, conformance: ReadonlySet<Service>): Writer {
  const bits = bitsOf(conformance);
  for (const byte of CONFORMANCE_BLOCK) out.u8(byte);
  return out.u8(bits >> 16).u16(bits & 0xffff);
}

function expectTag(from: Reader, tag: number, what: string): void {
  const found = from.u8();
  if (found !== tag) throw new WireError(`expected ${what}, which begins with ${tag}, found ${found}`, 0);
}

function expectEnd(from: Reader, what: string): void {
  if (from.left > 0) throw new WireError(`${from.left} bytes behind the ${what}`, from.at);
}

/** proposed- and negotiated-quality-of-service, where there is one. */
export function readQuality(from: Reader): { readonly qualityOfService?: number } {
  return readFlag(from) ? { qualityOfService: (from.u8() << 24) >> 24 } : {};
}

function writeQuality(out: Writer, quality: number | undefined): Writer {
  writeFlag(out, quality !== undefined);
  return quality === undefined ? out : out.u8(quality);
}

/** Strict: a server judges by it. */
export function decodeInitiateRequest(bytes: Uint8Array): InitiateRequest {
  const from = new Reader(bytes);
  expectTag(from, apduTags["initiate-request"], "an InitiateRequest");
  const dedicatedKey = readFlag(from) ? { dedicatedKey: readOctets(from) } : {};
  const responseAllowed = readFlag(from) ? readFlag(from) : true;
  const quality = readQuality(from);
  const version = from.u8();
  const conformance = readConformance(from);
  const maxPdu = from.u16();
  expectEnd(from, "InitiateRequest");
  return { ...dedicatedKey, responseAllowed, ...quality, version, conformance, maxPdu };
}

export function encodeInitiateRequest(request: InitiateRequest): Uint8Array {
  const out = new Writer().u8(apduTags["initiate-request"]);
  writeFlag(out, request.dedicatedKey !== undefined);
  if (request.dedicatedKey !== undefined) writeOctets(out, request.dedicatedKey);
  // By default it is allowed, and what is the default is not said.
  if (request.responseAllowed) out.u8(0);
  else writeFlag(out.u8(1), false);
  writeQuality(out, request.qualityOfService).u8(request.version);
  return writeConformance(out, request.conformance).u16(request.maxPdu).done();
}

/** Strict. */
export function decodeInitiateResponse(bytes: Uint8Array): InitiateResponse {
  const from = new Reader(bytes);
  expectTag(from, apduTags["initiate-response"], "an InitiateResponse");
  const quality = readQuality(from);
  const version = from.u8();
  const conformance = readConformance(from);
  const maxPdu = from.u16();
  const vaaName = from.u16();
  expectEnd(from, "InitiateResponse");
  return { ...quality, version, conformance, maxPdu, vaaName };
}

export function encodeInitiateResponse(response: InitiateResponse): Uint8Array {
  const out = new Writer().u8(apduTags["initiate-response"]);
  writeQuality(out, response.qualityOfService).u8(response.version);
  return writeConformance(out, response.conformance).u16(response.maxPdu).u16(response.vaaName).done();
}
