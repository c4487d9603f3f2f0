/** Named variable lists (ISO 9506-2, 14.11 to 14.13): what data sets are over MMS. */
import { WireError } from "#wire/cursor.ts";
import type { ObjectName } from "./data.ts";
import { decodeNameWithin, decodeObjectName, encodeObjectName } from "./object-name.ts";
import type { Service } from "./service.ts";
import type { Variable } from "./variable-access.ts";
import { decodeVariables, encodeVariables } from "./variable-access.ts";

export interface DefineListRequest {
  readonly service: "defineNamedVariableList";
  readonly name: ObjectName;
  readonly variables: readonly Variable[];
}

export interface DefineListResponse {
  readonly service: "defineNamedVariableList";
}

export const defineList: Service<DefineListRequest, DefineListResponse> = {
  service: "defineNamedVariableList",
  requestTag: 0xab,
  responseTag: 0x8b,
  decodeRequest(reader) {
    const inner = reader.inner();
    if (!inner.next()) throw new WireError("a list of no name", inner.at);
    const name = decodeObjectName(inner);
    return { service: "defineNamedVariableList", name, variables: decodeVariables(inner.expect(0xa0, "variables")) };
  },
  encodeRequest(out, { name, variables }) {
    const mark = out.written;
    encodeVariables(out, 0xa0, variables);
    encodeObjectName(out, name);
    out.wrap(0xab, mark);
  },
  decodeResponse: () => ({ service: "defineNamedVariableList" }),
  encodeResponse: (out) => void out.null(0x8b),
};

export interface ListAttributesRequest {
  readonly service: "getNamedVariableListAttributes";
  readonly name: ObjectName;
}

export interface ListAttributesResponse {
  readonly service: "getNamedVariableListAttributes";
  readonly deletable: boolean;
  readonly variables: readonly Variable[];
}

export const listAttributes: Service<ListAttributesRequest, ListAttributesResponse> = {
  service: "getNamedVariableListAttributes",
  requestTag: 0xac,
  responseTag: 0xac,
  decodeRequest: (reader) => ({ service: "getNamedVariableListAttributes", name: decodeNameWithin(reader) }),
  encodeRequest(out, { name }) {
    const mark = out.written;
    encodeObjectName(out, name);
    out.wrap(0xac, mark);
  },
  decodeResponse(reader) {
    const inner = reader.inner();
    const deletable = inner.expect(0x80, "whether it can be deleted").boolean();
    const variables = decodeVariables(inner.expect(0xa1, "variables"));
    return { service: "getNamedVariableListAttributes", deletable, variables };
  },
  encodeResponse(out, { deletable, variables }) {
    const mark = out.written;
    encodeVariables(out, 0xa1, variables);
    out.boolean(0x80, deletable).wrap(0xac, mark);
  },
};

/** scopeOfDelete, by its number. */
export const deleteScopes = ["specific", "association", "domain", "vmd"] as const;
export type DeleteScope = (typeof deleteScopes)[number];

export interface DeleteListRequest {
  readonly service: "deleteNamedVariableList";
  /** "specific" are those that are named. */
  readonly scope: DeleteScope;
  readonly names: readonly ObjectName[];
  /** Of scope "domain". */
  readonly domain?: string | undefined;
}

export interface DeleteListResponse {
  readonly service: "deleteNamedVariableList";
  /** Lists that there are of those, and of these how many are not there any more. */
  readonly matched: number;
  readonly deleted: number;
}

export const deleteList: Service<DeleteListRequest, DeleteListResponse> = {
  service: "deleteNamedVariableList",
  requestTag: 0xad,
  responseTag: 0xad,
  decodeRequest(reader) {
    const inner = reader.inner();
    let scope: DeleteScope | undefined = "specific";
    const names: ObjectName[] = [];
    let domain: string | undefined;
    while (inner.next()) {
      if (inner.tag === 0x80) scope = deleteScopes[inner.integer()];
      else if (inner.tag === 0x82) domain = inner.latin1();
      else if (inner.tag === 0xa1) {
        const list = inner.inner();
        while (list.next()) names.push(decodeObjectName(list));
      }
    }
    if (scope === undefined) throw new WireError("lists of no scope", reader.from);
    return { service: "deleteNamedVariableList", scope, names, ...(domain === undefined ? {} : { domain }) };
  },
  encodeRequest(out, { scope, names, domain }) {
    const mark = out.written;
    if (domain !== undefined) out.latin1(0x82, domain);
    if (scope === "specific") {
      const list = out.written;
      for (const name of names.toReversed()) encodeObjectName(out, name);
      out.wrap(0xa1, list);
    }
    out.integer(0x80, deleteScopes.indexOf(scope)).wrap(0xad, mark);
  },
  decodeResponse(reader) {
    const inner = reader.inner();
    const matched = inner.expect(0x80, "how many match").unsigned();
    return { service: "deleteNamedVariableList", matched, deleted: inner.expect(0x81, "how many are gone").unsigned() };
  },
  encodeResponse(out, { matched, deleted }) {
    const mark = out.written;
    out.integer(0x81, deleted).integer(0x80, matched).wrap(0xad, mark);
  },
};
