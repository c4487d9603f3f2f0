/** GetVariableAccessAttributes (ISO 9506-2, 14.8): what a variable is made of. */
import { WireError } from "#wire/cursor.ts";
import type { ObjectName, TypeDescription } from "./data.ts";
import { decodeNameWithin, encodeObjectName } from "./object-name.ts";
import type { Service } from "./service.ts";
import { decodeType, encodeType } from "./type-codec.ts";

export interface VariableAttributesRequest {
  readonly service: "getVariableAccessAttributes";
  readonly name: ObjectName;
}

export interface VariableAttributesResponse {
  readonly service: "getVariableAccessAttributes";
  readonly deletable: boolean;
  readonly type: TypeDescription;
}

export const variableAttributes: Service<VariableAttributesRequest, VariableAttributesResponse> = {
  service: "getVariableAccessAttributes",
  requestTag: 0xa6,
  responseTag: 0xa6,
  decodeRequest: (reader) => ({
    service: "getVariableAccessAttributes",
    name: decodeNameWithin(reader.inner().expect(0xa0, "the name of a variable")),
  }),
  encodeRequest(out, { name }) {
    const mark = out.written;
    encodeObjectName(out, name);
    out.wrap(0xa0, mark).wrap(0xa6, mark);
  },
  decodeResponse(reader) {
    const inner = reader.inner();
    const deletable = inner.expect(0x80, "whether it can be deleted").boolean();
    while (inner.next()) {
      // Between them its address may stand.
      if (inner.tag !== 0xa2) continue;
      const type = inner.inner();
      if (!type.next()) break;
      return { service: "getVariableAccessAttributes", deletable, type: decodeType(type) };
    }
    throw new WireError("a variable of no type", reader.from);
  },
  encodeResponse(out, { deletable, type }) {
    const mark = out.written;
    encodeType(out, type);
    out.wrap(0xa2, mark).boolean(0x80, deletable).wrap(0xa6, mark);
  },
};
