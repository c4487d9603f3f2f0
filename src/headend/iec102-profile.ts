/** Totals by period, closures of tariffs and events over IEC 60870-5-102, row by row as they come. */
import type { Body } from "#protocol/iec102/asdu/body.ts";
import { Cause } from "#protocol/iec102/asdu/cause.ts";
import type { TariffEnergy } from "#protocol/iec102/asdu/tariff.ts";
import type { TimeA } from "#protocol/iec102/asdu/time.ts";
import type { Question } from "#protocol/iec102/reader/client.ts";
import { Iec102Error, isAbsent } from "#protocol/iec102/reader/failing.ts";
import { UnknownName } from "./chosen.ts";
import { eventText } from "./iec102-events.ts";
import { aheadOfHere, localTime, mayBeRepeated, plainOf } from "./iec102-local.ts";
import { named, openMeter, type Iec102Settings } from "./iec102-meter.ts";
import { LastingSession, periodsOf, type PeriodRead, type Rest } from "./iec102-rows.ts";
import type { Iec102Url } from "./iec102-url.ts";
import { INVALID, objectName, qualityText, tariffName, timeText } from "./iec102-words.ts";
import { realClock } from "./real-clock.ts";
import type { ProfileAsked, ProfileColumn, ProfileRows, ProfileValues } from "./profile-rows.ts";

const [EVENTS, CLOSURES] = [102, 134];
/** Types that totals are asked for by: as they stand, and what a period has counted. */
const operational = { absolute: 122, incremental: 123 };
const accounting = { absolute: 120, incremental: 121 };

/** Record addresses of logs, of contracts, and of integration periods by the number of a profile. */
const logs = [52, 53, 54, 55, 128, 129, 130, 131, 132, 133];
const contracts = [134, 135, 136];
const usual: Readonly<Record<string, number>> = { 1: 11, 2: 12, 3: 13 };

const known = [
  "1 to 3 (integration periods, record addresses 11 to 13), 21 to 23 (days), each as it is or with /absolute",
  "134 to 136 (closures of the contracts)",
  "--log 52 to 55, 128 to 133 (events)",
];

type Sort = "totals" | "closures" | "events";

interface Wanted {
  readonly sort: Sort;
  readonly record: number;
  readonly absolute: boolean;
}

/** Throws UnknownName. */
function wantedOf({ profile, isLog }: ProfileAsked, of: string): Wanted {
  const [, number = "", absolute] = /^(\d{1,3})(\/absolute)?$/.exec(profile) ?? [];
  const record = isLog ? Number(number) : (usual[number] ?? Number(number));
  const isAbsolute = absolute !== undefined;
  if (number !== "" && record <= 255) {
    if (isLog && logs.includes(record) && !isAbsolute) return { sort: "events", record, absolute: false };
    if (!isLog && contracts.includes(record) && !isAbsolute) return { sort: "closures", record, absolute: false };
    if (!isLog && record >= 11 && record <= 51) return { sort: "totals", record, absolute: isAbsolute };
  }
  throw new UnknownName(profile, of, known);
}

/** Before any meter of this kind had a clock. */
const FIRST = Temporal.PlainDateTime.from("2000-01-01T00:00:00");
const LAST = Temporal.PlainDateTime.from("2099-12-31T23:59:00");

/** Opens a profile; rejects where there is none by that name, or the meter is not reached. */
export async function openProfile(at: Iec102Url, settings: Iec102Settings, asked: ProfileAsked): Promise<ProfileRows> {
  const wanted = wantedOf(asked, "a meter over IEC 60870-5-102");
  const session = new LastingSession(await openMeter(at, settings), () => openMeter(at, settings));
  try {
    const { from, to } = await rangeOf(session, asked);
    const isElsewhere = [from, to].some(mayBeRepeated) && (await keepsOtherTime(session));
    // Periods that have counted until the last moment of a day end at 00:00 of the next; no event of that minute is asked for.
    const range = wanted.sort === "events" ? { from, to, isElsewhere } : { from, to: to.round("second"), isElsewhere };
    const read = new Rows(session, at, wanted, range);
    await read.begin();
    return read;
  } catch (error) {
    await session.close();
    throw named(error, at);
  }
}

interface Asked {
  readonly from: Temporal.PlainDateTime;
  readonly to: Temporal.PlainDateTime;
}

interface Range extends Asked {
  /** The meter is in another zone than this computer. */
  readonly isElsewhere: boolean;
}

/** By its clock, as far as that shows it. */
async function keepsOtherTime(session: LastingSession): Promise<boolean> {
  return aheadOfHere(await session.client.time(), realClock.utc()) !== undefined;
}

async function rangeOf(session: LastingSession, { from, to, days }: ProfileAsked): Promise<Asked> {
  if (days === undefined) return { from: from ?? FIRST, to: to ?? LAST };
  const now = plainOf(await session.client.time()) ?? Temporal.Now.plainDateTimeISO();
  const midnight = now.with({ hour: 0, minute: 0, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 });
  return { from: midnight.subtract({ days }), to: to ?? LAST };
}

