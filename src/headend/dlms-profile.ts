/** Profiles and logs of a meter over DLMS/COSEM, row by row as they come: what their columns are, and what stands in them. */
import { clockOf, dateTimeIn, type MeterClock } from "#protocol/dlms/client/clock.ts";
import { numberOf } from "#protocol/dlms/client/objects.ts";
import { captureObjects, CLOCK, PROFILE, usualClock, type Column, type Row } from "#protocol/dlms/client/profile.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import { dateTimeBytes, instantOf, type DateTime } from "#protocol/dlms/data/date-time.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { UnknownName } from "./chosen.ts";
import { openMeter, type DlmsMeter, type DlmsSettings } from "./dlms-meter.ts";
import { LastingMeter, localOf } from "./dlms-rows.ts";
import type { DlmsUrl } from "./dlms-url.ts";
import { isoText, scalerUnitIn, timeIn, valueOf, type ScalerUnit } from "./dlms-values.ts";
import { readNow } from "./meter-source.ts";
import { obisCodeIn, obisName } from "./obis-names.ts";
import type { ProfileAsked, ProfileColumn, ProfileRows, ProfileValues } from "./profile-rows.ts";
import { realClock } from "./real-clock.ts";

export type { ProfileAsked, ProfileValues } from "./profile-rows.ts";

export interface DlmsProfile extends ProfileRows {
  readonly profile: LogicalName;
}

const CAPTURE_PERIOD = 4;

/** Of a number the profiles that meters have by it: the load profile of a recorder, and the manual's second one. */
function candidates({ profile, isLog }: ProfileAsked): readonly LogicalName[] {
  const code = obisCodeIn(profile);
  if (code !== undefined) return [code];
  if (!/^\d{1,3}$/.test(profile) || Number(profile) > 255) return [];
  if (isLog) return [`0.0.99.98.${Number(profile)}.255`];
  return [`1.0.99.${Number(profile)}.0.255`, ...(profile === "2" ? ["1.0.98.1.0.255"] : [])];
}

/** Opens a profile; rejects where the meter has none by that name, or is not reached. */
export async function openProfile(at: DlmsUrl, settings: DlmsSettings, asked: ProfileAsked): Promise<DlmsProfile> {
  const meter = await openMeter(at, settings);
  try {
    return await ReadProfile.of(meter, () => openMeter(at, settings), asked);
  } catch (error) {
    await meter.close();
    throw error;
  }
}

/** A column with what its numbers are to be multiplied by. */
interface Shown extends ProfileColumn {
  readonly scale: ScalerUnit | undefined;
  readonly isClock: boolean;
}

class ReadProfile implements DlmsProfile {
  readonly profile: LogicalName;
  readonly notes: string[] = [];
  readonly #lasting: LastingMeter;
  readonly #periodMs: number | undefined;
  readonly #clock: MeterClock | undefined;
  readonly #range: { readonly from: DateTime; readonly to: DateTime } | undefined;
  readonly #clockObject: LogicalName;
  #columns: readonly Shown[] | undefined;
  /** The first row, where only rows tell how many columns there are. */
  #first: IteratorResult<Row, void> | undefined;
  #walk: AsyncGenerator<Row, void> | undefined;

  private constructor(
    meter: DlmsMeter,
    again: () => Promise<DlmsMeter>,
    found: {
      readonly profile: LogicalName;
      readonly captured: readonly Column[] | undefined;
      readonly columns: readonly Shown[] | undefined;
      readonly periodMs: number | undefined;
      readonly clock: MeterClock | undefined;
      readonly range: { readonly from: DateTime; readonly to: DateTime } | undefined;
    },
  ) {
    this.profile = found.profile;
    this.#lasting = new LastingMeter(meter, again);
    this.#periodMs = found.periodMs;
    this.#clock = found.clock;
    this.#range = found.range;
    this.#columns = found.columns;
    this.#clockObject = found.captured?.find(({ classId }) => classId === CLOCK)?.logicalName ?? usualClock;
  }

