/** What nobody asked for: data-notification (0F) and event-notification-request (C2) (Green Book 9.3.10, 9.3.11, 9.5), after their tags. */
import { readData, type Manner } from "#protocol/dlms/data/decode.ts";
import { writeData } from "#protocol/dlms/data/encode.ts";
import { WireError, type Reader, type Writer } from "#wire/cursor.ts";
import type { DataNotification, EventNotification } from "./apdu.ts";
import { readAttribute, readFlag, readOctets, writeAttribute, writeFlag, writeOctets } from "./references.ts";

/** Strict: date-time has 12 bytes or none. */
export function readDataNotification(from: Reader, manner?: Manner): DataNotification {
  const invoke = from.u32();
  const { at } = from;
  const dateTime = readOctets(from);
  if (dateTime.length !== 0 && dateTime.length !== 12)
    throw new WireError(`expected a date-time of 12 bytes or none, found ${dateTime.length}`, at);
  return { apdu: "data-notification", invoke, dateTime, body: readData(from, manner) };
}

export function writeDataNotification(out: Writer, { invoke, dateTime, body }: DataNotification): void {
  writeOctets(out.u32(invoke), dateTime);
  writeData(out, body);
}

/** Strict. */
export function readEventNotification(from: Reader, manner?: Manner): EventNotification {
  const time = readFlag(from) ? { time: readOctets(from) } : {};
  const attribute = readAttribute(from);
  return { apdu: "event-notification-request", ...time, attribute, value: readData(from, manner) };
}

export function writeEventNotification(out: Writer, { time, attribute, value }: EventNotification): void {
  writeFlag(out, time !== undefined);
  if (time !== undefined) writeOctets(out, time);
  writeAttribute(out, attribute);
  writeData(out, value);
}
