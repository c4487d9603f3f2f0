/** The services of an association: which of them were agreed, and who answers what (Green Book 9.3, 9.4.6). */
import { decodeAccessRequest } from "#protocol/dlms/apdu/access.ts";
import type { ActionRequest, GetRequest, SetRequest, Xdlms } from "#protocol/dlms/apdu/apdu.ts";
import type { Service } from "#protocol/dlms/cosem/logical-device.ts";
import { answerAccess } from "./access-service.ts";
import { ActionService } from "./action-service.ts";
import type { Association } from "./association.ts";
import { GetService } from "./get-service.ts";
import { notAgreed, unknownService } from "./refusal.ts";
import { SetService } from "./set-service.ts";

type Request = GetRequest | SetRequest | ActionRequest;

/** What has to be agreed for each. */
const needed: Readonly<Record<Request["apdu"], readonly Service[]>> = {
  "get-request-normal": ["get"],
  "get-request-next": ["get", "block-transfer-with-get-or-read"],
  "get-request-with-list": ["get", "multiple-references"],
  "set-request-normal": ["set"],
  "set-request-with-first-datablock": ["set", "block-transfer-with-set-or-write"],
  "set-request-with-datablock": ["set", "block-transfer-with-set-or-write"],
  "set-request-with-list": ["set", "multiple-references"],
  "set-request-with-list-and-first-datablock": ["set", "block-transfer-with-set-or-write", "multiple-references"],
  "action-request-normal": ["action"],
  "action-request-next-pblock": ["action", "block-transfer-with-action"],
  "action-request-with-list": ["action", "multiple-references"],
  "action-request-with-first-pblock": ["action", "block-transfer-with-action"],
  "action-request-with-list-and-first-pblock": ["action", "block-transfer-with-action", "multiple-references"],
  "action-request-with-pblock": ["action", "block-transfer-with-action"],
};

/** Bit 6 of Invoke-Id-And-Priority: an answer is wanted. */
const CONFIRMED = 0x40;

export function isRequest(apdu: Xdlms): apdu is Request {
  return apdu.apdu in needed;
}

function isGet(request: Request): request is GetRequest {
  return request.apdu.startsWith("get-");
}

function isSet(request: Request): request is SetRequest {
  return request.apdu.startsWith("set-");
}

/** One request at a time: what another had begun is over. */
export class Services {
  readonly #association: Association;
  readonly #get: GetService;
  readonly #set: SetService;
  readonly #action: ActionService;

  constructor(association: Association) {
    this.#association = association;
    this.#get = new GetService(association);
    this.#set = new SetService(association);
    this.#action = new ActionService(association);
  }

  /** In an APDU of `most` bytes at most; undefined of what wants no answer. */
  answer(request: Xdlms, most: number): Uint8Array | undefined {
    if (!isRequest(request)) return unknownService();
    const isConfirmed = (request.invoke & CONFIRMED) !== 0;
    const answer = this.#answer(request, most, isConfirmed);
    return isConfirmed ? answer : undefined;
  }

  /** ACCESS, which is no more than one APDU. */
  answerAccess(apdu: Uint8Array, most: number): Uint8Array | undefined {
    if (!this.#association.conformance.has("access")) return notAgreed();
    const request = decodeAccessRequest(apdu);
    this.#get.abort();
    this.#set.abort();
    this.#action.abort();
    return answerAccess(this.#association, request, most);
  }

  #answer(request: Request, most: number, isConfirmed: boolean): Uint8Array | undefined {
    const { conformance } = this.#association;
    if (!needed[request.apdu].every((one) => conformance.has(one))) return notAgreed();
    if (isGet(request)) {
      this.#set.abort();
      this.#action.abort();
      // Who wants no answer to a GET wants nothing.
      return isConfirmed ? this.#get.answer(request, most) : undefined;
    }
    this.#get.abort();
    if (isSet(request)) {
      this.#action.abort();
      return this.#set.answer(request);
    }
    this.#set.abort();
    return this.#action.answer(request, most);
  }
}
