/** A meter of a running site, whatever it is, over the site's HTTP API. */
import type { RegisterView } from "#quantity/meter-api.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import { accumulates } from "#quantity/measure.ts";
import { isNamedInstant } from "#quantity/register-name.ts";
import { unitOf } from "#quantity/unit.ts";
import { UnknownName } from "./chosen.ts";
import type { MeterSource, Reading, ReadingPart } from "./meter-source.ts";
import { pointsNamed } from "./point-source.ts";
import type { PointReading } from "./reader.ts";
import { logIn, logOut, readMeterView, readRegisters, SiteRefusal, type Pass, type Who } from "./site-meter.ts";
import { meterUrlOf } from "./site-url.ts";

export interface SiteChoice {
  /** One list of registers alone: "normal", "alternate", "test", "frozen"; what it measures now, and the first two, unless said. */
  readonly list?: string | undefined;
  /** What is wanted; nothing is all. */
  readonly names: readonly string[];
}

type View = Awaited<ReturnType<typeof readMeterView>>;

export class SiteSource implements MeterSource {
  readonly url: string;
  readonly line: string;
  /** Known once it has been read. */
  model: string | undefined;
  readonly name: string;
  /** Where the API has it. */
  readonly at: string;
  readonly #who: Who;
  readonly #choice: SiteChoice;
  #pass: Pass | undefined;

  constructor(
    text: string,
    { site, meter }: { readonly site: string; readonly meter: string },
    who: Who,
    choice: SiteChoice,
  ) {
    this.url = text;
    this.line = site;
    this.name = meter;
    this.at = meterUrlOf(site, meter);
    this.#who = who;
    this.#choice = choice;
  }

  /** A session that has ended is begun again. */
  async read(): Promise<Reading> {
    const before = this.#pass;
    this.#pass ??= await logIn(this.at, this.#who);
    try {
      return await this.#read(this.#pass);
    } catch (error) {
      if (before === undefined || !(error instanceof SiteRefusal) || error.status !== 401) throw error;
      this.#pass = undefined;
      this.#pass = await logIn(this.at, this.#who);
      return this.#read(this.#pass);
    }
  }

  async #read(pass: Pass): Promise<Reading> {
    const { list, names } = this.#choice;
    // The answer is all that there is of the meter now.
    const view = await readMeterView(this.at, pass);
    this.model = view.model;
    const registers = async (name: string): Promise<readonly RegisterView[]> =>
      (await readRegisters(this.at, name, pass)).registers;
    const { utc, offsetMinutes, absence } = view;
    const notes = absence === undefined ? [] : [`${this.name}: ${absence}`];
    const stamp = { utc, offsetMinutes, identification: [], absence, notes };
    if (list !== undefined) {
      const points = pointsNamed(names, (await registers(list)).map(pointOf), this.name);
      return { ...stamp, parts: partsOf([{ title: "Registers", points }]) };
    }
    if (names.length === 0) {
      const all = [...view.registers, ...(await registers("alternate"))];
      const parts = [readingsOf(view, all), { title: "Registers", points: all.map(pointOf) }];
      return { ...stamp, parts: partsOf(parts) };
    }
    return { ...stamp, parts: [{ points: await this.#named(view, () => registers("alternate")) }] };
  }

  /** The alternate registers are asked for only where something is not among the others. */
  async #named(view: View, alternate: () => Promise<readonly RegisterView[]>): Promise<readonly PointReading[]> {
    const now = Object.entries(view.readings).map(([name, value]) => valueOf(name, value));
    const first = [...now, ...view.registers.map(pointOf)];
    try {
      return pointsNamed(this.#choice.names, first, this.name);
    } catch (error) {
      if (!(error instanceof UnknownName)) throw error;
      return pointsNamed(this.#choice.names, [...first, ...(await alternate()).map(pointOf)], this.name);
    }
  }

  async close(): Promise<void> {
    const pass = this.#pass;
    this.#pass = undefined;
    if (pass !== undefined) await logOut(this.at, pass);
  }
}

function partsOf(parts: readonly ReadingPart[]): readonly ReadingPart[] {
  return parts.filter(({ points }) => points.length > 0);
}

function valueOf(name: string, value: number | null): PointReading {
  const measure = parseMeasure(name);
  return { name, value: value ?? undefined, unit: measure === undefined ? "" : unitOf(measure) };
}

/** What has a value; not an energy that a register shows. */
function readingsOf({ readings }: View, registers: readonly RegisterView[]): ReadingPart {
  const shown = new Set(registers.map(({ measure }) => measure));
  const points = Object.entries(readings).flatMap(([name, value]) => {
    const measure = parseMeasure(name);
    if (value === null || measure === undefined) return [];
    return accumulates(measure.quantity) && shown.has(name) ? [] : [valueOf(name, value)];
  });
  return { title: "Readings", points };
}

function pointOf({ id, name, label, value, text, unit, scale, measure }: RegisterView): PointReading {
  const called = label === "" || label === name ? {} : { label };
  const point = { register: id, name, ...called, unit, ...(scale === 1 ? {} : { scale }) };
  // An instant is its words, where it has been; so is what is no number.
  if (isNamedInstant(name)) return value === null ? { ...point, value: undefined, text } : { ...point, value: text };
  if (value === null && measure === undefined) return { ...point, value: text === "" ? undefined : text };
  return { ...point, value: value ?? undefined, text };
}