  static async of(meter: DlmsMeter, again: () => Promise<DlmsMeter>, asked: ProfileAsked): Promise<DlmsProfile> {
    const { client } = meter;
    const clock = await clockIn(meter);
    for (const profile of candidates(asked)) {
      const period = await client.get({ classId: PROFILE, logicalName: profile, attribute: CAPTURE_PERIOD });
      const captured = await captureObjects(client, profile);
      if (captured === undefined && "denied" in period && period.denied === "object-undefined") continue;
      const seconds = "denied" in period ? undefined : numberOf(period.data);
      const columns = captured === undefined ? undefined : await shownIn(meter, captured);
      const periodMs = seconds === undefined || seconds === 0 ? undefined : 1000 * seconds;
      const range = rangeOf(asked, clock);
      const read = new ReadProfile(meter, again, { profile, captured, columns, periodMs, clock, range });
      if (columns === undefined) await read.#lookAhead();
      return read;
    }
    const others = "the profiles whose codes polyphase read prints";
    throw new UnknownName(candidates(asked).join(" or "), "the meter", [others]);
  }

  get columns(): readonly ProfileColumn[] {
    return this.#columns ?? [];
  }

  /** How many columns there are the first row says. */
  async #lookAhead(): Promise<void> {
    this.notes.push("the meter does not say what the columns are");
    this.#walk = this.#walkAll();
    this.#first = await this.#walk.next();
    const row = this.#first.done === true ? [] : this.#first.value;
    this.#columns = row.map((one, k): Shown => {
      const isClock = one.type === "date-time" || (one.type === "octet-string" && timeIn(one.value) !== undefined);
      return { name: isClock ? "time" : `column ${k + 1}`, code: undefined, unit: "", scale: undefined, isClock };
    });
  }

  async *rows(): AsyncGenerator<ProfileValues, void> {
    const walk = this.#walk ?? this.#walkAll();
    this.#walk = undefined;
    // Where nothing is said the row before still holds (Blue Book 4.3.6.2.2), and time has gone on by a period.
    let before: Row = [];
    for (let step = this.#first ?? (await walk.next()); step.done !== true; step = await walk.next()) {
      const row = this.#filled(step.value, before);
      before = row;
      if (this.#isAsked(row)) yield this.#valuesOf(row);
    }
  }

  #filled(row: Row, before: Row): Row {
    return row.map((one, k) => {
      const last = before[k];
      if (one.type !== "null-data" || last === undefined) return one;
      return this.#columns?.[k]?.isClock === true ? this.#later(last) : last;
    });
  }

  #later(last: Data): Data {
    const time = dateTimeIn(last);
    const utc = time && instantOf(time, () => 0);
    if (time === undefined || utc === undefined || this.#periodMs === undefined) return last;
    const { deviation = 0 } = time;
    const local = Temporal.Instant.fromEpochMilliseconds(utc + this.#periodMs - 60_000 * deviation).toZonedDateTimeISO(
      "UTC",
    );
    return { type: "octet-string", value: dateTimeBytes({ ...time, ...localParts(local.toPlainDateTime()) }) };
  }

  #timeOf(row: Row): DateTime | undefined {
    const at = this.#columns?.findIndex(({ isClock }) => isClock) ?? 0;
    const data = row[Math.max(0, at)];
    return data === undefined ? undefined : dateTimeIn(data);
  }

  /** Some meters give more than was asked for. */
  #isAsked(row: Row): boolean {
    const time = this.#range === undefined ? undefined : this.#timeOf(row);
    if (this.#range === undefined || time === undefined) return true;
    const [from, at, to] = [this.#range.from, time, this.#range.to].map(localOf);
    return at === undefined || ((from === undefined || at >= from) && (to === undefined || at <= to));
  }

  #valuesOf(row: Row): ProfileValues {
    return row.map((one, k) => {
      const column = this.#columns?.[k];
      const time = column?.isClock === true ? dateTimeIn(one) : undefined;
      return time === undefined ? valueOf(one, column?.scale?.scaler) : isoText(time, this.#offsetOf(time));
    });
  }

  /** What local time is ahead of UTC, by the meter's own sign; undefined where it does not say. */
  #offsetOf({ deviation }: DateTime): number | undefined {
    if (deviation === undefined) return undefined;
    return this.#clock?.sign === "reversed" ? deviation : -deviation || 0;
  }

  async close(): Promise<void> {
    await this.#lasting.close();
  }

  #walkAll(): AsyncGenerator<Row, void> {
    return this.#lasting.rows({
      profile: this.profile,
      rows: this.#range === undefined ? { by: "all" } : { by: "range", ...this.#range },
      clock: this.#clockObject,
      timeOf: (row) => this.#timeOf(row),
      note: (text) => void this.notes.push(text),
    });
  }
}

