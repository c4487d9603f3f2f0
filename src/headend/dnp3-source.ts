/** A meter that is read over DNP3: its present values, or what is wanted by kind and number, by class, or by the names of a configuration. */
import type { PointFacts } from "#protocol/dnp3/point-facts.ts";
import type { Clock } from "#clock/clock.ts";
import { indicated, type Indication } from "#protocol/dnp3/application/indications.ts";
import { indicationWords } from "#protocol/dnp3/application/indication-words.ts";
import type { Association } from "#protocol/dnp3/master/association.ts";
import { DnpError } from "#protocol/dnp3/master/failing.ts";
import { read } from "#protocol/dnp3/master/outstation.ts";
import { groupOf, Points, type PointKind, type PointValue } from "#protocol/dnp3/master/points.ts";
import { classes, type ReadHeader } from "#protocol/dnp3/master/requests.ts";
import { UnknownName } from "./chosen.ts";
import { explained, openMeter, type Dnp3Meter, type Dnp3Settings } from "./dnp3-meter.ts";
import { instantText, pointName, readingOf, titles } from "./dnp3-points.ts";
import { allOf, selectionOf, type Selection } from "./dnp3-selection.ts";
import type { Dnp3Url } from "./dnp3-url.ts";
import { inSi, readNow, type MeterSource, type Reading, type ReadingPart } from "./meter-source.ts";
import { placeName } from "./place.ts";
import type { PointReading, SourceAsked } from "./reader.ts";

/** Every present value; events stay where they are until somebody asks for them. */
const everything = classes(0);

/** What of an outstation's state a person should look at, whatever was read. */
const noted: readonly Indication[] = [
  "needTime",
  "localControl",
  "deviceTrouble",
  "deviceRestart",
  "overflow",
  "configurationCorrupt",
];

export class Dnp3Source implements MeterSource {
  readonly url: string;
  readonly line: string;
  readonly unit: number;
  readonly expands: boolean;
  readonly #at: Dnp3Url;
  readonly #settings: Dnp3Settings;
  readonly #clock: Clock;
  readonly #facts: readonly PointFacts[];
  readonly #selection: Selection | undefined;
  readonly #held: SourceAsked["held"];
  #meter: Dnp3Meter | undefined;

  /** Throws UnknownName. */
  constructor(
    { text, at }: { readonly text: string; readonly at: Dnp3Url },
    settings: Dnp3Settings,
    {
      clock,
      names,
      held,
      facts = [],
    }: { readonly clock: Clock; readonly facts?: readonly PointFacts[] } & Pick<SourceAsked, "names" | "held">,
  ) {
    this.url = text;
    this.line = `dnp3 ${placeName(at.place)}`;
    this.unit = at.address;
    this.#at = at;
    this.#settings = settings;
    this.#clock = clock;
    this.#held = held;
    this.#facts = facts;
    this.#selection = names.length === 0 ? undefined : selectionOf(names, facts, text);
    this.expands = this.#selection?.isByKind ?? false;
  }

  /** A connection that has stood for a while may have ended: it is opened again. */
  async read(): Promise<Reading> {
    const isOld = this.#meter !== undefined;
    try {
      return await this.#read();
    } catch (error) {
      const why = this.#meter === undefined ? error : await explained(error, this.#at, this.#meter.line);
      await this.close();
      if (!isOld || !(error instanceof DnpError) || error.reason !== "closed") throw why;
    }
    return this.#read();
  }

  async #read(): Promise<Reading> {
    const meter = (this.#meter ??= await this.#open());
    const points = new Points();
    const headers = this.#selection?.headers ?? (this.#facts.length === 0 ? everything : allOf(this.#facts));
    const { iin, refused } = await read(meter.association, headers, points);
    const short = await this.#hasAll(meter, points);
    const strange = this.#strange(points);
    if (refused.length === headers.length && points.present.length === 0 && points.events.length === 0)
      throw new DnpError(
        [`${meter.association.peer} refuses ${refused.map(refusedText).join("; ")}`, ...strange].join("; "),
        "refused",
        refused[0]?.iin,
      );
    const notes = [
      ...this.#state(iin),
      ...strange.map((one) => `${this.url}: ${one}`),
      ...short.values(),
      ...refused.filter(({ header }) => !short.has(header)).map((one) => `${this.url} refuses ${refusedText(one)}`),
      ...(points.others.size === 0 ? [] : [`${this.url} says besides: ${[...points.others].join(", ")}`]),
    ];
    return readNow(this.#clock, this.#parts(points), { notes, oneByOne: true });
  }

  async #open(): Promise<Dnp3Meter> {
    await this.#held.get(this.line)?.();
    this.#held.set(this.line, () => this.close());
    return openMeter(this.#at, this.#settings);
  }

  /** What was asked for by its number is there, and something of each range, or it is said what there is. Ranges that are there in part, in words. */
  async #hasAll({ association }: Dnp3Meter, points: Points): Promise<ReadonlyMap<ReadHeader, string>> {
    const { points: single = [], ranges = [], named = [] } = this.#selection ?? {};
    const missing = [...single, ...named].find(({ kind, index }) => points.get(kind, index) === undefined);
    if (missing !== undefined)
      throw new UnknownName(pointName(missing), this.url, await pointsThere(association, missing.kind));
    const short = new Map<ReadHeader, string>();
    for (const { kind, from, to, header } of ranges) {
      const found = points.present.filter((one) => one.kind === kind && one.index >= from && one.index <= to).length;
      if (found > to - from) continue;
      const there = await pointsThere(association, kind);
      if (found === 0) throw new UnknownName(`${kind} ${from}-${to}`, this.url, there);
      short.set(header, `${this.url}: ${kind} ${from}-${to} is there in part; it has ${there.join(", ")}`);
    }
    return short;
  }

