/** ACTION (Green Book 9.3.8, 9.4.6.5): one method or a list of them; parameters and what is returned at once or in blocks. */
import { WireError, Reader, Writer } from "#wire/cursor.ts";
import type { ActionAnswer, ActionRequest, Block, MethodReference } from "#protocol/dlms/apdu/apdu.ts";
import { writeAnswer } from "#protocol/dlms/apdu/action.ts";
import { alike, readList, writeList } from "#protocol/dlms/apdu/references.ts";
import { encodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import type { ActionResult } from "#protocol/dlms/cosem/object.ts";
import { nullData, type Data } from "#protocol/dlms/data/data.ts";
import { decodeData, readData } from "#protocol/dlms/data/decode.ts";
import { invokeMethod } from "./access.ts";
import type { Association } from "./association.ts";
import { blockRoom } from "./block-room.ts";
import { Inflow } from "./inflow.ts";
import { tooLong } from "./refusal.ts";

interface LongRequest {
  readonly methods: readonly MethodReference[];
  readonly isList: boolean;
  readonly inflow: Inflow;
}

/** What is returned in blocks: it has been made when its method was invoked, once. */
interface LongAnswer {
  readonly bytes: Uint8Array;
  sent: number;
  /** Of the block that was sent last. */
  number: number;
}

/** Tag, kind, invoke id, whether it is the last and the number. */
const HEAD_OF_BLOCK = 8;

export class ActionService {
  readonly #association: Association;
  #request: LongRequest | undefined;
  #answer: LongAnswer | undefined;

  constructor(association: Association) {
    this.#association = association;
  }

  /** Another request ends a long ACTION, without a word. */
  abort(): void {
    this.#request = undefined;
    this.#answer = undefined;
  }

  answer(request: ActionRequest, most: number): Uint8Array {
    const { invoke } = request;
    if (request.apdu === "action-request-next-pblock") return this.#next(invoke, request.block, most);
    if (request.apdu === "action-request-with-pblock") return this.#block(invoke, request.block, most);
    this.abort();
    switch (request.apdu) {
      case "action-request-normal":
        return this.#say(invoke, false, [this.#invoke(request.method, request.parameters)], most);
      case "action-request-with-list":
        return this.#say(invoke, true, this.#invokeList(request.methods, request.parameters), most);
      case "action-request-with-first-pblock":
        this.#request = { methods: [request.method], isList: false, inflow: new Inflow() };
        return this.#block(invoke, request.block, most);
      case "action-request-with-list-and-first-pblock":
        this.#request = { methods: request.methods, isList: true, inflow: new Inflow() };
        return this.#block(invoke, request.block, most);
    }
  }

  #invoke(method: MethodReference, parameters: Data = nullData): ActionAnswer {
    const { result, data } = invokeMethod(this.#association, method, parameters);
    return data === undefined ? { result } : { result, returned: { data } };
  }

  #invokeList(methods: readonly MethodReference[], parameters: readonly Data[]): readonly ActionAnswer[] {
    return methods.map((one, k) => this.#invoke(one, parameters[k]));
  }

  #block(invoke: number, block: Block, most: number): Uint8Array {
    const long = this.#request;
    const refuse = (result: ActionResult): Uint8Array => this.#say(invoke, false, [{ result }], most);
    if (long === undefined) return refuse("no-long-action-in-progress");
    const found = long.inflow.add(block);
    if (found === "more") return encodeXdlms({ apdu: "action-response-next-pblock", invoke, block: block.number });
    this.abort();
    if (typeof found === "string")
      return this.#say(
        invoke,
        long.isList,
        long.methods.map(() => ({ result: "long-action-aborted" })),
        most,
      );
    return this.#say(invoke, long.isList, this.#invokeWhole(long, found), most);
  }

  #invokeWhole({ methods, isList }: LongRequest, bytes: Uint8Array): readonly ActionAnswer[] {
    let parameters: readonly Data[];
    try {
      if (isList) {
        const from = new Reader(bytes);
        parameters = readList(from, 1, readData);
        alike(from, methods, parameters);
      } else parameters = [decodeData(bytes)];
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return methods.map(() => ({ result: "type-unmatched" }));
    }
    return this.#invokeList(methods, parameters);
  }

  /** At once where it fits, else its first block. */
  #say(invoke: number, isList: boolean, answers: readonly ActionAnswer[], most: number): Uint8Array {
    const whole = isList
      ? encodeXdlms({ apdu: "action-response-with-list", invoke, answers })
      : encodeXdlms({ apdu: "action-response-normal", invoke, answer: answers[0] ?? { result: "other-reason" } });
    if (whole.length <= most) return whole;
    if (!this.#association.conformance.has("block-transfer-with-action")) return tooLong();
    const out = new Writer();
    if (isList) writeList(out, answers, writeAnswer);
    else for (const answer of answers) writeAnswer(out, answer);
    this.#answer = { bytes: out.done(), sent: 0, number: 0 };
    return this.#nextBlock(invoke, this.#answer, most);
  }

  #next(invoke: number, block: number, most: number): Uint8Array {
    const answer = this.#answer;
    if (answer !== undefined && block === answer.number) return this.#nextBlock(invoke, answer, most);
    this.abort();
    const result = answer === undefined ? "no-long-action-in-progress" : "long-action-aborted";
    return encodeXdlms({ apdu: "action-response-normal", invoke, answer: { result } });
  }

  #nextBlock(invoke: number, answer: LongAnswer, most: number): Uint8Array {
    const end = Math.min(answer.bytes.length, answer.sent + blockRoom(most, HEAD_OF_BLOCK));
    const bytes = answer.bytes.subarray(answer.sent, end);
    const last = end === answer.bytes.length;
    answer.sent = end;
    answer.number++;
    if (last) this.abort();
    return encodeXdlms({ apdu: "action-response-with-pblock", invoke, block: { last, number: answer.number, bytes } });
  }
}
