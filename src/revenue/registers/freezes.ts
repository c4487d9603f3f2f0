/** Freezes: the normal and alternate registers as they were, the newest of them. What a register shows besides is made again. */
import { namedState } from "#meter/named-state.ts";
import { isInstant } from "#quantity/register-name.ts";
import type { RegisterReading, Validity } from "#quantity/register.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { isMeasured, type RegisterSettings } from "#revenue/settings/configuration.ts";
import { nextOf, StoredSeries } from "#store/stored-series.ts";
import type { MeterStore } from "#store/store.ts";
import { itemReading, measuredReading } from "./reading.ts";

export interface StoredFreeze {
  readonly sequence: number;
  readonly at: Stamp;
  readonly registers: readonly RegisterReading[];
}

/** Freezes that are kept: as many as frozen counter events of DNP3 that the manual has storage for (Appendix G, Events). */
export const FREEZES = 500;

const PREFIX = "freeze/";
const FreezesState = namedState("next", "ordered");

type SettingsOf = (id: number) => RegisterSettings | undefined;

/** Shape of a record, sequence, registers, instant. */
const VERSION = 1;
const STAMP = 11;
const HEAD = 1 + 4 + 2 + STAMP;

/** What there is of a register after its number and these bits, in this order. */
const has = { value: 0x01, at: 0x02, time: 0x04, peakAt: 0x08, text: 0x10 } as const;
const QUESTIONABLE = 0x40;
const INVALID = 0x80;

/** No register shows so much: what does is damaged. */
const BEYOND = 1e18;

const SAVING = 0x01;
const SYNCHRONISED = 0x02;

function sameStamp(a: Stamp, b: Stamp): boolean {
  return (
    a.utc === b.utc &&
    a.offsetMinutes === b.offsetMinutes &&
    a.daylightSaving === b.daylightSaving &&
    a.synchronised === b.synchronised
  );
}

/** A reading as far as it cannot be made again of how its register is set up. */
interface Kept {
  readonly value: number | undefined;
  readonly at: Stamp;
  readonly time: Stamp | undefined;
  readonly peakAt: Stamp | undefined;
  readonly text: string | undefined;
  readonly valid: Validity;
}

/** A register's reading, as `measuredReading` and `itemReading` make it of what it holds. */
function readingOf(settings: RegisterSettings, { value, at, time, peakAt, text, valid }: Kept): RegisterReading {
  const isNumber = isMeasured(settings) && settings.type !== "timeOfPeak";
  const made = isNumber
    ? measuredReading(settings, value, at)
    : itemReading(settings, itemOf(settings, { value, time, text }), at);
  const peak = peakAt === undefined ? {} : { peakAt };
  return { ...made, ...(text === undefined ? {} : { text }), ...peak, valid };
}

function itemOf(settings: RegisterSettings, { value, time, text }: Pick<Kept, "value" | "time" | "text">) {
  if (isInstant(settings.type)) return { time };
  return { ...(value === undefined ? {} : { value }), text: text ?? "" };
}

/** What of a reading is kept: its text where it is another than that which would be made. */
function keptOf(reading: RegisterReading, settings: RegisterSettings): Kept {
  const { value, at, time, peakAt, text, valid } = reading;
  const bare: Kept = { value, at, time, peakAt, text: undefined, valid };
  return readingOf(settings, bare).text === text ? bare : { ...bare, text };
}

function encode({ sequence, at, registers }: StoredFreeze, settingsOf: SettingsOf): Uint8Array {
  const parts = registers.flatMap((reading) => {
    const settings = settingsOf(reading.id);
    return settings === undefined ? [] : [encodeRegister(reading.id, keptOf(reading, settings), at)];
  });
  const head = new DataView(new ArrayBuffer(HEAD));
  head.setUint8(0, VERSION);
  head.setUint32(1, sequence);
  head.setUint16(5, parts.length);
  putStamp(head, 7, at);
  const bytes = new Uint8Array(HEAD + parts.reduce((sum, one) => sum + one.length, 0));
  bytes.set(new Uint8Array(head.buffer));
  let place = HEAD;
  for (const part of parts) {
    bytes.set(part, place);
    place += part.length;
  }
  return bytes;
}