async function clockIn({ client }: DlmsMeter): Promise<MeterClock | undefined> {
  const found = await client.get({ classId: CLOCK, logicalName: usualClock, attribute: 2 });
  const time = "denied" in found ? undefined : dateTimeIn(found.data);
  return time && clockOf(time, realClock.utc(), readNow(realClock, []).offsetMinutes);
}

function localParts({ year, month, day, dayOfWeek, hour, minute, second }: Temporal.PlainDateTime) {
  return { year, month, day, weekday: dayOfWeek, hour, minute, second, hundredths: 0 };
}

/** A local time that does not say its deviation: the meter takes it for its own. */
function local(time: Temporal.PlainDateTime): DateTime {
  return { ...localParts(time), deviation: undefined, status: undefined };
}

/** Before any meter of this kind had a clock, and after this program. */
const [FIRST, LAST] = ["2000-01-01T00:00:00", "2099-12-31T23:59:59"].map((one) => Temporal.PlainDateTime.from(one));

function rangeOf(
  { from, to, days }: ProfileAsked,
  clock: MeterClock | undefined,
): { readonly from: DateTime; readonly to: DateTime } | undefined {
  const since = days === undefined ? from : midnight(clock).subtract({ days });
  if ((since === undefined && to === undefined) || FIRST === undefined || LAST === undefined) return undefined;
  return { from: local(since ?? FIRST), to: local(to ?? LAST) };
}

/** The beginning of today where the meter is. */
function midnight(clock: MeterClock | undefined): Temporal.PlainDateTime {
  const utc = clock?.utc ?? realClock.utc();
  const offset = clock?.offsetMinutes ?? readNow(realClock, []).offsetMinutes;
  const instant = Temporal.Instant.fromEpochMilliseconds(Math.round(utc) + 60_000 * offset);
  return instant.toZonedDateTimeISO("UTC").startOfDay().toPlainDateTime();
}

/** Where the scale of a captured attribute stands (Blue Book 4.3.2 to 4.3.4). */
const scales: Readonly<Record<number, { readonly scaler: number; readonly of: readonly number[] }>> = {
  3: { scaler: 3, of: [2] },
  4: { scaler: 3, of: [2] },
  5: { scaler: 4, of: [2, 3] },
};

async function shownIn({ client }: DlmsMeter, captured: readonly Column[]): Promise<readonly Shown[]> {
  const found: Shown[] = [];
  for (const { classId, logicalName, attribute, part } of captured) {
    const scale = scales[classId];
    const isScaled = scale !== undefined && scale.of.includes(attribute);
    const answer = isScaled ? await client.get({ classId, logicalName, attribute: scale.scaler }) : undefined;
    const scaling = answer === undefined || "denied" in answer ? undefined : scalerUnitIn(answer.data);
    const isClock = classId === CLOCK && attribute === 2;
    const which = attribute === 2 && part === 0 ? "" : `/${attribute}${part === 0 ? "" : `.${part}`}`;
    const name = isClock ? "time" : `${obisName(logicalName) ?? logicalName}${which}`;
    found.push({ name, code: logicalName, unit: scaling?.unit ?? "", scale: scaling, isClock });
  }
  return found;
}
