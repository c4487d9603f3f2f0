/** A product that nobody knows but what reads it: a meter of a candle's light, in a hundred lines. */
import type { Clock } from "#clock/clock.ts";
import { ENERGIES, energy } from "#meter/integrals.ts";
import { Measurement } from "#meter/measurement.ts";
import { NonVolatile } from "#meter/non-volatile.ts";
import { PointUnit } from "#protocol/modbus/point-unit.ts";
import { modbusPoints } from "#product/points.ts";
import type { Product } from "#product/product.ts";
import type { LogEntry } from "#quantity/log.ts";
import { measureName, parseMeasure } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";
import { PlainSurface } from "#quantity/plain-surface.ts";
import type { List, RegisterReading } from "#quantity/register.ts";
import type { Series } from "#quantity/series.ts";
import { wiringOf } from "#quantity/wiring.ts";
import type { MeterStore } from "#store/store.ts";
import type { Source } from "#waveform/source.ts";

const [volts, imported] = ["V.a", "Wh.import"].map((name) => parseMeasure(name)!) as [Measure, Measure];

/** It knows its inputs anew so often. */
const CYCLE_MS = 500;
/** Its register has counted so much when it is new. */
const TESTED_WH = 70_003;

class CandleSurface extends PlainSurface {
  override readonly measures = [volts];
  readonly identity = {
    name: "",
    model: "candle-meter",
    title: "Candle meter",
    manufacturer: "Wax",
    serial: "7",
    firmware: "1",
    modelNumber: "",
  };
  readonly #memory: NonVolatile;
  readonly #total: Float64Array;
  readonly #measurement: Measurement;
  #cycleEnd: number;

  constructor(name: string, source: Source, store: MeterStore, clock: Clock) {
    super();
    this.identity.name = name;
    this.#memory = new NonVolatile(store);
    this.#total = this.#memory.run("integrals", ENERGIES);
    const design = { grid: 64, frequency: [45, 65], reactive: "fundamental", directional: true } as const;
    this.#measurement = new Measurement({ design, source, wiring: wiringOf("wye"), total: this.#total });
    this.#cycleEnd = clock.elapsed() + CYCLE_MS;
  }

  advance(elapsed: number): void {
    for (; this.#cycleEnd <= elapsed; this.#cycleEnd += CYCLE_MS) {
      this.#measurement.run(CYCLE_MS / 1000);
      this.#memory.save();
      this.changes.tell("cycle");
    }
  }

  now = () => ({ utc: 1_767_225_600_000, offsetMinutes: 60, daylightSaving: false, synchronised: true });
  protected value = (measure: Measure) => (measureName(measure) === "V.a" ? this.#measurement.result.v[0] : undefined);

  override registers(list: List): readonly RegisterReading[] {
    const facts = { kind: "consumption", tariff: "total", storage: "working", digits: 6, decimals: 0 } as const;
    const value = TESTED_WH + Math.floor(this.#total[energy.whImport]!);
    const text = String(value).padStart(6, "0");
    const shown = { value, text, counts: BigInt(value), unit: "Wh", scale: 1, valid: "good" } as const;
    return list === "normal" ? [{ id: 3, label: "Light", measure: imported, at: this.now(), ...facts, ...shown }] : [];
  }
}

/** The same with one log, and nothing else that it keeps. */
class LoggingCandleSurface extends CandleSurface {
  override get logs() {
    return ["event"] as const;
  }
  override log(): Series<LogEntry> {
    const lit: LogEntry = { sequence: 0, at: this.now(), what: "lit", by: "hardware", details: { matches: 2 } };
    return { first: 0, next: 1, page: (from, most) => (from > 0 || most < 1 ? [] : [lit]), seek: () => 0 };
  }
}

const at = { counters: 0, analogs: 0, outputs: 0, inputs: 0 };
const lists = {
  at,
  analogBits: 16,
  counters: [{ register: 3, scaling: 1 }],
  analogs: [{ measure: volts, scaling: 10 }],
  binaries: [],
} as const;
export const candles: Product = {
  protocols: ["modbus"],
  models: [
    { name: "candle-meter", title: "Candle meter", manual: "none" },
    { name: "candle-logger", title: "Candle meter with a log", manual: "none" },
  ],
  check: () => [],
  make({ entry, source, store, clock }) {
    const feed = source({ sampling: { perCycle: 64 }, wiring: "wye" });
    const surface = new (entry.model === "candle-logger" ? LoggingCandleSurface : CandleSurface)(
      entry.name,
      feed,
      store,
      clock,
    );
    const all = { ...lists, outputs: 0, lowFirst: false };
    const points = modbusPoints(
      surface,
      () => all,
      surface.open({ protocol: "modbus", port: "ethernet 1", near: false }),
    );
    const unit = new PointUnit(points, at);
    const idle = { notices: [], start: () => {}, stop: () => {}, room: () => undefined };
    return {
      surface,
      source: feed,
      bindings: { modbus: () => unit },
      line: { address: 1, baud: 9600, parity: 0 },
      advance: (elapsed) => surface.advance(elapsed),
      ...idle,
    };
  },
};
