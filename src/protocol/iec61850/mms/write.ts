/** Write (ISO 9506-2, 14.7). */
import { WireError } from "#wire/cursor.ts";
import type { Data } from "./data.ts";
import { decodeDataList, encodeDataList } from "./data-codec.ts";
import type { Service } from "./service.ts";
import type { VariableAccess } from "./variable-access.ts";
import { decodeVariableAccess, encodeVariableAccess } from "./variable-access.ts";

export interface WriteRequest {
  readonly service: "write";
  readonly access: VariableAccess;
  readonly values: readonly Data[];
}

export interface WriteResponse {
  readonly service: "write";
  /** Why each was not written (DataAccessError); undefined of one that was. */
  readonly results: readonly (number | undefined)[];
}

export const write: Service<WriteRequest, WriteResponse> = {
  service: "write",
  requestTag: 0xa5,
  responseTag: 0xa5,
  decodeRequest(reader) {
    const inner = reader.inner();
    if (!inner.next()) throw new WireError("a write of nothing", inner.at);
    const access = decodeVariableAccess(inner);
    return { service: "write", access, values: decodeDataList(inner.expect(0xa0, "data")) };
  },
  encodeRequest(out, { access, values }) {
    const mark = out.written;
    encodeDataList(out, 0xa0, values);
    encodeVariableAccess(out, access);
    out.wrap(0xa5, mark);
  },
  decodeResponse(reader) {
    const results: (number | undefined)[] = [];
    const list = reader.inner();
    while (list.next()) {
      if (list.tag !== 0x80 && list.tag !== 0x81)
        throw new WireError("a result that is neither success nor failure", list.from);
      results.push(list.tag === 0x80 ? list.unsigned() : undefined);
    }
    return { service: "write", results };
  },
  encodeResponse(out, { results }) {
    const mark = out.written;
    for (const result of results.toReversed()) {
      if (result === undefined) out.null(0x81);
      else out.integer(0x80, result);
    }
    out.wrap(0xa5, mark);
  },
};
