/** What the information of an ASDU says, by the layout of its type (IEC 60870-5-102, 7.3; the Spanish profile). */
import { Reader, WireError, Writer } from "#wire/cursor.ts";
import type { Asdu, AsduHead } from "./asdu.ts";
import { readInstantaneous, writeInstantaneous, type InstantaneousValues } from "./instantaneous.ts";
import {
  readEquipment,
  readPoint,
  readProduct,
  readSettings,
  writeEquipment,
  writePoint,
  writeProduct,
  writeSettings,
  type EquipmentValues,
  type PointValues,
  type ProductValues,
  type SettingValues,
} from "./parameters.ts";
import { readTariff, writeTariff, type TariffValues } from "./tariff.ts";
import { readTimeA, readTimeB, TIME_A, TIME_B, writeTimeA, writeTimeB, type TimeA, type TimeB } from "./time.ts";
import { readBlocks, readTotals, writeBlocks, writeTotals, type Totals, type TotalsBlocks } from "./totals.ts";
import { types, type Shape } from "./types.ts";

export interface EventObject {
  /** SPA, 0 to 255. */
  readonly address: number;
  /** SPQ, 0 to 127. */
  readonly qualifier: number;
  /** SPI. */
  readonly on: boolean;
  readonly at: TimeB;
}

export type Body =
  | { readonly kind: "nothing" }
  | { readonly kind: "octets"; readonly octets: Uint8Array }
  | Totals
  | TotalsBlocks
  | { readonly kind: "events"; readonly events: readonly EventObject[] }
  /** Why the station began: 0 mains on, 1 by hand, 2 from afar; with changed parameters 128 more; and of which record. */
  | { readonly kind: "start"; readonly why: number; readonly of: number }
  | ProductValues
  | { readonly kind: "time"; readonly at: TimeB }
  | {
      readonly kind: "asked";
      /** First and last object. */
      readonly objects?: readonly [number, number] | undefined;
      /** 9, 10 or 11. */
      readonly block?: number | undefined;
      /** First and last end of a period; both the same of one. */
      readonly range?: readonly [TimeA, TimeA] | undefined;
    }
  | { readonly kind: "key"; readonly key: number }
  | { readonly kind: "addresses"; readonly addresses: readonly number[] }
  | TariffValues
  | PointValues
  | EquipmentValues
  | {
      readonly kind: "powers";
      readonly powers: readonly { readonly object: number; readonly value: number }[];
      readonly at: TimeA;
    }
  | { readonly kind: "days"; readonly days: readonly TimeA[] }
  | SettingValues
  | InstantaneousValues;

/** Octets of an event. */
export const EVENT_OCTETS = 2 + TIME_B;

function readEvents(from: Reader, count: number): Body {
  const events = Array.from({ length: count }, (): EventObject => {
    const [address, point] = [from.u8(), from.u8()];
    return { address, qualifier: point >> 1, on: (point & 1) === 1, at: readTimeB(from) };
  });
  return { kind: "events", events };
}

function readRange(from: Reader): readonly [TimeA, TimeA] {
  return [readTimeA(from), readTimeA(from)];
}

function readOne(from: Reader): readonly [TimeA, TimeA] {
  const at = readTimeA(from);
  return [at, at];
}

function pair(from: Reader): readonly [number, number] {
  return [from.u8(), from.u8()];
}

function readShape(shape: Shape, from: Reader, head: AsduHead): Body {
  const { count } = head;
  switch (shape) {
    case "nothing":
      return { kind: "nothing" };
    case "octets":
      return { kind: "octets", octets: from.bytes(from.left).slice() };
    case "totals":
      return readTotals(from, head);
    case "blocks":
      return readBlocks(from, count);
    case "events":
      return readEvents(from, count);
    case "start":
      return { kind: "start", why: from.u8(), of: from.u8() };
    case "product":
      return readProduct(from);
    case "time":
      return { kind: "time", at: readTimeB(from) };
    case "range":
      return { kind: "asked", range: readRange(from) };
    case "objects":
      return { kind: "asked", objects: pair(from) };
    case "period":
      return { kind: "asked", range: readOne(from) };
    case "objects of a period":
      return { kind: "asked", objects: pair(from), range: readOne(from) };
    case "objects of a range":
      return { kind: "asked", objects: pair(from), range: readRange(from) };
    case "block of a range":
      return { kind: "asked", block: from.u8(), range: readRange(from) };
    case "key":
      return { kind: "key", key: from.u32(true) };
    case "addresses":
      return { kind: "addresses", addresses: [...from.bytes(count)] };
    case "tariff":
      return readTariff(from, count);
    case "point":
      return readPoint(from);
    case "equipment":
      return readEquipment(from);
    case "powers": {
      const powers = Array.from({ length: count }, () => ({ object: from.u8(), value: from.u32(true) }));
      return { kind: "powers", powers, at: readTimeA(from) };
    }
    case "days":
      return { kind: "days", days: Array.from({ length: count }, () => readTimeA(from)) };
    case "settings":
      return readSettings(from, count);
    case "instantaneous":
      return readInstantaneous(from, count);
  }
}

