/** READ (IEEE 1815 clause 4.4.2): which events, and which points, in the order in which they are answered. */
import { functions } from "#protocol/dnp3/application/functions.ts";
import { indications } from "#protocol/dnp3/application/indications.ts";
import { prefixOf, qualifiers, readUnsigned, type ObjectHeader } from "#protocol/dnp3/application/object-header.ts";
import { Reader, WireError } from "#wire/cursor.ts";
import type { EventClass, OutstationSettings, PointImage } from "./host.ts";
import type { EventRequest } from "./event-request.ts";
import type { ObjectMeaning } from "./implemented.ts";
import { class0Kinds, type EventKind, type StaticKind } from "./kinds.ts";
import { MOST_HEADERS, nextObject } from "./request-objects.ts";
import { pointsOf, writeTime } from "./shown.ts";
import { wholeOf, type StaticPiece } from "./static-pieces.ts";

export interface ReadPlan {
  readonly events: readonly EventRequest[];
  /** Class 0 as a whole, and nothing else: it may be at hand. */
  readonly statics: readonly StaticPiece[] | "class 0";
  readonly iin: number;
}

/** What an answer is made of. */
export interface ReadFrom {
  readonly image: PointImage;
  readonly settings: OutstationSettings;
  /** UTC by the meter's clock; asked for where the time is. */
  readonly utc: () => number;
  readonly delayMs: number;
}

interface Making {
  readonly from: ReadFrom;
  readonly events: EventRequest[];
  readonly statics: (readonly StaticPiece[] | "class 0")[];
  iin: number;
}

/** Objects that are not there are indicated; the others are answered. A request that cannot be read to its end is answered by indications only. */
export function readPlan(request: Uint8Array, from: ReadFrom): ReadPlan {
  const making: Making = { from, events: [], statics: [], iin: 0 };
  const reader = new Reader(request);
  reader.skip(2);
  try {
    for (let headers = 1; reader.left > 0; headers++) {
      if (headers > MOST_HEADERS) return { events: [], statics: [], iin: indications.parameterError };
      const object = nextObject(reader, functions.read, request);
      if ("iin" in object) {
        making.iin |= object.iin;
        if (object.header === undefined) return { events: [], statics: [], iin: making.iin };
        readList(reader, object.header);
        continue;
      }
      addObject(making, object.means, object.header, reader);
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { events: [], statics: [], iin: making.iin | indications.parameterError };
  }
  const { events, statics, iin } = making;
  if (statics.length === 1 && statics[0] === "class 0") return { events, statics: "class 0", iin };
  const { image, settings } = from;
  const class0 = (): StaticPiece[] => wholeOf(image, class0Kinds(settings));
  return { events, statics: statics.flatMap((pieces) => (pieces === "class 0" ? class0() : pieces)), iin };
}

function addObject(making: Making, means: ObjectMeaning, header: ObjectHeader, reader: Reader): void {
  if ("static" in means) addPoints(making, means.static, header, reader);
  else if ("event" in means) addEvents(making, means.event, header, reader);
  else if ("class" in means) addClass(making, means.class, header);
  else if (means.is === "time") addSingle(making, header, reader, { group: 50, variation: 1 });
  else addSingle(making, header, reader, { group: 52, variation: 2 });
}

function addClass(making: Making, which: 0 | EventClass | "all", { count, qualifier }: ObjectHeader): void {
  const ask = (eventClass: EventClass, left: number): void => {
    making.events.push({ of: { class: eventClass }, variation: 0, wide: true, left });
  };
  if (which === 0) making.statics.push("class 0");
  else if (which === "all") {
    for (const eventClass of [1, 2, 3] as const) ask(eventClass, Infinity);
    making.statics.push("class 0");
    // A range of classes means nothing: it is all of them.
  } else ask(which, isRange(qualifier) ? Infinity : count);
}

function isRange(qualifier: number): boolean {
  return qualifier === qualifiers.range8 || qualifier === qualifiers.range16;
}

function isList(qualifier: number): boolean {
  return prefixOf(qualifier)?.of === "index";
}

function readList(reader: Reader, { qualifier, count }: ObjectHeader): number[] {
  const indices: number[] = [];
  if (!isList(qualifier)) return indices;
  const octets = prefixOf(qualifier)?.octets ?? 0;
  for (let k = 0; k < count; k++) indices.push(readUnsigned(reader, octets));
  return indices;
}

/** Events of some points are asked for as the points are: of those that are there. */
function addEvents(making: Making, kind: EventKind, header: ObjectHeader, reader: Reader): void {
  const { qualifier, variation, first, count } = header;
  const of = { kind };
  const points = pointsOf(making.from.image, kind);
  if (isList(qualifier)) {
    const asked = readList(reader, header);
    const only = new Set(asked.filter((index) => index < points));
    if (only.size === 0 || asked.some((index) => index >= points)) making.iin |= indications.parameterError;
    const wide = qualifier === qualifiers.indices16;
    if (only.size > 0) making.events.push({ of, variation, wide, left: Infinity, only });
  } else if (isRange(qualifier)) {
    const last = first + count - 1;
    if (count === 0 || last >= points) making.iin |= indications.parameterError;
    const only = { first, last };
    if (count > 0 && first < points) making.events.push({ of, variation, wide: true, left: Infinity, only });
  } else making.events.push({ of, variation, wide: true, left: count });
}

function addPoints(making: Making, kind: StaticKind, header: ObjectHeader, reader: Reader): void {
  const { qualifier, variation, first, count } = header;
  const points = pointsOf(making.from.image, kind);
  const asked = readList(reader, header);
  // A group without points has no object at all.
  if (points === 0) {
    making.iin |= indications.objectUnknown;
    return;
  }
  if (isList(qualifier)) {
    const indices = asked.filter((index) => index < points);
    if (indices.length < asked.length || asked.length === 0) making.iin |= indications.parameterError;
    if (indices.length === 0) return;
    const list = { indices, wide: qualifier === qualifiers.indices16 };
    making.statics.push([{ kind, variation, first: 0, last: 0, list }]);
    return;
  }
  const last = Math.min(first + count, points) - 1;
  if (last < first || (isRange(qualifier) && last < first + count - 1)) making.iin |= indications.parameterError;
  if (last >= first) making.statics.push([{ kind, variation, first, last }]);
}

/** Time and delay are one object, of index 0. */
function addSingle(
  making: Making,
  header: ObjectHeader,
  reader: Reader,
  { group, variation }: { readonly group: number; readonly variation: number },
): void {
  const { qualifier, first, count } = header;
  const indices = isList(qualifier) ? readList(reader, header) : undefined;
  const isThere = indices === undefined ? first === 0 && count > 0 : indices.includes(0);
  const isAll = indices === undefined ? !isRange(qualifier) || count === 1 : indices.length === 1;
  if (!isThere || !isAll) making.iin |= indications.parameterError;
  if (!isThere) return;
  const before =
    indices === undefined
      ? [group, variation, qualifiers.count8, 1]
      : qualifier === qualifiers.indices8
        ? [group, variation, qualifier, 1, 0]
        : [group, variation, qualifier, 1, 0, 0, 0];
  const octets = new Uint8Array(before.length + (group === 50 ? 6 : 2));
  octets.set(before);
  const view = new DataView(octets.buffer);
  if (group === 50) writeTime(view, before.length, making.from.utc());
  else view.setUint16(before.length, making.from.delayMs, true);
  making.statics.push([{ octets }]);
}
