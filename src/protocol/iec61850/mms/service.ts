/** What the services of MMS have in common: each is a file that says how its request and its response lie in BER. */
import type { BerReader, BerWriter } from "#wire/ber.ts";

export interface Service<Request extends { readonly service: string }, Response extends { readonly service: string }> {
  readonly service: Request["service"] & Response["service"];
  /** Tags of ConfirmedServiceRequest and ConfirmedServiceResponse. */
  readonly requestTag: number;
  readonly responseTag: number;
  /** Of the element that the reader has found; it throws WireError. */
  decodeRequest(reader: BerReader): Request;
  encodeRequest(out: BerWriter, request: Request): void;
  decodeResponse(reader: BerReader): Response;
  encodeResponse(out: BerWriter, response: Response): void;
}

/** A flag that need not be there: the next element, where it has the tag. */
export function flag(inner: BerReader, tag: number, otherwise: boolean): boolean {
  return inner.at < inner.end && inner.next() && inner.tag === tag ? inner.boolean() : otherwise;
}
