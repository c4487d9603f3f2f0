/** Read (ISO 9506-2, 14.6): values of variables, or of those in a list. */
import { WireError } from "#wire/cursor.ts";
import type { Service } from "./service.ts";
import type { AccessResult, VariableAccess } from "./variable-access.ts";
import { decodeResults, decodeVariableAccess, encodeResults, encodeVariableAccess } from "./variable-access.ts";

export interface ReadRequest {
  readonly service: "read";
  /** Whether the response says what was read, too. */
  readonly withSpecification: boolean;
  readonly access: VariableAccess;
}

export interface ReadResponse {
  readonly service: "read";
  readonly access?: VariableAccess | undefined;
  readonly results: readonly AccessResult[];
}

export const read: Service<ReadRequest, ReadResponse> = {
  service: "read",
  requestTag: 0xa4,
  responseTag: 0xa4,
  decodeRequest(reader) {
    const inner = reader.inner();
    let withSpecification = false;
    while (inner.next()) {
      if (inner.tag === 0x80) {
        withSpecification = inner.boolean();
        continue;
      }
      if (inner.tag !== 0xa1) break;
      const access = inner.inner();
      if (!access.next()) break;
      return { service: "read", withSpecification, access: decodeVariableAccess(access) };
    }
    throw new WireError("a read of nothing", reader.from);
  },
  encodeRequest(out, { withSpecification, access }) {
    const mark = out.written;
    encodeVariableAccess(out, access);
    out.wrap(0xa1, mark);
    if (withSpecification) out.boolean(0x80, true);
    out.wrap(0xa4, mark);
  },
  decodeResponse(reader) {
    const inner = reader.inner();
    if (!inner.next()) throw new WireError("a response of no results", inner.at);
    if (inner.tag === 0xa1) return { service: "read", results: decodeResults(inner) };
    if (inner.tag !== 0xa0) throw new WireError("a response that is neither results nor what was read", inner.from);
    const within = inner.inner();
    if (!within.next()) throw new WireError("nothing that was read", within.at);
    const access = decodeVariableAccess(within);
    return { service: "read", access, results: decodeResults(inner.expect(0xa1, "results")) };
  },
  encodeResponse(out, { access, results }) {
    const mark = out.written;
    encodeResults(out, 0xa1, results);
    if (access !== undefined) {
      const before = out.written;
      encodeVariableAccess(out, access);
      out.wrap(0xa0, before);
    }
    out.wrap(0xa4, mark);
  },
};