class Rows implements ProfileRows {
  readonly profile: string;
  readonly notes: string[] = [];
  readonly #session: LastingSession;
  readonly #url: Iec102Url;
  readonly #wanted: Wanted;
  readonly #range: Range;
  #types = operational;
  #columns: readonly ProfileColumn[] = [];
  #bodies: AsyncGenerator<Body, void>;
  #periods: AsyncGenerator<PeriodRead, void>;
  #first: PeriodRead | undefined;
  #objects: readonly number[] = [];
  /** Whether it was summer time when the period ended that ends where the range begins. */
  #beganInSummer: boolean | undefined;

  constructor(session: LastingSession, url: Iec102Url, wanted: Wanted, range: Range) {
    this.#session = session;
    this.#url = url;
    this.#wanted = wanted;
    this.#range = range;
    this.profile = `record ${wanted.record}${wanted.absolute ? ", absolute" : ""}`;
    this.#bodies = this.#all();
    this.#periods = periodsOf(this.#bodies);
  }

  get columns(): readonly ProfileColumn[] {
    return this.#columns;
  }

  /** Which objects there are, the first period says. */
  async begin(): Promise<void> {
    const { unit } = this.#url;
    if (this.#wanted.sort !== "totals") {
      this.#columns = this.#wanted.sort === "events" ? eventColumns : closureColumns(unit);
      return;
    }
    this.#first = await this.#firstPeriod();
    const [low, high] = this.#url.objects;
    this.#objects =
      this.#first?.totals.map(({ object }) => object) ?? Array.from({ length: high - low + 1 }, (_, k) => low + k);
    const measured = this.#objects.map((object): ProfileColumn => {
      const { name, unit: own } = objectName(object);
      return { name, code: `object ${object}`, unit: own === "" ? "" : `${unit}${own}` };
    });
    this.#columns = [...timeColumns, ...measured, { name: "quality", unit: "" }];
  }

  #all(): AsyncGenerator<Body, void> {
    const bodies = this.#session.all(this.#question(this.#from), (last) => this.#rest(last));
    return present(bodies, (refusal) => this.#note(this.#whyNone(refusal)));
  }

  /** Some stations have accounting totals only. */
  async #firstPeriod(): Promise<PeriodRead | undefined> {
    try {
      const step = await this.#periods.next();
      return step.done === true ? undefined : step.value;
    } catch (error) {
      if (!isNoType(error) || this.#types === accounting) throw error;
    }
    this.#types = accounting;
    this.#bodies = this.#all();
    this.#periods = periodsOf(this.#bodies);
    this.notes.push("the station has no operational totals: these are its accounting totals");
    return this.#firstPeriod();
  }

  async *rows(): AsyncGenerator<ProfileValues, void> {
    if (this.#wanted.sort === "totals") return yield* this.#totals();
    for await (const body of this.#bodies) {
      if (body.kind === "events") for (const one of body.events) if (this.#isAsked(one.at)) yield eventRow(one);
      if (body.kind === "tariff") for (const one of body.objects) if (!this.#isBefore(one.end)) yield closureRow(one);
    }
  }

  async *#totals(): AsyncGenerator<ProfileValues, void> {
    const isIn = ({ at }: PeriodRead): boolean => this.#isAsked(at) && !this.#isBefore(at);
    if (this.#first !== undefined && isIn(this.#first)) yield this.#periodRow(this.#first);
    for await (const period of this.#periods) if (isIn(period)) yield this.#periodRow(period);
  }

  #periodRow({ totals, at }: PeriodRead): ProfileValues {
    const byObject = new Map(totals.map((one) => [one.object, one]));
    if (totals.some(({ object }) => !this.#objects.includes(object))) this.#note("some periods have further objects");
    const good = totals.filter(({ quality }) => (quality & INVALID) === 0);
    const quality = good.reduce((bits, one) => bits | one.quality, 0);
    const values = this.#objects.map((object) => {
      const total = byObject.get(object);
      return total === undefined || (total.quality & INVALID) !== 0 ? undefined : total.value;
    });
    return [...timesOf(at), ...values, qualityText(quality)];
  }

  /** In words, why a station has nothing of what was asked for. */
  #whyNone(refusal: number): string {
    const { record, sort } = this.#wanted;
    const what = sort === "events" ? "event" : sort === "closures" ? "closure" : "period";
    const [low, high] = this.#url.objects;
    const why =
      refusal === Cause.unknownRecord
        ? `the station has no record address ${record}`
        : refusal === Cause.noObject
          ? `the station has none of the objects ${low} to ${high} in record address ${record}`
          : `the station has record address ${record}, and no ${what} of it in that range`;
    return `${why} (cause ${refusal})`;
  }

  #note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  /** Some meters give more than was asked for. */
  #isAsked(at: TimeA): boolean {
    const time = plainOf(at)?.with({ second: 0, millisecond: 0 });
    if (time === undefined) return true;
    const { from, to } = this.#range;
    return Temporal.PlainDateTime.compare(time, from) >= 0 && Temporal.PlainDateTime.compare(time, to) <= 0;
  }

  /**
   * What is stamped with its end, and ends where the range begins, has counted what was before it. Of the repeated hour two periods end
   * there: the second is in the range.
   */
  #isBefore(end: TimeA): boolean {
    if (plainOf(end)?.equals(this.#range.from) !== true) return false;
    this.#beganInSummer ??= end.summer;
    return end.summer === this.#beganInSummer;
  }

  get #from(): TimeA {
    return localTime(this.#range.from, "first", this.#range.isElsewhere);
  }

  #question(from: TimeA): Question {
    const { sort, record, absolute } = this.#wanted;
    const range = [from, localTime(this.#range.to, "last", this.#range.isElsewhere)] as const;
    if (sort === "events") return { type: EVENTS, record, body: { kind: "asked", range }, count: 0 };
    if (sort === "closures") return { type: CLOSURES, record, body: { kind: "asked", range } };
    const { objects } = this.#url;
    return {
      type: absolute ? this.#types.absolute : this.#types.incremental,
      record,
      body: { kind: "asked", objects, range },
    };
  }

  /**
   * Behind an answer it is asked again from the noon of the day before on, of which there is one: what a clock that was set back stamps anew may
   * lie before what came last. Closures have no times by which they could be chosen.
   */
  #rest(last: Temporal.PlainDateTime | undefined): Rest {
    const noon = last?.subtract({ days: 1 }).round({ smallestUnit: "day", roundingMode: "floor" }).with({ hour: 12 });
    if (noon === undefined || Temporal.PlainDateTime.compare(noon, this.#range.from) <= 0)
      return { question: this.#question(this.#from) };
    return { question: this.#question(localTime(noon, "first")), from: noon };
  }

  async close(): Promise<void> {
    await this.#session.close();
  }
}

function isNoType(error: unknown): boolean {
  return error instanceof Iec102Error && error.refusal === Cause.noType;
}

/** Of what a station has none there are no rows; that it does not know the question is another thing. */
async function* present(
  bodies: AsyncGenerator<Body, void>,
  none: (refusal: number) => void,
): AsyncGenerator<Body, void> {
  let count = 0;
  try {
    for await (const body of bodies) {
      count++;
      yield body;
    }
  } catch (error) {
    if (!isAbsent(error) || isNoType(error)) throw error;
    if (count === 0 && error instanceof Iec102Error && error.refusal !== undefined) none(error.refusal);
  }
}

const timeColumns: readonly ProfileColumn[] = [
  { name: "time", unit: "" },
  { name: "summer", unit: "" },
];

function timesOf(at: TimeA): ProfileValues {
  return [timeText(at), at.summer ? 1 : 0];
}

const eventColumns: readonly ProfileColumn[] = [
  ...timeColumns,
  ...["address", "qualifier", "state", "event"].map((name) => ({ name, unit: "" })),
];

function eventRow({ address, qualifier, on, at }: Extract<Body, { kind: "events" }>["events"][number]): ProfileValues {
  return [...timesOf(at), address, qualifier, on ? 1 : 0, eventText(address, qualifier, on)];
}

function closureColumns(unit: string): readonly ProfileColumn[] {
  const energies = ["active", "inductive", "capacitive"].flatMap((name) => [name, `${name}.period`]);
  return [
    { name: "start", unit: "" },
    { name: "end", unit: "" },
    { name: "tariff", unit: "" },
    ...energies.map((name) => ({ name, unit: `${unit}${name.startsWith("active") ? "Wh" : "varh"}` })),
    { name: "maximum", unit: `${unit}W` },
    { name: "maximum.time", unit: "" },
    { name: "excess", unit: "" },
    { name: "quality", unit: "" },
  ];
}

function energyValues({ absolute, incremental, quality }: TariffEnergy): ProfileValues {
  return (quality & INVALID) !== 0 ? [undefined, undefined] : [absolute, incremental];
}

function closureRow(one: Extract<Body, { kind: "tariff" }>["objects"][number]): ProfileValues {
  const { maximum, excess } = one;
  const energies = [one.active, one.inductive, one.capacitive];
  const bits = [...energies, maximum, excess].reduce(
    (all, { quality }) => ((quality & INVALID) === 0 ? all | quality : all),
    0,
  );
  const isValid = (maximum.quality & INVALID) === 0;
  return [
    timeText(one.start),
    timeText(one.end),
    tariffName(one.object),
    ...energies.flatMap(energyValues),
    isValid ? maximum.value : undefined,
    isValid ? timeText(maximum.at) : undefined,
    (excess.quality & INVALID) === 0 ? excess.value : undefined,
    qualityText(bits),
  ];
}
