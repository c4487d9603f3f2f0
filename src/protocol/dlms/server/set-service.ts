/** SET (Green Book 9.3.7, 9.4.6.4): one attribute or a list of them, at once or in blocks. */
import { WireError, Reader } from "#wire/cursor.ts";
import type { AttributeReference, Block, SetRequest } from "#protocol/dlms/apdu/apdu.ts";
import { alike, readList } from "#protocol/dlms/apdu/references.ts";
import { encodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import type { AccessResult } from "#protocol/dlms/cosem/object.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import { decodeData, readData } from "#protocol/dlms/data/decode.ts";
import { setAll, setAttribute } from "./access.ts";
import type { Association } from "./association.ts";
import { Inflow } from "./inflow.ts";

interface LongSet {
  readonly attributes: readonly AttributeReference[];
  readonly isList: boolean;
  readonly inflow: Inflow;
}

/** Why a block ends a long SET before its time. */
const ends = { "out of order": "data-block-number-invalid", "too long": "long-set-aborted" } as const;

export class SetService {
  readonly #association: Association;
  #long: LongSet | undefined;

  constructor(association: Association) {
    this.#association = association;
  }

  /** Another request ends a long SET, without a word; nothing has been set. */
  abort(): void {
    this.#long = undefined;
  }

  answer(request: SetRequest): Uint8Array {
    const { invoke } = request;
    if (request.apdu === "set-request-with-datablock") return this.#block(invoke, request.block);
    this.abort();
    switch (request.apdu) {
      case "set-request-normal":
        return encodeXdlms({
          apdu: "set-response-normal",
          invoke,
          result: this.#set(request.attribute, request.value),
        });
      case "set-request-with-list": {
        const results = this.#setList(request.attributes, request.values);
        return encodeXdlms({ apdu: "set-response-with-list", invoke, results });
      }
      case "set-request-with-first-datablock":
        this.#long = { attributes: [request.attribute], isList: false, inflow: new Inflow() };
        return this.#block(invoke, request.block);
      case "set-request-with-list-and-first-datablock":
        this.#long = { attributes: request.attributes, isList: true, inflow: new Inflow() };
        return this.#block(invoke, request.block);
    }
  }

  #set(attribute: AttributeReference, value: Data): AccessResult {
    if (attribute.attribute !== 0) return setAttribute(this.#association, attribute, value);
    if (!this.#association.conformance.has("attribute0-supported-with-set")) return "read-write-denied";
    return setAll(this.#association, attribute, value);
  }

  #setList(attributes: readonly AttributeReference[], values: readonly Data[]): readonly AccessResult[] {
    return attributes.map((one, k) => {
      const value = values[k];
      return value === undefined ? "type-unmatched" : this.#set(one, value);
    });
  }

  #block(invoke: number, block: Block): Uint8Array {
    const long = this.#long;
    const { number } = block;
    if (long === undefined)
      return encodeXdlms({
        apdu: "set-response-last-datablock",
        invoke,
        result: "no-long-set-in-progress",
        block: number,
      });
    const found = long.inflow.add(block);
    if (found === "more") return encodeXdlms({ apdu: "set-response-datablock", invoke, block: number });
    this.abort();
    if (typeof found === "string")
      return this.#end(
        invoke,
        number,
        long,
        long.attributes.map(() => ends[found]),
      );
    return this.#end(invoke, number, long, this.#setWhole(long, found));
  }

  #setWhole({ attributes, isList }: LongSet, bytes: Uint8Array): readonly AccessResult[] {
    try {
      if (!isList) return this.#setList(attributes, [decodeData(bytes)]);
      const from = new Reader(bytes);
      const values = readList(from, 1, readData);
      alike(from, attributes, values);
      return this.#setList(attributes, values);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return attributes.map(() => "type-unmatched");
    }
  }

  #end(invoke: number, block: number, { isList }: LongSet, results: readonly AccessResult[]): Uint8Array {
    if (isList) return encodeXdlms({ apdu: "set-response-last-datablock-with-list", invoke, results, block });
    return encodeXdlms({ apdu: "set-response-last-datablock", invoke, result: results[0] ?? "other-reason", block });
  }
}
