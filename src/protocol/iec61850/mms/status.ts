/** Status, Identify and GetCapabilityList (ISO 9506-2, 12): what the whole device says of itself. */
import { bitString } from "./data-codec.ts";
import { IDENTIFIER } from "./object-name.ts";
import type { Service } from "./service.ts";
import { flag } from "./service.ts";

export interface StatusRequest {
  readonly service: "status";
  readonly extended: boolean;
}

export interface StatusResponse {
  readonly service: "status";
  /** stateChangesAllowed 0, noStateChangesAllowed 1, limitedServicesAllowed 2, supportServicesAllowed 3. */
  readonly logical: number;
  /** operational 0, partiallyOperational 1, inoperable 2, needsCommissioning 3. */
  readonly physical: number;
  readonly detail?: { readonly octets: Uint8Array; readonly length: number } | undefined;
}

export const status: Service<StatusRequest, StatusResponse> = {
  service: "status",
  requestTag: 0x80,
  responseTag: 0xa0,
  decodeRequest: (reader) => ({ service: "status", extended: reader.boolean() }),
  encodeRequest: (out, request) => void out.boolean(0x80, request.extended),
  decodeResponse(reader) {
    const inner = reader.inner();
    const logical = inner.expect(0x80, "a logical status").integer();
    const physical = inner.expect(0x81, "a physical status").integer();
    if (!inner.next()) return { service: "status", logical, physical };
    return { service: "status", logical, physical, detail: bitString(inner) };
  },
  encodeResponse(out, { logical, physical, detail }) {
    const mark = out.written;
    if (detail !== undefined) out.bits(0x82, detail.octets, detail.length);
    out.integer(0x81, physical).integer(0x80, logical).wrap(0xa0, mark);
  },
};

export interface IdentifyRequest {
  readonly service: "identify";
}

export interface IdentifyResponse {
  readonly service: "identify";
  readonly vendor: string;
  readonly model: string;
  readonly revision: string;
}

export const identify: Service<IdentifyRequest, IdentifyResponse> = {
  service: "identify",
  requestTag: 0x82,
  responseTag: 0xa2,
  decodeRequest: () => ({ service: "identify" }),
  encodeRequest: (out) => void out.null(0x82),
  decodeResponse(reader) {
    const inner = reader.inner();
    const vendor = inner.expect(0x80, "a vendor").latin1();
    const model = inner.expect(0x81, "a model").latin1();
    return { service: "identify", vendor, model, revision: inner.expect(0x82, "a revision").latin1() };
  },
  encodeResponse(out, { vendor, model, revision }) {
    const mark = out.written;
    out.latin1(0x82, revision).latin1(0x81, model).latin1(0x80, vendor).wrap(0xa2, mark);
  },
};

export interface CapabilityListRequest {
  readonly service: "getCapabilityList";
  readonly continueAfter?: string | undefined;
}

export interface CapabilityListResponse {
  readonly service: "getCapabilityList";
  readonly capabilities: readonly string[];
  readonly moreFollows: boolean;
}

export const capabilityList: Service<CapabilityListRequest, CapabilityListResponse> = {
  service: "getCapabilityList",
  requestTag: 0xbf47,
  responseTag: 0xbf47,
  decodeRequest(reader) {
    const inner = reader.inner();
    return { service: "getCapabilityList", ...(inner.next() ? { continueAfter: inner.latin1() } : {}) };
  },
  encodeRequest(out, { continueAfter }) {
    const mark = out.written;
    if (continueAfter !== undefined) out.latin1(IDENTIFIER, continueAfter);
    out.wrap(0xbf47, mark);
  },
  decodeResponse(reader) {
    const inner = reader.inner();
    const capabilities: string[] = [];
    const list = inner.expect(0x30, "capabilities").inner();
    while (list.next()) capabilities.push(list.latin1());
    return { service: "getCapabilityList", capabilities, moreFollows: flag(inner, 0x01, true) };
  },
  encodeResponse(out, { capabilities, moreFollows }) {
    const mark = out.written;
    if (!moreFollows) out.boolean(0x01, false);
    const list = out.written;
    for (const capability of capabilities.toReversed()) out.latin1(IDENTIFIER, capability);
    out.wrap(0x30, list).wrap(0xbf47, mark);
  },
};
