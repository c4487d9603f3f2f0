/**
 * xDLMS APDUs, bytes to values and back (A-XDR; Green Book 9.5). Ciphered ones are of the room security, those of associations of
 * acse.ts and initiate.ts; of any other tag, and of what is not the whole of one APDU, decoding throws a WireError.
 */
import type { Manner } from "#protocol/dlms/data/decode.ts";
import { Reader, WireError, Writer } from "#wire/cursor.ts";
import { readActionRequest, readActionResponse, writeActionRequest, writeActionResponse } from "./action.ts";
import type { Xdlms } from "./apdu.ts";
import { apduTags } from "./apdu-tags.ts";
import { readGeneralBlock, writeGeneralBlock } from "./general-block-transfer.ts";
import { readGetRequest, readGetResponse, writeGetRequest, writeGetResponse } from "./get.ts";
import {
  readDataNotification,
  readEventNotification,
  writeDataNotification,
  writeEventNotification,
} from "./notifications.ts";
import { readException, readServiceError, writeException, writeServiceError } from "./refusals.ts";
import { readSetRequest, readSetResponse, writeSetRequest, writeSetResponse } from "./set.ts";

function readXdlms(from: Reader, manner: Manner | undefined): Xdlms {
  const tag = from.u8();
  switch (tag) {
    case apduTags["get-request"]:
      return readGetRequest(from, manner);
    case apduTags["get-response"]:
      return readGetResponse(from, manner);
    case apduTags["set-request"]:
      return readSetRequest(from, manner);
    case apduTags["set-response"]:
      return readSetResponse(from);
    case apduTags["action-request"]:
      return readActionRequest(from, manner);
    case apduTags["action-response"]:
      return readActionResponse(from, manner);
    case apduTags["data-notification"]:
      return readDataNotification(from, manner);
    case apduTags["event-notification-request"]:
      return readEventNotification(from, manner);
    case apduTags["general-block-transfer"]:
      return readGeneralBlock(from);
    case apduTags["exception-response"]:
      return readException(from);
    case apduTags["confirmed-service-error"]:
      return readServiceError(from);
    default:
      throw new WireError(`0x${tag.toString(16).padStart(2, "0")} begins no APDU that is known here`, 0);
  }
}

/** Octet strings and blocks are views on `bytes`. */
export function decodeXdlms(bytes: Uint8Array, manner?: Manner): Xdlms {
  const from = new Reader(bytes);
  const apdu = readXdlms(from, manner);
  if (from.left > 0) throw new WireError(`${from.left} bytes behind the ${apdu.apdu}`, from.at);
  return apdu;
}

export function encodeXdlms(apdu: Xdlms): Uint8Array {
  const out = new Writer();
  switch (apdu.apdu) {
    case "get-request-normal":
    case "get-request-next":
    case "get-request-with-list":
      writeGetRequest(out.u8(apduTags["get-request"]), apdu);
      break;
    case "get-response-normal":
    case "get-response-with-datablock":
    case "get-response-with-list":
      writeGetResponse(out.u8(apduTags["get-response"]), apdu);
      break;
    case "set-request-normal":
    case "set-request-with-first-datablock":
    case "set-request-with-datablock":
    case "set-request-with-list":
    case "set-request-with-list-and-first-datablock":
      writeSetRequest(out.u8(apduTags["set-request"]), apdu);
      break;
    case "set-response-normal":
    case "set-response-datablock":
    case "set-response-last-datablock":
    case "set-response-last-datablock-with-list":
    case "set-response-with-list":
      writeSetResponse(out.u8(apduTags["set-response"]), apdu);
      break;
    case "action-request-normal":
    case "action-request-next-pblock":
    case "action-request-with-list":
    case "action-request-with-first-pblock":
    case "action-request-with-list-and-first-pblock":
    case "action-request-with-pblock":
      writeActionRequest(out.u8(apduTags["action-request"]), apdu);
      break;
    case "action-response-normal":
    case "action-response-with-pblock":
    case "action-response-with-list":
    case "action-response-next-pblock":
      writeActionResponse(out.u8(apduTags["action-response"]), apdu);
      break;
    case "data-notification":
      writeDataNotification(out.u8(apduTags["data-notification"]), apdu);
      break;
    case "event-notification-request":
      writeEventNotification(out.u8(apduTags["event-notification-request"]), apdu);
      break;
    case "general-block-transfer":
      writeGeneralBlock(out.u8(apduTags["general-block-transfer"]), apdu);
      break;
    case "exception-response":
      writeException(out.u8(apduTags["exception-response"]), apdu);
      break;
    case "confirmed-service-error":
      writeServiceError(out.u8(apduTags["confirmed-service-error"]), apdu);
      break;
  }
  return out.done();
}
