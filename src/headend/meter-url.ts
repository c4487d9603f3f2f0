/** URLs that name meters, whatever their protocol: each protocol's own transports say which there are. */
import { modbusReader } from "./modbus-url.ts";
import { namedBy, type LineSettings, type MeterUrl, type PointReading, type Reader } from "./reader.ts";
export { UrlError } from "./place.ts";

export type ReaderTable = readonly Reader[];

/** The protocols that can be read, a row each: nothing else that reads any meter knows them by name. */
export const readers: ReaderTable = [modbusReader];

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
