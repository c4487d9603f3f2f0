/** A meter that is read over IEC 60870-5-102: what it measures now, what its tariffs have counted, and what it is. */
import type { Clock } from "#clock/clock.ts";
import type { Body } from "#protocol/iec102/asdu/body.ts";
import type { Iec102Client, Question } from "#protocol/iec102/reader/client.ts";
import { isAbsent } from "#protocol/iec102/reader/failing.ts";
import { chosen, UnknownName } from "./chosen.ts";
import { localTime, offsetAt, plainOf } from "./iec102-local.ts";
import { named, openMeter, type Iec102Settings } from "./iec102-meter.ts";
import { equipmentPoints, momentPoints, tariffPoints, totalPoints } from "./iec102-points.ts";
import type { Iec102Url } from "./iec102-url.ts";
import { timeText } from "./iec102-words.ts";
import { readNow, type MeterSource, type Progress, type Reading, type ReadingPart } from "./meter-source.ts";
import { placeName } from "./place.ts";
import type { PointReading, SourceAsked } from "./reader.ts";

const [PRODUCT, EQUIPMENT, MOMENT, RUNNING, ABSOLUTE] = [100, 141, 162, 133, 122];
const objects = [192, 193, 194];
const HOURS = 11;
const firstContract = 134;
const contracts = [1, 2, 3];
/** A clock that is further off is worth a word. */
const OFF_MS = 30_000;

const NOTHING =
  "the station has nothing but its clock: no values of the moment, no tariffs, and no totals of record address 11 in the last day; the base standard has only totals, and profile asks for those of other records";

export class Iec102Source implements MeterSource {
  readonly url: string;
  readonly line: string;
  readonly unit: number;
  readonly #at: Iec102Url;
  readonly #settings: Iec102Settings;
  readonly #clock: Clock;
  readonly #names: readonly string[];
  readonly #held: SourceAsked["held"];
  #meter: Iec102Client | undefined;

  constructor(
    { text, at }: { readonly text: string; readonly at: Iec102Url },
    settings: Iec102Settings,
    { clock, names, held }: { readonly clock: Clock } & Pick<SourceAsked, "names" | "held">,
  ) {
    this.url = text;
    this.line = `iec102 ${placeName(at.place)}`;
    this.unit = at.address;
    this.#at = at;
    this.#settings = settings;
    this.#clock = clock;
    this.#names = names;
    this.#held = held;
  }

  /** A session that has stood for a while may have ended: it is begun again. */
  async read(progress: Progress = () => {}): Promise<Reading> {
    const isOld = this.#meter !== undefined;
    try {
      return await this.#read(progress);
    } catch (error) {
      await this.close();
      if (!isOld || error instanceof UnknownName) throw named(error, this.#at);
    }
    return this.#read(progress);
  }

  async #read(progress: Progress): Promise<Reading> {
    const meter = (this.#meter ??= await this.#open());
    const steps: readonly (() => Promise<readonly ReadingPart[]>)[] = [
      () => this.#moment(meter),
      () => this.#tariffs(meter),
      () => this.#equipment(meter),
    ];
    const parts: ReadingPart[] = [];
    for (const [k, step] of steps.entries()) {
      progress(k, steps.length);
      parts.push(...(await step()));
    }
    progress(steps.length, steps.length);
    const { part, notes } = await this.#time(meter);
    const all = [...parts, part];
    const more = {
      identification: await identification(meter),
      notes: parts.length === 0 ? [NOTHING, ...notes] : notes,
    };
    if (this.#names.length === 0) return readNow(this.#clock, all, more);
    const points = chosen(
      this.#names,
      all.flatMap((one) => one.points),
      { of: this.url, namesOf: ({ name }) => [name] },
    );
    return readNow(this.#clock, [{ points }], more);
  }

  async #open(): Promise<Iec102Client> {
    await this.#held.get(this.line)?.();
    this.#held.set(this.line, () => this.close());
    return openMeter(this.#at, this.#settings);
  }

  /** Values of the moment; of a station without them its totals at the end of the last hour. */
  async #moment(meter: Iec102Client): Promise<readonly ReadingPart[]> {
    const { unit } = this.#at;
    const body = await orAbsent(meter.ask({ type: MOMENT, body: { kind: "addresses", addresses: objects } }));
    if (body?.kind === "instantaneous")
      return [{ title: "Values of the moment", points: body.objects.flatMap((one) => momentPoints(one, unit)) }];
    const now = plainOf(await meter.time());
    if (now === undefined) return [];
    const range = [localTime(now.subtract({ days: 1 }), "first"), localTime(now, "last")] as const;
    const asked: Body = { kind: "asked", objects: this.#at.objects, range };
    const last = (await all(meter, { type: ABSOLUTE, record: HOURS, body: asked })).at(-1);
    if (last?.kind !== "totals") return [];
    return [{ title: `Totals at ${timeText(last.at) ?? ""}`, points: totalPoints(last.totals, unit) }];
  }

  async #tariffs(meter: Iec102Client): Promise<readonly ReadingPart[]> {
    const parts: ReadingPart[] = [];
    for (const contract of contracts) {
      const bodies = await all(meter, { type: RUNNING, record: firstContract + contract - 1 });
      const points = bodies.flatMap((body): readonly PointReading[] =>
        body.kind === "tariff" ? body.objects.flatMap((one) => tariffPoints(contract, one, this.#at.unit)) : [],
      );
      if (points.length > 0) parts.push({ title: `Contract ${contract}, since its last closure`, points });
    }
    return parts;
  }

  async #equipment(meter: Iec102Client): Promise<readonly ReadingPart[]> {
    const body = await orAbsent(meter.ask({ type: EQUIPMENT }));
    return body?.kind === "equipment" ? [{ title: "Equipment", points: equipmentPoints(body) }] : [];
  }

  async #time(meter: Iec102Client): Promise<{ readonly part: ReadingPart; readonly notes: readonly string[] }> {
    const time = await meter.time();
    const utc = this.#clock.utc();
    const points = [{ name: "time", value: timeText(time), unit: "" }];
    const wall = plainOf(time)?.toZonedDateTime("UTC").epochMilliseconds;
    const off = wall === undefined ? undefined : wall - utc - 60_000 * offsetAt(utc).offsetMinutes;
    const notes =
      off === undefined || Math.abs(off) <= OFF_MS
        ? []
        : [`its clock is ${Math.round(Math.abs(off) / 1000)} s ${off < 0 ? "behind" : "ahead of"} local time here`];
    return { part: { title: "Clock", points }, notes };
  }

  async close(): Promise<void> {
    const meter = this.#meter;
    this.#meter = undefined;
    if (meter !== undefined) this.#held.delete(this.line);
    await meter?.close().catch(() => {});
  }
}

async function orAbsent(asked: Promise<Body>): Promise<Body | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Of what a station does not have nothing. */
async function all(meter: Iec102Client, question: Question): Promise<readonly Body[]> {
  const found: Body[] = [];
  try {
    for await (const body of meter.all(question)) found.push(body);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  return found;
}

async function identification(meter: Iec102Client): Promise<readonly string[]> {
  const body = await orAbsent(meter.ask({ type: PRODUCT }));
  return body?.kind === "product" ? [`manufacturer ${body.manufacturer}`, `device ${body.device}`] : [];
}