/** Throws WireError where it is not laid out as its type is, or has more behind it; of types that are not known it is octets. */
export function bodyOf(asdu: Asdu): Body {
  const from = new Reader(asdu.data);
  // A sequence of elements under one address is nobody's here.
  const shape = asdu.sequence === true ? "octets" : (types.get(asdu.type)?.shape ?? "octets");
  const body = readShape(shape, from, asdu);
  if (from.left > 0) throw new WireError(`${from.left} octets behind the last object`, from.at);
  return body;
}

function timeOctets(at: TimeA): Uint8Array {
  const to = new Writer(TIME_A);
  writeTimeA(to, at);
  return to.done();
}

function writeAsked(to: Writer, { objects, block, range }: Extract<Body, { kind: "asked" }>, shape: Shape): void {
  if (objects !== undefined) to.u8(objects[0]).u8(objects[1]);
  if (block !== undefined) to.u8(block);
  if (range === undefined) return;
  const isOne = shape === "period" || shape === "objects of a period";
  for (const at of isOne ? [range[0]] : range) writeTimeA(to, at);
}

function write(to: Writer, body: Body, head: AsduHead): void {
  switch (body.kind) {
    case "nothing":
      return;
    case "octets":
      return void to.bytes(body.octets);
    case "totals":
      return writeTotals(to, body, head, timeOctets(body.at));
    case "blocks":
      return writeBlocks(to, body);
    case "events":
      for (const { address, qualifier, on, at } of body.events) {
        to.u8(address).u8((qualifier << 1) | (on ? 1 : 0));
        writeTimeB(to, at);
      }
      return;
    case "start":
      return void to.u8(body.why).u8(body.of);
    case "product":
      return writeProduct(to, body);
    case "time":
      return writeTimeB(to, body.at);
    case "asked":
      return writeAsked(to, body, types.get(head.type)?.shape ?? "octets");
    case "key":
      return void to.u32(body.key, true);
    case "addresses":
      for (const one of body.addresses) to.u8(one);
      return;
    case "tariff":
      return writeTariff(to, body);
    case "point":
      return writePoint(to, body);
    case "equipment":
      return writeEquipment(to, body);
    case "powers":
      for (const { object, value } of body.powers) to.u8(object).u32(value, true);
      return writeTimeA(to, body.at);
    case "days":
      for (const day of body.days) writeTimeA(to, day);
      return;
    case "settings":
      return writeSettings(to, body);
    case "instantaneous":
      return writeInstantaneous(to, body);
  }
}

/** How many information objects there are, as the qualifier counts them. */
function countOf(body: Body): number {
  switch (body.kind) {
    case "nothing":
    case "octets":
      return 0;
    case "totals":
      return body.totals.length;
    case "blocks":
      return body.periods.length;
    case "events":
      return body.events.length;
    case "addresses":
      return body.addresses.length;
    case "tariff":
    case "instantaneous":
      return body.objects.length;
    case "powers":
      return body.powers.length;
    case "days":
      return body.days.length;
    case "settings":
      return body.settings.length;
    default:
      return 1;
  }
}

/** An ASDU with this information; it counts its objects unless `count` is said. */
export function asduWith(head: Omit<AsduHead, "count"> & { readonly count?: number | undefined }, body: Body): Asdu {
  const counted = { ...head, count: head.count ?? countOf(body) };
  const to = new Writer();
  write(to, body, counted);
  return { ...counted, data: to.done() };
}
