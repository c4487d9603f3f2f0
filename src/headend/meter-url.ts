/** URLs that name meters, whatever their protocol: each protocol's own transports say which there are. */
import { dlmsReader } from "./dlms-reader.ts";
import { dnp3Reader } from "./dnp3-reader.ts";
import { iec102Reader } from "./iec102-reader.ts";
import type { MeterSource } from "./meter-source.ts";
import { mmsReader } from "./mms-reader.ts";
import { modbusReader } from "./modbus-url.ts";
import {
  namedBy,
  type LineSettings,
  type MeterUrl,
  type PointReading,
  type Reader,
  type SourceAsked,
} from "./reader.ts";
export { UrlError } from "./place.ts";

export type ReaderTable = readonly Reader[];

/** The protocols that can be read, a row each: nothing else that reads any meter knows them by name. */
export const readers: ReaderTable = [modbusReader, dlmsReader, dnp3Reader, iec102Reader, mmsReader];

/** URLs that can be read, in words. */
export const meterUrlForms: readonly string[] = readers.flatMap(({ forms }) => forms);

const UNREAD = "has no protocol that can be read yet";

/** Throws UrlError. */
export function parseMeterUrl(text: string, table: ReaderTable = readers): MeterUrl {
  return namedBy(text, table, UNREAD).url;
}

/** How all that a meter has is read, where its protocol tells; undefined where a model has to. Throws UrlError. */
export function readerOf(
  text: string,
  table: ReaderTable = readers,
): ((settings: LineSettings) => Promise<readonly PointReading[]>) | undefined {
  const { url, by } = namedBy(text, table, UNREAD);
  return by.read === undefined ? undefined : by.read.bind(by, url);
}

/** A meter that is read by what is named, where its protocol tells what there is; undefined of another. Throws UrlError. */
export function sourceOf(
  text: string,
  table: ReaderTable = readers,
): ((asked: Omit<SourceAsked, "text">) => Promise<MeterSource>) | undefined {
  const { url, by } = namedBy(text, table, UNREAD);
  const { source } = by;
  return source === undefined ? undefined : (asked) => source.call(by, url, { ...asked, text });
}