function encodeRegister(id: number, { value, at, time, peakAt, text, valid }: Kept, frozenAt: Stamp): Uint8Array {
  const words = text === undefined ? undefined : new TextEncoder().encode(text).subarray(0, 0xff_ff);
  const stamps = [sameStamp(at, frozenAt) ? undefined : at, time, peakAt];
  const length =
    4 +
    (value === undefined ? 0 : 8) +
    STAMP * stamps.filter((one) => one !== undefined).length +
    (words === undefined ? 0 : 2 + words.length);
  const view = new DataView(new ArrayBuffer(length));
  let [bits, place] = [valid === "good" ? 0 : valid === "invalid" ? INVALID : QUESTIONABLE, 4];
  if (value !== undefined) {
    bits |= has.value;
    view.setFloat64(place, value);
    place += 8;
  }
  for (const [k, stamp] of stamps.entries()) {
    if (stamp === undefined) continue;
    bits |= [has.at, has.time, has.peakAt][k] ?? 0;
    putStamp(view, place, stamp);
    place += STAMP;
  }
  if (words !== undefined) {
    bits |= has.text;
    view.setUint16(place, words.length);
    new Uint8Array(view.buffer).set(words, place + 2);
  }
  view.setUint16(0, id);
  view.setUint16(2, bits);
  return new Uint8Array(view.buffer);
}

function putStamp(view: DataView, at: number, { utc, offsetMinutes, daylightSaving, synchronised }: Stamp): void {
  view.setFloat64(at, utc);
  view.setInt16(at + 8, offsetMinutes);
  view.setUint8(at + 10, (daylightSaving ? SAVING : 0) | (synchronised ? SYNCHRONISED : 0));
}

function stampAt(view: DataView, at: number): Stamp {
  const bits = view.getUint8(at + 10);
  return {
    utc: view.getFloat64(at),
    offsetMinutes: view.getInt16(at + 8),
    daylightSaving: (bits & SAVING) !== 0,
    synchronised: (bits & SYNCHRONISED) !== 0,
  };
}

/** Undefined of another shape, and of what is cut short. */
function decode(bytes: Uint8Array, settingsOf: SettingsOf): StoredFreeze | undefined {
  if (bytes.length < HEAD || bytes[0] !== VERSION) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = stampAt(view, 7);
  const registers: RegisterReading[] = [];
  let place = HEAD;
  try {
    for (let left = view.getUint16(5); left > 0; left--) {
      const [id, bits] = [view.getUint16(place), view.getUint16(place + 2)];
      place += 4;
      const value = (bits & has.value) === 0 ? undefined : view.getFloat64(place);
      if (value !== undefined) {
        if (!(Math.abs(value) < BEYOND)) return undefined;
        place += 8;
      }
      const [own, time, peakAt] = [has.at, has.time, has.peakAt].map((bit) => {
        if ((bits & bit) === 0) return undefined;
        place += STAMP;
        return stampAt(view, place - STAMP);
      });
      let text: string | undefined;
      if ((bits & has.text) !== 0) {
        const length = view.getUint16(place);
        text = new TextDecoder().decode(bytes.subarray(place + 2, place + 2 + length));
        place += 2 + length;
      }
      const settings = settingsOf(id);
      const valid = (bits & INVALID) !== 0 ? "invalid" : (bits & QUESTIONABLE) !== 0 ? "questionable" : "good";
      if (settings !== undefined)
        registers.push(readingOf(settings, { value, at: own ?? at, time, peakAt, text, valid }));
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return { sequence: view.getUint32(1), at, registers };
}

function sequenceOf(bytes: Uint8Array): number {
  return bytes.length < HEAD || bytes[0] !== VERSION
    ? -1
    : new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(1);
}

/** What all meters' have in common. */
const common = {
  prefix: PREFIX,
  capacity: FREEZES,
  at: ({ at }: StoredFreeze) => at.utc,
  holds: ({ at, registers }: StoredFreeze) =>
    Number.isFinite(at.utc) && registers.every(({ id }) => Number.isInteger(id)),
} as const;

export class Freezes extends StoredSeries<StoredFreeze> {
  /** The one that was asked for last: protocols ask for its registers one by one. */
  #seen: StoredFreeze | undefined;

  /** `memory` gives the numbers that outlast everything, NaN at first; `settingsOf` says how the registers are set up. */
  constructor(
    store: MeterStore,
    memory: (name: string, count: number, initial: number) => Float64Array,
    settingsOf: SettingsOf,
  ) {
    const place = new FreezesState(memory("freezes", FreezesState.size, NaN));
    if (Number.isNaN(place.next)) {
      place.next = nextOf(store, PREFIX, sequenceOf);
      place.ordered = 0;
    }
    super(
      store,
      {
        ...common,
        encode: (freeze) => encode(freeze, settingsOf),
        decode(bytes, sequence) {
          const freeze = decode(bytes, settingsOf);
          return freeze?.sequence === sequence ? freeze : undefined;
        },
      },
      place,
    );
  }

  override get last(): StoredFreeze | undefined {
    if (this.#seen === undefined || this.#seen.sequence !== this.next - 1) this.#seen = super.last;
    return this.#seen;
  }

  override clear(): void {
    super.clear();
    this.#seen = undefined;
  }
}
