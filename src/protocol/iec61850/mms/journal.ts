/** Journals (ISO 9506-2, 20): what logs are over MMS. */
import type { BerReader, BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import type { Data, ObjectName } from "./data.ts";
import { decodeData, encodeData } from "./data-codec.ts";
import { decodeNameWithin, encodeObjectName, IDENTIFIER } from "./object-name.ts";
import type { Service } from "./service.ts";
import { flag } from "./service.ts";

/** Where in a journal: a time of day and date (six octets), an entry, or both of it. */
export interface JournalPlace {
  readonly time?: Uint8Array | undefined;
  readonly entry?: Uint8Array | undefined;
}

export interface ReadJournalRequest {
  readonly service: "readJournal";
  readonly name: ObjectName;
  readonly from?: JournalPlace | undefined;
  /** The last: until a time, or so many entries. */
  readonly until?: { readonly time: Uint8Array } | { readonly entries: number } | undefined;
  readonly variables?: readonly string[] | undefined;
  readonly after?: JournalPlace | undefined;
}

export interface JournalEntry {
  readonly id: Uint8Array;
  /** Who made it (ApplicationReference), as it lies in BER: the content of its element. */
  readonly origin: Uint8Array;
  /** A time of day and date (six octets). */
  readonly time: Uint8Array;
  readonly variables: readonly { readonly tag: string; readonly value: Data }[];
}

export interface ReadJournalResponse {
  readonly service: "readJournal";
  readonly entries: readonly JournalEntry[];
  readonly moreFollows: boolean;
}

export const readJournal: Service<ReadJournalRequest, ReadJournalResponse> = {
  service: "readJournal",
  requestTag: 0xbf41,
  responseTag: 0xbf41,
  decodeRequest(reader) {
    const inner = reader.inner();
    const name = decodeNameWithin(inner.expect(0xa0, "the name of a journal"));
    let request: ReadJournalRequest = { service: "readJournal", name };
    while (inner.next()) {
      if (inner.tag === 0xa1) request = { ...request, from: place(inner.inner()) };
      else if (inner.tag === 0xa2) request = { ...request, until: end(inner.inner()) };
      else if (inner.tag === 0xa4) request = { ...request, variables: texts(inner.inner()) };
      else if (inner.tag === 0xa5) request = { ...request, after: place(inner.inner()) };
    }
    return request;
  },
  encodeRequest(out, { name, from, until, variables, after }) {
    const mark = out.written;
    if (after !== undefined) encodePlace(out, 0xa5, after);
    if (variables !== undefined) {
      const list = out.written;
      for (const variable of variables.toReversed()) out.latin1(IDENTIFIER, variable);
      out.wrap(0xa4, list);
    }
    const endMark = out.written;
    if (until !== undefined) {
      if ("time" in until) out.octets(0x80, until.time);
      else out.integer(0x81, until.entries);
      out.wrap(0xa2, endMark);
    }
    if (from !== undefined) encodePlace(out, 0xa1, from);
    const before = out.written;
    encodeObjectName(out, name);
    out.wrap(0xa0, before).wrap(0xbf41, mark);
  },
  decodeResponse(reader) {
    const inner = reader.inner();
    const entries: JournalEntry[] = [];
    const list = inner.expect(0xa0, "entries").inner();
    while (list.at < list.end) entries.push(decodeEntry(list.expect(0x30, "an entry").inner()));
    return { service: "readJournal", entries, moreFollows: flag(inner, 0x81, false) };
  },
  encodeResponse(out, { entries, moreFollows }) {
    const mark = out.written;
    if (moreFollows) out.boolean(0x81, true);
    const list = out.written;
    for (const entry of entries.toReversed()) encodeEntry(out, entry);
    out.wrap(0xa0, list).wrap(0xbf41, mark);
  },
};

function place(inner: BerReader): JournalPlace {
  let time: Uint8Array | undefined;
  let entry: Uint8Array | undefined;
  while (inner.next()) {
    if (inner.tag === 0x80) time = inner.content().slice();
    else if (inner.tag === 0x81) entry = inner.content().slice();
  }
  return { ...(time === undefined ? {} : { time }), ...(entry === undefined ? {} : { entry }) };
}

function encodePlace(out: BerWriter, tag: number, { time, entry }: JournalPlace): void {
  const mark = out.written;
  if (entry !== undefined) out.octets(0x81, entry);
  if (time !== undefined) out.octets(0x80, time);
  out.wrap(tag, mark);
}

function end(inner: BerReader): { time: Uint8Array } | { entries: number } {
  if (!inner.next() || inner.tag < 0x80 || inner.tag > 0x81) throw new WireError("an end that is none", inner.from);
  return inner.tag === 0x80 ? { time: inner.content().slice() } : { entries: inner.integer() };
}

function texts(inner: BerReader): string[] {
  const all: string[] = [];
  while (inner.next()) all.push(inner.latin1());
  return all;
}

function decodeEntry(inner: BerReader): JournalEntry {
  const id = inner.expect(0x80, "the identifier of an entry").content().slice();
  const origin = inner.expect(0xa1, "who made an entry").content().slice();
  const content = inner.expect(0xa2, "the content of an entry").inner();
  const time = content.expect(0x80, "the time of an entry").content().slice();
  const variables: { tag: string; value: Data }[] = [];
  while (content.next()) {
    if (content.tag !== 0xa2) continue;
    const form = content.inner();
    while (form.next()) {
      if (form.tag !== 0xa1) continue;
      const list = form.inner();
      while (list.at < list.end) {
        const one = list.expect(0x30, "a variable of an entry").inner();
        const tag = one.expect(0x80, "the tag of a variable").latin1();
        const value = one.expect(0xa1, "the value of a variable").inner();
        if (!value.next()) throw new WireError("a variable of no value", value.at);
        variables.push({ tag, value: decodeData(value) });
      }
    }
  }
  return { id, origin, time, variables };
}

function encodeEntry(out: BerWriter, { id, origin, time, variables }: JournalEntry): void {
  const mark = out.written;
  for (const { tag, value } of variables.toReversed()) {
    const start = out.written;
    encodeData(out, value);
    out.wrap(0xa1, start).latin1(0x80, tag).wrap(0x30, start);
  }
  out.wrap(0xa1, mark).wrap(0xa2, mark).octets(0x80, time).wrap(0xa2, mark);
  out.octets(0xa1, origin).octets(0x80, id).wrap(0x30, mark);
}

export interface InitializeJournalRequest {
  readonly service: "initializeJournal";
  readonly name: ObjectName;
  /** Entries until this place; undefined of all. */
  readonly until?: JournalPlace | undefined;
}

export interface InitializeJournalResponse {
  readonly service: "initializeJournal";
  /** Entries that are not there any more. */
  readonly deleted: number;
}

export const initializeJournal: Service<InitializeJournalRequest, InitializeJournalResponse> = {
  service: "initializeJournal",
  requestTag: 0xbf43,
  responseTag: 0x9f43,
  decodeRequest(reader) {
    const inner = reader.inner();
    const name = decodeNameWithin(inner.expect(0xa0, "the name of a journal"));
    return { service: "initializeJournal", name, ...(inner.next() ? { until: place(inner.inner()) } : {}) };
  },
  encodeRequest(out, { name, until }) {
    const mark = out.written;
    if (until !== undefined) encodePlace(out, 0xa1, until);
    const before = out.written;
    encodeObjectName(out, name);
    out.wrap(0xa0, before).wrap(0xbf43, mark);
  },
  decodeResponse: (reader) => ({ service: "initializeJournal", deleted: reader.unsigned() }),
  encodeResponse: (out, { deleted }) => void out.integer(0x9f43, deleted),
};
