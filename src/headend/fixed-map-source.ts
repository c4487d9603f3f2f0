/** A meter whose registers are those of its model, over Modbus. */
import type { Clock } from "#clock/clock.ts";
import type { MeterModel } from "#model/model.ts";
import { planOf, type DecodedPoint, type ReadingPlan } from "#protocol/modbus/register-decode.ts";
import { registerText, type Row } from "#protocol/modbus/register-table.ts";
import { rowName } from "#protocol/modbus/row-name.ts";
import { unitOf } from "#quantity/unit.ts";
import { chosen } from "./chosen.ts";
import type { Lines } from "./lines.ts";
import { inSi, readNow, type MeterSource, type Progress, type Reading } from "./meter-source.ts";
import type { ModbusUrl } from "./modbus-url.ts";
import { readUnit } from "./read-meter.ts";
import type { PointReading } from "./reader.ts";

type AnyRow = Row<string>;

function namesOf(row: AnyRow): readonly string[] {
  return [rowName(row)].filter((name) => name !== undefined);
}

function unitIn([, , , , , , is]: AnyRow): string {
  if (typeof is === "string") return unitOf(is);
  if ("signed" in is) return unitOf(is.signed);
  if ("rest" in is) return unitOf(is.rest);
  const [of] = "extreme" in is && is.says === "value" ? is.of : [];
  return of === undefined ? "" : unitOf(of);
}

function pointOf({ row, name, value }: DecodedPoint): readonly PointReading[] {
  if (name === undefined) return [];
  const unit = unitIn(row);
  return [
    { register: row[0], name, value: typeof value === "number" && Number.isNaN(value) ? undefined : value, unit },
  ];
}

/** Which rows have the values of names, and how they are read. */
interface Way {
  readonly rows: readonly AnyRow[];
  readonly plan: ReadingPlan;
}

/** Of a value that has several rows one that the meter is sure to have, and of these its float: it says more than a count. Throws UnknownName. */
function wayTo({ name, modbus }: MeterModel, names: readonly string[]): Way {
  const all = modbus.map.blocks.flatMap(({ rows, option, since }) => {
    const isSure = option === undefined && since === undefined;
    return rows.map((row) => ({ row, rank: (isSure ? 0 : 2) + (row[3] === "Float" ? 0 : 1) }));
  });
  const best = all.toSorted((a, b) => a.rank - b.rank).map(({ row }) => row);
  const rows = chosen(names, best, { of: name, namesOf });
  return { rows, plan: planOf(modbus, new Set(rows)) };
}

/** Every quantity that a model has, once. */
function quantitiesOf({ modbus }: MeterModel): readonly string[] {
  const all = modbus.map.blocks.flatMap(({ rows }) => rows.flatMap(({ 6: is }) => (typeof is === "string" ? is : [])));
  return [...new Set(all)];
}

/** What is wanted of a meter: what has these names; all quantities, each once; or all that there is. */
export type Wanted = { readonly names: readonly string[] } | "quantities" | "all";

export class FixedMapSource implements MeterSource {
  readonly url: string;
  readonly model: string;
  readonly unit: number;
  readonly line: string;
  readonly #at: ModbusUrl;
  readonly #model: MeterModel;
  readonly #lines: Lines;
  readonly #clock: Clock;
  readonly #way: Way | undefined;
  /** It has been asked once what it is. */
  #known = false;

  /** Throws UnknownName. */
  constructor(
    { text, at }: { readonly text: string; readonly at: ModbusUrl },
    model: MeterModel,
    { lines, clock, wanted }: { readonly lines: Lines; readonly clock: Clock; readonly wanted: Wanted },
  ) {
    this.url = text;
    this.model = model.name;
    this.unit = at.unit;
    this.line = lines.nameOf(at);
    this.#at = at;
    this.#model = model;
    this.#lines = lines;
    this.#clock = clock;
    if (wanted !== "all") this.#way = wayTo(model, wanted === "quantities" ? quantitiesOf(model) : wanted.names);
  }

  async read(progress?: Progress): Promise<Reading> {
    const line = await this.#lines.open(this.#at);
    const way = this.#way;
    const numbered = { registerText: registerText.bind(undefined, this.#model.modbus.map) };
    const { identification, blocks, notes } = await readUnit(line, this.unit, this.#model, {
      progress,
      plan: way?.plan,
      known: this.#known,
    });
    this.#known = true;
    if (way === undefined) {
      const parts = blocks.map(({ title, points }) => ({ ...numbered, title, points: points.flatMap(pointOf) }));
      return readNow(this.#clock, parts, { identification, notes });
    }
    const values = new Map(blocks.flatMap(({ points }) => points).map((point) => [point.row, point.value]));
    const points = way.rows.flatMap((row) =>
      pointOf({ row, name: rowName(row), value: values.get(row) ?? NaN }).map(inSi),
    );
    return readNow(this.#clock, [{ ...numbered, points }], { notes });
  }

  async close(): Promise<void> {
    this.#lines.close(this.#at);
  }
}
