/** What a meter measures and shows, as rows of tables, made once a calculation cycle and only where somebody asks. */
import { measureName } from "#quantity/measure-name.ts";
import { accumulates, dimensionOf, type Measure } from "#quantity/measure.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { List, Reading, RegisterReading, RegisterType } from "#quantity/register.ts";
import type { SnmpHost } from "./host.ts";
import type { Row } from "./objects.ts";
import { compareOids, impliedIndex } from "./oid.ts";

export interface MeasureRow extends Reading {
  readonly name: string;
  readonly measure: Measure;
  readonly value: number;
}

export interface RegisterRow extends RegisterReading {
  readonly list: List;
}

export interface MeterRows {
  readonly measures: readonly Row<MeasureRow>[];
  readonly energies: readonly Row<RegisterRow>[];
  readonly demands: readonly Row<RegisterRow>[];
  readonly registers: readonly Row<RegisterRow>[];
}

/** An index of so many bytes, behind the name of a column, still is a name. */
const LONGEST_NAME = 64;

const demandKinds: ReadonlySet<string> = new Set<RegisterType>([
  "presentDemand",
  "pastDemand",
  "peakDemand",
  "predictedDemand",
  "thermalDemand",
  "peakThermalDemand",
  "coincidentDemand",
]);

function isEnergy({ kind, storage, measure }: RegisterRow): boolean {
  return kind === "consumption" && storage === "working" && measure !== undefined && accumulates(measure.quantity);
}

/** Measures by name; those of one name are one. */
function named(measures: readonly Measure[]): readonly (readonly [string, Measure])[] {
  const all = new Map<string, Measure>();
  for (const measure of measures) {
    const name = measureName(measure);
    if (!accumulates(measure.quantity) && name.length <= LONGEST_NAME && !all.has(name)) all.set(name, measure);
  }
  return [...all].toSorted(([one], [other]) => compareOids(impliedIndex(one), impliedIndex(other)));
}

/** Powers are told in whole units, and squares; all else in thousandths. */
export function measureScale(measure: Measure): number {
  const { volts, amps } = dimensionOf(measure);
  return volts + amps >= 2 ? 0 : -3;
}

/** The rows of a meter; what they show is primary. */
export class RowsOfMeter {
  readonly #surface: MeterSurface;
  readonly #mayRead: SnmpHost["mayRead"];
  #names: { readonly epoch: number; readonly named: ReturnType<typeof named> } | undefined;
  #rows: { readonly epoch: number; readonly rows: MeterRows } | undefined;

  constructor({ surface, mayRead }: Pick<SnmpHost, "surface" | "mayRead">) {
    this.#surface = surface;
    this.#mayRead = mayRead;
  }

  /** What was read is no longer so. */
  forget(): void {
    this.#rows = undefined;
  }

  get now(): MeterRows {
    const { epoch } = this.#surface;
    if (this.#rows?.epoch !== epoch) this.#rows = { epoch, rows: this.#read() };
    return this.#rows.rows;
  }

  #read(): MeterRows {
    const { epoch } = this.#surface;
    if (this.#names?.epoch !== epoch) this.#names = { epoch, named: named(this.#surface.measures) };
    const byId = new Map<number, RegisterRow>();
    for (const list of this.#mayRead("registers") ? (["alternate", "normal"] as const) : [])
      for (const one of this.#surface.registers(list)) byId.set(one.id, { ...one, list });
    const registers = [...byId.values()]
      .toSorted((a, b) => a.id - b.id)
      .map((of): Row<RegisterRow> => ({ index: [of.id], of }));
    return {
      measures: (this.#mayRead("readings") ? this.#names.named : []).flatMap(([name, measure]): Row<MeasureRow>[] => {
        const { value, ...rest } = this.#surface.read(measure, "primary");
        return value === undefined ? [] : [{ index: impliedIndex(name), of: { ...rest, value, name, measure } }];
      }),
      energies: registers.filter(({ of }) => isEnergy(of)),
      demands: registers.filter(({ of }) => demandKinds.has(of.kind)),
      registers,
    };
  }
}
