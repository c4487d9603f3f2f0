/** PDUs of MMS (ISO 9506-2, 7): what goes over an association. */
import { BerReader, BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import type { InformationReport } from "./information-report.ts";
import { decodeInformationReport, encodeInformationReport } from "./information-report.ts";
import type { Initiate } from "./initiate.ts";
import { decodeInitiate, encodeInitiate } from "./initiate.ts";
import type { Reject } from "./reject.ts";
import { decodeReject, encodeReject } from "./reject.ts";
import type { ServiceError } from "./service-error.ts";
import { decodeServiceError, encodeServiceError } from "./service-error.ts";
import type { Request, Response } from "./services.ts";
import { decodeService, decodeServiceResponse, encodeService, encodeServiceResponse } from "./services.ts";

export type MmsPdu =
  | { readonly kind: "request"; readonly invokeId: number; readonly request: Request }
  | { readonly kind: "response"; readonly invokeId: number; readonly response: Response }
  /** A request or a response of a service that is not known. */
  | {
      readonly kind: "unknownService";
      readonly of: "request" | "response";
      readonly invokeId: number;
      readonly tag: number;
    }
  | { readonly kind: "error"; readonly invokeId: number; readonly modifier?: number; readonly error: ServiceError }
  | InformationReport
  /** An unconfirmed service that is none of IEC 61850's. */
  | { readonly kind: "unconfirmed"; readonly tag: number }
  | Reject
  | { readonly kind: "cancelRequest" | "cancelResponse"; readonly invokeId: number }
  | { readonly kind: "cancelError"; readonly invokeId: number; readonly error: ServiceError }
  | { readonly kind: "initiateRequest" | "initiateResponse"; readonly initiate: Initiate }
  | { readonly kind: "initiateError" | "concludeError"; readonly error: ServiceError }
  | { readonly kind: "concludeRequest" | "concludeResponse" };

export const pduTags = {
  request: 0xa0,
  response: 0xa1,
  error: 0xa2,
  unconfirmed: 0xa3,
  reject: 0xa4,
  cancelRequest: 0x85,
  cancelResponse: 0x86,
  cancelError: 0xa7,
  initiateRequest: 0xa8,
  initiateResponse: 0xa9,
  initiateError: 0xaa,
  concludeRequest: 0x8b,
  concludeResponse: 0x8c,
  concludeError: 0xad,
} as const;

/** The number of a request, and its service: the reader has found the service's element then. */
export interface RequestHead {
  readonly invokeId: number;
  readonly service: BerReader;
}

/** Of a confirmed request or response: what a server looks at first, so that it can reject what is wrong with the rest by its number. */
export function decodeRequestHead(pdu: Uint8Array): RequestHead {
  const outer = new BerReader(pdu);
  if (!outer.next()) throw new WireError("a PDU of no octets", 0);
  return headOf(outer);
}

function headOf(outer: BerReader): RequestHead {
  const service = outer.inner();
  const invokeId = service.expect(0x02, "the number of a request").unsigned();
  if (invokeId > 0xffff_ffff) throw new WireError("a number of a request of more than 32 bits", service.from);
  if (!service.next()) throw new WireError("a request of no service", service.at);
  // Modifiers stand before the service, in a sequence of their own.
  if (service.tag === 0x30 && !service.next()) throw new WireError("a request of no service", service.at);
  return { invokeId, service };
}

/** Throws WireError. What stands behind the PDU is not looked at. */
export function decodePdu(pdu: Uint8Array): MmsPdu {
  const outer = new BerReader(pdu);
  if (!outer.next()) throw new WireError("a PDU of no octets", 0);
  switch (outer.tag) {
    case pduTags.request: {
      const { invokeId, service } = headOf(outer);
      const request = decodeService(service);
      if (request === undefined) return { kind: "unknownService", of: "request", invokeId, tag: service.tag };
      return { kind: "request", invokeId, request };
    }
    case pduTags.response: {
      const { invokeId, service } = headOf(outer);
      const response = decodeServiceResponse(service);
      if (response === undefined) return { kind: "unknownService", of: "response", invokeId, tag: service.tag };
      return { kind: "response", invokeId, response };
    }
    case pduTags.error: {
      const inner = outer.inner();
      const invokeId = inner.expect(0x80, "the number of a request").unsigned();
      if (!inner.next()) throw new WireError("an error without its reason", inner.at);
      if (inner.tag !== 0x81) return { kind: "error", invokeId, error: decodeServiceError(inner) };
      const modifier = inner.unsigned();
      return { kind: "error", invokeId, modifier, error: decodeServiceError(inner.expect(0xa2, "an error")) };
    }
    case pduTags.unconfirmed: {
      const inner = outer.inner();
      if (!inner.next()) throw new WireError("an unconfirmed PDU of no service", inner.at);
      return inner.tag === 0xa0 ? decodeInformationReport(inner) : { kind: "unconfirmed", tag: inner.tag };
    }
    case pduTags.reject:
      return decodeReject(outer);
    case pduTags.cancelRequest:
      return { kind: "cancelRequest", invokeId: outer.unsigned() };
    case pduTags.cancelResponse:
      return { kind: "cancelResponse", invokeId: outer.unsigned() };
    case pduTags.cancelError: {
      const inner = outer.inner();
      const invokeId = inner.expect(0x80, "the number of a request").unsigned();
      return { kind: "cancelError", invokeId, error: decodeServiceError(inner.expect(0xa1, "an error")) };
    }
    case pduTags.initiateRequest:
      return { kind: "initiateRequest", initiate: decodeInitiate(outer) };
    case pduTags.initiateResponse:
      return { kind: "initiateResponse", initiate: decodeInitiate(outer) };
    case pduTags.initiateError:
      return { kind: "initiateError", error: decodeServiceError(outer) };
    case pduTags.concludeRequest:
      return { kind: "concludeRequest" };
    case pduTags.concludeResponse:
      return { kind: "concludeResponse" };
    case pduTags.concludeError:
      return { kind: "concludeError", error: decodeServiceError(outer) };
    default:
      throw new WireError(`no PDU has tag ${outer.tag.toString(16)}`, 0);
  }
}

/** Writes a PDU before what the writer has; services that are not known cannot be. */
export function encodePdu(out: BerWriter, pdu: Exclude<MmsPdu, { kind: "unknownService" | "unconfirmed" }>): BerWriter {
  const mark = out.written;
  switch (pdu.kind) {
    case "request":
      encodeService(out, pdu.request);
      return wrapConfirmed(out, pduTags.request, pdu.invokeId, mark);
    case "response":
      encodeServiceResponse(out, pdu.response);
      return wrapConfirmed(out, pduTags.response, pdu.invokeId, mark);
    case "error":
      encodeServiceError(out, 0xa2, pdu.error);
      if (pdu.modifier !== undefined) out.integer(0x81, pdu.modifier);
      return out.integer(0x80, pdu.invokeId).wrap(pduTags.error, mark);
    case "informationReport":
      encodeInformationReport(out, pdu.access, pdu.results);
      return out;
    case "reject":
      encodeReject(out, pdu);
      return out;
    case "cancelRequest":
    case "cancelResponse":
      return out.integer(pduTags[pdu.kind], pdu.invokeId);
    case "cancelError":
      encodeServiceError(out, 0xa1, pdu.error);
      return out.integer(0x80, pdu.invokeId).wrap(pduTags.cancelError, mark);
    case "initiateRequest":
    case "initiateResponse":
      encodeInitiate(out, pduTags[pdu.kind], pdu.initiate);
      return out;
    case "initiateError":
    case "concludeError":
      encodeServiceError(out, pduTags[pdu.kind], pdu.error);
      return out;
    case "concludeRequest":
    case "concludeResponse":
      return out.null(pduTags[pdu.kind]);
  }
}

/** Number and tag of a confirmed request or response before its service, which was written since the mark. */
export function wrapConfirmed(out: BerWriter, tag: number, invokeId: number, mark: number): BerWriter {
  return out.integer(0x02, invokeId).wrap(tag, mark);
}

export function pduBytes(pdu: Parameters<typeof encodePdu>[1]): Uint8Array {
  return encodePdu(new BerWriter(256), pdu).done();
}
