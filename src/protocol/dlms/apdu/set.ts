/** SET (Green Book 9.3.7, 9.5 "Set-Request", "Set-Response"): what follows the tags C1 and C5. */
import { readData, type Manner } from "#protocol/dlms/data/decode.ts";
import { writeData } from "#protocol/dlms/data/encode.ts";
import { WireError, type Reader, type Writer } from "#wire/cursor.ts";
import type { SetRequest, SetResponse } from "./apdu.ts";
import {
  alike,
  LEAST_SELECTED,
  readAccessResult,
  readBlock,
  readList,
  readSelectedAttribute,
  writeAccessResult,
  writeBlock,
  writeList,
  writeSelectedAttribute,
} from "./references.ts";

const requestKinds = {
  "set-request-normal": 1,
  "set-request-with-first-datablock": 2,
  "set-request-with-datablock": 3,
  "set-request-with-list": 4,
  "set-request-with-list-and-first-datablock": 5,
} as const;
const responseKinds = {
  "set-response-normal": 1,
  "set-response-datablock": 2,
  "set-response-last-datablock": 3,
  "set-response-last-datablock-with-list": 4,
  "set-response-with-list": 5,
} as const;

/** Strict: a server judges by it. A list has as many values as attributes. */
export function readSetRequest(from: Reader, manner?: Manner): SetRequest {
  const { at } = from;
  const kind = from.u8();
  const invoke = from.u8();
  const readOne = (): ReturnType<typeof readSelectedAttribute> => readSelectedAttribute(from, manner);
  switch (kind) {
    case requestKinds["set-request-normal"]:
      return { apdu: "set-request-normal", invoke, attribute: readOne(), value: readData(from, manner) };
    case requestKinds["set-request-with-first-datablock"]:
      return { apdu: "set-request-with-first-datablock", invoke, attribute: readOne(), block: readBlock(from) };
    case requestKinds["set-request-with-datablock"]:
      return { apdu: "set-request-with-datablock", invoke, block: readBlock(from) };
    case requestKinds["set-request-with-list"]: {
      const attributes = readList(from, LEAST_SELECTED, readOne);
      const values = readList(from, 1, () => readData(from, manner));
      alike(from, attributes, values);
      return { apdu: "set-request-with-list", invoke, attributes, values };
    }
    case requestKinds["set-request-with-list-and-first-datablock"]: {
      const attributes = readList(from, LEAST_SELECTED, readOne);
      return { apdu: "set-request-with-list-and-first-datablock", invoke, attributes, block: readBlock(from) };
    }
    default:
      throw new WireError(`there is no Set-Request ${kind}`, at);
  }
}

export function writeSetRequest(out: Writer, request: SetRequest): void {
  out.u8(requestKinds[request.apdu]).u8(request.invoke);
  switch (request.apdu) {
    case "set-request-normal":
      writeSelectedAttribute(out, request.attribute);
      return writeData(out, request.value);
    case "set-request-with-first-datablock":
      writeSelectedAttribute(out, request.attribute);
      return writeBlock(out, request.block);
    case "set-request-with-datablock":
      return writeBlock(out, request.block);
    case "set-request-with-list":
      writeList(out, request.attributes, writeSelectedAttribute);
      return writeList(out, request.values, writeData);
    case "set-request-with-list-and-first-datablock":
      writeList(out, request.attributes, writeSelectedAttribute);
      return writeBlock(out, request.block);
  }
}

/** Strict. */
export function readSetResponse(from: Reader): SetResponse {
  const { at } = from;
  const kind = from.u8();
  const invoke = from.u8();
  switch (kind) {
    case responseKinds["set-response-normal"]:
      return { apdu: "set-response-normal", invoke, result: readAccessResult(from) };
    case responseKinds["set-response-datablock"]:
      return { apdu: "set-response-datablock", invoke, block: from.u32() };
    case responseKinds["set-response-last-datablock"]:
      return { apdu: "set-response-last-datablock", invoke, result: readAccessResult(from), block: from.u32() };
    case responseKinds["set-response-last-datablock-with-list"]: {
      const results = readList(from, 1, readAccessResult);
      return { apdu: "set-response-last-datablock-with-list", invoke, results, block: from.u32() };
    }
    case responseKinds["set-response-with-list"]:
      return { apdu: "set-response-with-list", invoke, results: readList(from, 1, readAccessResult) };
    default:
      throw new WireError(`there is no Set-Response ${kind}`, at);
  }
}

export function writeSetResponse(out: Writer, response: SetResponse): void {
  out.u8(responseKinds[response.apdu]).u8(response.invoke);
  switch (response.apdu) {
    case "set-response-normal":
      return writeAccessResult(out, response.result);
    case "set-response-datablock":
      out.u32(response.block);
      return;
    case "set-response-last-datablock":
      writeAccessResult(out, response.result);
      out.u32(response.block);
      return;
    case "set-response-last-datablock-with-list":
      writeList(out, response.results, writeAccessResult);
      out.u32(response.block);
      return;
    case "set-response-with-list":
      return writeList(out, response.results, writeAccessResult);
  }
}
