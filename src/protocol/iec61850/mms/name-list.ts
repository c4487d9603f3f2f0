/** GetNameList (ISO 9506-2, 12.3): names of a class of objects, in pages. */
import { WireError } from "#wire/cursor.ts";
import { IDENTIFIER } from "./object-name.ts";
import type { Service } from "./service.ts";
import { flag } from "./service.ts";

/** ObjectClass: those that IEC 61850 has. */
export const objectClasses = { namedVariable: 0, namedVariableList: 2, journal: 8, domain: 9 } as const;

export interface NameListRequest {
  readonly service: "getNameList";
  readonly objectClass: number;
  readonly scope: "vmd" | "domain" | "association";
  /** Of scope "domain". */
  readonly domain?: string | undefined;
  readonly continueAfter?: string | undefined;
}

export interface NameListResponse {
  readonly service: "getNameList";
  readonly names: readonly string[];
  readonly moreFollows: boolean;
}

export const nameList: Service<NameListRequest, NameListResponse> = {
  service: "getNameList",
  requestTag: 0xa1,
  responseTag: 0xa1,
  decodeRequest(reader) {
    const inner = reader.inner();
    const objectClass = inner.expect(0xa0, "a class of objects").inner().expect(0x80, "a basic class").integer();
    const within = inner.expect(0xa1, "where the objects are").inner();
    if (!within.next() || within.tag < 0x80 || within.tag > 0x82)
      throw new WireError("objects of no scope", within.from);
    const scope = within.tag === 0x80 ? "vmd" : within.tag === 0x81 ? "domain" : "association";
    return {
      service: "getNameList",
      objectClass,
      scope,
      ...(scope === "domain" ? { domain: within.latin1() } : {}),
      ...(inner.next() ? { continueAfter: inner.latin1() } : {}),
    };
  },
  encodeRequest(out, { objectClass, scope, domain, continueAfter }) {
    const mark = out.written;
    if (continueAfter !== undefined) out.latin1(0x82, continueAfter);
    const before = out.written;
    if (scope === "domain") out.latin1(0x81, domain ?? "");
    else out.null(scope === "vmd" ? 0x80 : 0x82);
    out.wrap(0xa1, before);
    const classMark = out.written;
    out.integer(0x80, objectClass).wrap(0xa0, classMark).wrap(0xa1, mark);
  },
  decodeResponse(reader) {
    const inner = reader.inner();
    const names: string[] = [];
    const list = inner.expect(0xa0, "names").inner();
    while (list.next()) names.push(list.latin1());
    return { service: "getNameList", names, moreFollows: flag(inner, 0x81, true) };
  },
  encodeResponse(out, { names, moreFollows }) {
    const mark = out.written;
    // True is what it is where it is not there.
    if (!moreFollows) out.boolean(0x81, false);
    const list = out.written;
    for (const name of names.toReversed()) out.latin1(IDENTIFIER, name);
    out.wrap(0xa0, list).wrap(0xa1, mark);
  },
};