  /**
   * Where a list names points that the outstation has not, it is another one's: its names stand at other points then, too. Of counters that are frozen a
   * profile says that they are there of all or none.
   */
  #strange(points: Points): readonly string[] {
    if (this.#selection !== undefined) return [];
    const missing = this.#facts.filter(
      ({ kind, index }) => kind !== "frozen counter" && points.get(kind, index) === undefined,
    );
    const kinds = [...Map.groupBy(missing, ({ kind }) => kind).values()].flatMap(rangesOf);
    if (kinds.length === 0) return [];
    return [
      `it has no ${kinds.join(", no ")}, which the list of --configuration names: that is not the list of this outstation, and names and values may be of other points`,
    ];
  }

  #state(iin: number): readonly string[] {
    const words = indicated(iin).filter((one) => noted.includes(one));
    if (words.length === 0) return [];
    return [`${this.url}: ${words.map((one) => indicationWords[one]).join(", ")}`];
  }

  #parts(points: Points): readonly ReadingPart[] {
    const { named = [], isByKind = true } = this.#selection ?? {};
    const chosen = named.flatMap((facts) => {
      const point = points.get(facts.kind, facts.index);
      return point === undefined ? [] : [inSi(readingOf(point, facts))];
    });
    if (!isByKind) return [{ points: chosen }];
    const facts = new Map(this.#facts.map((one) => [pointName(one), one]));
    const readings = (own: readonly PointValue[]): readonly PointReading[] =>
      own.map((point) => readingOf(point, facts.get(pointName(point))));
    const present = points.present;
    const parts: ReadingPart[] = titles.map(([kind, title]) => ({ title, points: readings(ofKind(present, kind)) }));
    parts.push({ title: "Events", points: readings(points.events) });
    if (points.time !== undefined)
      parts.push({ title: "Time", points: [{ name: "time", value: instantText(points.time), unit: "" }] });
    return parts.filter((part) => part.points.length > 0);
  }

  async close(): Promise<void> {
    const meter = this.#meter;
    this.#meter = undefined;
    if (meter === undefined) return;
    this.#held.delete(this.line);
    meter.close();
  }
}

function ofKind(points: readonly PointValue[], kind: PointKind): readonly PointValue[] {
  return points.filter((point) => point.kind === kind).sort((a, b) => a.index - b.index);
}

function refusedText({ header, why }: { readonly header: ReadHeader; readonly why: string }): string {
  const { group, variation, which } = header;
  const range =
    which === "all"
      ? ""
      : "from" in which
        ? ` ${which.from}-${which.to}`
        : "indices" in which
          ? ` ${which.indices.join(",")}`
          : "";
  return `g${group}v${variation}${range}: ${why}`;
}

/** What an outstation has of a kind. */
async function pointsThere(association: Association, wanted: PointKind): Promise<readonly string[]> {
  const all = new Points();
  await read(association, [{ group: groupOf[wanted], variation: 0, which: "all" }], all);
  const known = all.present.filter(({ kind }) => kind === wanted);
  return known.length === 0 ? ["none"] : rangesOf(known);
}

/** "analog 0-3". */
function rangesOf(points: readonly Pick<PointValue, "kind" | "index">[]): readonly string[] {
  const [first] = points;
  if (first === undefined) return [];
  const indices = points.map(({ index }) => index).sort((a, b) => a - b);
  const ranges: string[] = [];
  let from = indices[0] ?? 0;
  indices.forEach((index, k) => {
    const next = indices[k + 1];
    if (next === index + 1) return;
    ranges.push(from === index ? String(from) : `${from}-${index}`);
    from = next ?? 0;
  });
  return [`${first.kind} ${ranges.join(", ")}`];
}
