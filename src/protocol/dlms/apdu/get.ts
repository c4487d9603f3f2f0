/** GET (Green Book 9.3.6, 9.5 "Get-Request", "Get-Response"): what follows the tags C0 and C4. */
import type { Manner } from "#protocol/dlms/data/decode.ts";
import { WireError, type Reader, type Writer } from "#wire/cursor.ts";
import type { GetRequest, GetResponse } from "./apdu.ts";
import {
  LEAST_SELECTED,
  readAccessResult,
  readChoice,
  readFlag,
  readGetResult,
  readList,
  readOctets,
  readSelectedAttribute,
  writeAccessResult,
  writeFlag,
  writeGetResult,
  writeList,
  writeOctets,
  writeSelectedAttribute,
} from "./references.ts";

const requestKinds = { "get-request-normal": 1, "get-request-next": 2, "get-request-with-list": 3 } as const;
const responseKinds = {
  "get-response-normal": 1,
  "get-response-with-datablock": 2,
  "get-response-with-list": 3,
} as const;

/** Strict: a server judges by it. */
export function readGetRequest(from: Reader, manner?: Manner): GetRequest {
  const { at } = from;
  const kind = from.u8();
  const invoke = from.u8();
  switch (kind) {
    case requestKinds["get-request-normal"]:
      return { apdu: "get-request-normal", invoke, attribute: readSelectedAttribute(from, manner) };
    case requestKinds["get-request-next"]:
      return { apdu: "get-request-next", invoke, block: from.u32() };
    case requestKinds["get-request-with-list"]: {
      const attributes = readList(from, LEAST_SELECTED, () => readSelectedAttribute(from, manner));
      return { apdu: "get-request-with-list", invoke, attributes };
    }
    default:
      throw new WireError(`there is no Get-Request ${kind}`, at);
  }
}

export function writeGetRequest(out: Writer, request: GetRequest): void {
  out.u8(requestKinds[request.apdu]).u8(request.invoke);
  switch (request.apdu) {
    case "get-request-normal":
      return writeSelectedAttribute(out, request.attribute);
    case "get-request-next":
      out.u32(request.block);
      return;
    case "get-request-with-list":
      return writeList(out, request.attributes, writeSelectedAttribute);
  }
}

/** Strict, so that what an answer did not say is never made up. */
export function readGetResponse(from: Reader, manner?: Manner): GetResponse {
  const { at } = from;
  const kind = from.u8();
  const invoke = from.u8();
  switch (kind) {
    case responseKinds["get-response-normal"]:
      return { apdu: "get-response-normal", invoke, result: readGetResult(from, manner) };
    case responseKinds["get-response-with-datablock"]: {
      const last = readFlag(from);
      const number = from.u32();
      const isRaw = readChoice(from, "DataBlock-G") === 0;
      const result = isRaw ? { bytes: readOctets(from) } : { denied: readAccessResult(from) };
      return { apdu: "get-response-with-datablock", invoke, last, number, result };
    }
    case responseKinds["get-response-with-list"]:
      return { apdu: "get-response-with-list", invoke, results: readList(from, 2, () => readGetResult(from, manner)) };
    default:
      throw new WireError(`there is no Get-Response ${kind}`, at);
  }
}

export function writeGetResponse(out: Writer, response: GetResponse): void {
  out.u8(responseKinds[response.apdu]).u8(response.invoke);
  switch (response.apdu) {
    case "get-response-normal":
      return writeGetResult(out, response.result);
    case "get-response-with-datablock": {
      const { last, number, result } = response;
      writeFlag(out, last).u32(number);
      if ("bytes" in result) writeOctets(out.u8(0), result.bytes);
      else writeAccessResult(out.u8(1), result.denied);
      return;
    }
    case "get-response-with-list":
      return writeList(out, response.results, writeGetResult);
  }
}
