/** ACTION (Green Book 9.3.8, 9.5 "Action-Request", "Action-Response"): what follows the tags C3 and C7. */
import { readData, type Manner } from "#protocol/dlms/data/decode.ts";
import { writeData } from "#protocol/dlms/data/encode.ts";
import { WireError, type Reader, type Writer } from "#wire/cursor.ts";
import type { ActionAnswer, ActionRequest, ActionResponse } from "./apdu.ts";
import {
  alike,
  LEAST_METHOD,
  readActionResult,
  readBlock,
  readFlag,
  readGetResult,
  readList,
  readMethod,
  writeActionResult,
  writeBlock,
  writeFlag,
  writeGetResult,
  writeList,
  writeMethod,
} from "./references.ts";

const requestKinds = {
  "action-request-normal": 1,
  "action-request-next-pblock": 2,
  "action-request-with-list": 3,
  "action-request-with-first-pblock": 4,
  "action-request-with-list-and-first-pblock": 5,
  "action-request-with-pblock": 6,
} as const;
const responseKinds = {
  "action-response-normal": 1,
  "action-response-with-pblock": 2,
  "action-response-with-list": 3,
  "action-response-next-pblock": 4,
} as const;

/** Strict: a server judges by it. A list has as many parameters as methods. */
export function readActionRequest(from: Reader, manner?: Manner): ActionRequest {
  const { at } = from;
  const kind = from.u8();
  const invoke = from.u8();
  switch (kind) {
    case requestKinds["action-request-normal"]: {
      const method = readMethod(from);
      const parameters = readFlag(from) ? { parameters: readData(from, manner) } : {};
      return { apdu: "action-request-normal", invoke, method, ...parameters };
    }
    case requestKinds["action-request-next-pblock"]:
      return { apdu: "action-request-next-pblock", invoke, block: from.u32() };
    case requestKinds["action-request-with-list"]: {
      const methods = readList(from, LEAST_METHOD, readMethod);
      const parameters = readList(from, 1, () => readData(from, manner));
      alike(from, methods, parameters);
      return { apdu: "action-request-with-list", invoke, methods, parameters };
    }
    case requestKinds["action-request-with-first-pblock"]:
      return { apdu: "action-request-with-first-pblock", invoke, method: readMethod(from), block: readBlock(from) };
    case requestKinds["action-request-with-list-and-first-pblock"]: {
      const methods = readList(from, LEAST_METHOD, readMethod);
      return { apdu: "action-request-with-list-and-first-pblock", invoke, methods, block: readBlock(from) };
    }
    case requestKinds["action-request-with-pblock"]:
      return { apdu: "action-request-with-pblock", invoke, block: readBlock(from) };
    default:
      throw new WireError(`there is no Action-Request ${kind}`, at);
  }
}

export function writeActionRequest(out: Writer, request: ActionRequest): void {
  out.u8(requestKinds[request.apdu]).u8(request.invoke);
  switch (request.apdu) {
    case "action-request-normal":
      writeMethod(out, request.method);
      writeFlag(out, request.parameters !== undefined);
      if (request.parameters !== undefined) writeData(out, request.parameters);
      return;
    case "action-request-next-pblock":
      out.u32(request.block);
      return;
    case "action-request-with-list":
      writeList(out, request.methods, writeMethod);
      return writeList(out, request.parameters, writeData);
    case "action-request-with-first-pblock":
      writeMethod(out, request.method);
      return writeBlock(out, request.block);
    case "action-request-with-list-and-first-pblock":
      writeList(out, request.methods, writeMethod);
      return writeBlock(out, request.block);
    case "action-request-with-pblock":
      return writeBlock(out, request.block);
  }
}

function readAnswer(from: Reader, manner?: Manner): ActionAnswer {
  const result = readActionResult(from);
  return readFlag(from) ? { result, returned: readGetResult(from, manner) } : { result };
}

export function writeAnswer(out: Writer, { result, returned }: ActionAnswer): void {
  writeActionResult(out, result);
  writeFlag(out, returned !== undefined);
  if (returned !== undefined) writeGetResult(out, returned);
}

/** Lenient in one thing: servers are about that end a refusal without the byte that says that nothing is returned (C7 01 iv 04). */
export function readActionResponse(from: Reader, manner?: Manner): ActionResponse {
  const { at } = from;
  const kind = from.u8();
  const invoke = from.u8();
  switch (kind) {
    case responseKinds["action-response-normal"]: {
      if (from.left === 1)
        return { apdu: "action-response-normal", invoke, answer: { result: readActionResult(from) } };
      return { apdu: "action-response-normal", invoke, answer: readAnswer(from, manner) };
    }
    case responseKinds["action-response-with-pblock"]:
      return { apdu: "action-response-with-pblock", invoke, block: readBlock(from) };
    case responseKinds["action-response-with-list"]: {
      const answers = readList(from, 2, () => readAnswer(from, manner));
      return { apdu: "action-response-with-list", invoke, answers };
    }
    case responseKinds["action-response-next-pblock"]:
      return { apdu: "action-response-next-pblock", invoke, block: from.u32() };
    default:
      throw new WireError(`there is no Action-Response ${kind}`, at);
  }
}

export function writeActionResponse(out: Writer, response: ActionResponse): void {
  out.u8(responseKinds[response.apdu]).u8(response.invoke);
  switch (response.apdu) {
    case "action-response-normal":
      return writeAnswer(out, response.answer);
    case "action-response-with-pblock":
      return writeBlock(out, response.block);
    case "action-response-with-list":
      return writeList(out, response.answers, writeAnswer);
    case "action-response-next-pblock":
      out.u32(response.block);
      return;
  }
}
