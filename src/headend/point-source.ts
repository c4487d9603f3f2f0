/** Meters whose points are lists: those that a configuration made, and those that a protocol tells by itself. */
import type { Clock } from "#clock/clock.ts";
import type { PointFacts, PointLists } from "#protocol/modbus/point-facts.ts";
import { ClientError } from "#protocol/modbus/failing.ts";
import { AskedUnit } from "./asked-unit.ts";
import { chosen } from "./chosen.ts";
import { knownModel } from "./identity.ts";
import type { Lines } from "./lines.ts";
import { inSi, readNow, type MeterSource, type Reading } from "./meter-source.ts";
import type { ModbusUrl } from "./modbus-url.ts";
import { byTable, readPoints } from "./read-points.ts";
import type { PointReading } from "./reader.ts";

/** By its name, or by what its owner calls it. */
function namesOf({ name, label }: Pick<PointReading, "name" | "label">): readonly string[] {
  return label === undefined || label === "" ? [name] : [name, label];
}

/** Of points that have been read those of some names, in their order, in the units of their names; all where nothing is named. Throws UnknownName. */
export function pointsNamed(
  names: readonly string[],
  points: readonly PointReading[],
  of: string,
): readonly PointReading[] {
  return names.length === 0 ? points : chosen(names, points, { of, namesOf }).map(inSi);
}

/** Over Modbus, by a configuration. */
export class ConfiguredSource implements MeterSource {
  readonly url: string;
  readonly model: string;
  readonly unit: number;
  readonly line: string;
  readonly #at: ModbusUrl;
  readonly #lists: PointLists;
  readonly #lines: Lines;
  readonly #clock: Clock;
  readonly #wanted: readonly PointFacts[] | undefined;
  /** It has been asked once what it is. */
  #known = false;

  /** `names` are what is wanted; nothing is all. Throws UnknownName. */
  constructor(
    { text, at, model }: { readonly text: string; readonly at: ModbusUrl; readonly model: string },
    lists: PointLists,
    { lines, clock, names }: { readonly lines: Lines; readonly clock: Clock; readonly names: readonly string[] },
  ) {
    this.url = text;
    this.model = model;
    this.unit = at.unit;
    this.line = lines.nameOf(at);
    this.#at = at;
    this.#lists = lists;
    this.#lines = lines;
    this.#clock = clock;
    this.#wanted = names.length === 0 ? undefined : chosen(names, lists.points, { of: model, namesOf });
  }

  async read(): Promise<Reading> {
    const meter = new AskedUnit(await this.#lines.open(this.#at), this.unit);
    const points = await readPoints(meter, this.unit, this.#lists, this.#wanted).catch(async (error: unknown) => {
      const other = error instanceof ClientError && error.reason === "refused" ? await this.#other(meter) : undefined;
      throw other === undefined ? error : new ClientError(`${(error as Error).message}; ${other}`, "refused");
    });
    const other = await this.#other(meter);
    const parts = this.#wanted === undefined ? byTable(points) : [{ points: points.map(inSi) }];
    return readNow(this.#clock, parts, { notes: other === undefined ? [] : [other] });
  }

  /** That another model answers, said once. */
  async #other({ ask }: AskedUnit): Promise<string | undefined> {
    if (this.#known) return undefined;
    this.#known = true;
    return knownModel(ask, this.unit, this.model);
  }

  async close(): Promise<void> {
    this.#lines.close(this.#at);
  }
}

/** Over a protocol that tells what a meter has. */
export class TellingSource implements MeterSource {
  readonly url: string;
  readonly line: string;
  readonly #all: () => Promise<readonly PointReading[]>;
  readonly #clock: Clock;
  readonly #names: readonly string[];

  constructor(
    url: string,
    all: () => Promise<readonly PointReading[]>,
    { clock, names }: { readonly clock: Clock; readonly names: readonly string[] },
  ) {
    this.url = url;
    this.line = url;
    this.#all = all;
    this.#clock = clock;
    this.#names = names;
  }

  async read(): Promise<Reading> {
    const points = pointsNamed(this.#names, await this.#all(), this.url);
    return readNow(this.#clock, [{ points }]);
  }

  async close(): Promise<void> {
    // Its line ends with each reading.
  }
}
