/** What an answer says of points: their present values, and events with their times, out of whatever variation they came in. */
import { DOUBLE_STATE, STATE } from "#protocol/dnp3/application/flag-words.ts";
import { decodeObjects, type DnpObject, type ObjectBlock } from "#protocol/dnp3/application/objects.ts";
import { WireError } from "#wire/cursor.ts";

export type PointKind =
  | "binary"
  | "double"
  | "output"
  | "counter"
  | "frozen counter"
  | "analog"
  | "frozen analog"
  | "deadband"
  | "analog output"
  | "text";

/** A point, or an event of one. */
export interface PointValue {
  readonly kind: PointKind;
  readonly index: number;
  /** On or off, a number in the units of the wire, or a text; of a double-bit input 0 to 3. Undefined of a number that is none. */
  readonly value: boolean | number | string | undefined;
  /** Undefined of a variation without flags: the point is online. */
  readonly flags?: number;
  /** UTC, milliseconds. */
  readonly utc?: number;
  /** The outstation's clock was not kept by its source then. */
  readonly notSynchronised?: true;
}

/** Groups of present values, and of events. */
const present: Readonly<Partial<Record<number, PointKind>>> = {
  1: "binary",
  3: "double",
  10: "output",
  20: "counter",
  21: "frozen counter",
  30: "analog",
  31: "frozen analog",
  34: "deadband",
  40: "analog output",
  110: "text",
};
const events: Readonly<Partial<Record<number, PointKind>>> = {
  2: "binary",
  4: "double",
  11: "output",
  22: "counter",
  23: "frozen counter",
  32: "analog",
  33: "frozen analog",
  42: "analog output",
  111: "text",
};

/** The group in which a kind's present values are. */
export const groupOf: Readonly<Record<PointKind, number>> = {
  binary: 1,
  double: 3,
  output: 10,
  counter: 20,
  "frozen counter": 21,
  analog: 30,
  "frozen analog": 31,
  deadband: 34,
  "analog output": 40,
  text: 110,
};

const HIGHEST_INDEX = 65_535;
/** Of one reading: 500 freezes of 300 counters, and as many events of others. */
const MOST_EVENTS = 300_000;

const TIMES = { now: 50, common: 51, delay: 52 } as const;

/** What has come, over as many fragments and answers as it takes; a present value is the newest that has come. */
export class Points {
  readonly #present = new Map<string, PointValue>();
  readonly events: PointValue[] = [];
  /** Of objects 50 and 52, UTC or a delay in milliseconds. */
  time: number | undefined;
  delayMs: number | undefined;
  /** Objects that say nothing of points. */
  readonly others = new Set<string>();

  get present(): readonly PointValue[] {
    return [...this.#present.values()];
  }

  get(kind: PointKind, index: number): PointValue | undefined {
    return this.#present.get(`${kind} ${index}`);
  }

  /** Takes the objects of a fragment, all of them or none. Throws WireError. */
  readonly take = (fragment: Uint8Array, from: number): void => {
    const blocks = decodeObjects(fragment, from, true);
    for (const { header, objects, at } of blocks) {
      // Of what is told of in ranges and lists of 32 bits nobody has as much.
      if (objects.some(({ index = 0 }) => index > HIGHEST_INDEX)) throw new WireError("an index above 65,535", at);
      if (header.group in events && this.events.length + objects.length > MOST_EVENTS)
        throw new WireError(`more than ${MOST_EVENTS} events`, at);
    }
    // A common time is of the events behind it in the same fragment (IEEE 1815 clause 11.3.3).
    let common: { readonly utc: number; readonly notSynchronised: boolean } | undefined;
    for (const { header, objects } of blocks) {
      const { group, variation } = header;
      if (group === TIMES.common && objects[0]?.time !== undefined)
        common = { utc: objects[0].time, notSynchronised: variation === 2 };
      else this.#block(group, objects, common);
    }
    for (const { header, row } of blocks)
      if (!isKnown(header.group)) this.others.add(`${row?.what ?? "object"} (g${header.group}v${header.variation})`);
  };

  #block(
    group: number,
    objects: ObjectBlock["objects"],
    common: { readonly utc: number; readonly notSynchronised: boolean } | undefined,
  ): void {
    const [is, event] = [present[group], events[group]];
    for (const object of objects) {
      if (group === TIMES.now && object.index === undefined) this.time = object.time ?? this.time;
      const delay = object.delayMs ?? (object.delaySeconds === undefined ? undefined : 1000 * object.delaySeconds);
      if (group === TIMES.delay) this.delayMs = delay ?? this.delayMs;
      if (object.index === undefined) continue;
      if (event !== undefined) this.events.push(pointOf(event, object.index, object, common));
      else if (is !== undefined)
        this.#present.set(`${is} ${object.index}`, pointOf(is, object.index, object, undefined));
    }
  }
}

function isKnown(group: number): boolean {
  return group in present || group in events || Object.values<number>(TIMES).includes(group);
}

function pointOf(
  kind: PointKind,
  index: number,
  object: DnpObject,
  common: { readonly utc: number; readonly notSynchronised: boolean } | undefined,
): PointValue {
  const { flags, time, after } = object;
  // What a relative time is relative to has to be said; else there is none.
  const utc = time ?? (after === undefined || common === undefined ? undefined : common.utc + after);
  return {
    kind,
    index,
    value: valueOf(kind, object),
    ...(flags === undefined ? {} : { flags }),
    // A counter that was never frozen has no time.
    ...(utc === undefined || utc === 0 ? {} : { utc }),
    ...(after !== undefined && common?.notSynchronised === true ? { notSynchronised: true as const } : {}),
  };
}

function valueOf(kind: PointKind, { flags, value, octets }: DnpObject): PointValue["value"] {
  switch (kind) {
    case "binary":
    case "output":
      return flags === undefined ? value === 1 : (flags & STATE) !== 0;
    case "double":
      return flags === undefined ? value : flags >> DOUBLE_STATE;
    case "text":
      return octets === undefined ? undefined : latin1(octets);
    default:
      return value === undefined || !Number.isFinite(value) ? undefined : value;
  }
}

function latin1(octets: Uint8Array): string {
  let text = "";
  // Strings of a fixed length are filled up with nothing.
  for (const octet of octets.subarray(0, octets.indexOf(0) < 0 ? octets.length : octets.indexOf(0)))
    text += String.fromCharCode(octet);
  return text;
}
