/** A product that nobody knows but what reads it: a meter of a candle's light, in thirty lines. */
import { PointUnit } from "#protocol/modbus/point-unit.ts";
import { modbusPoints } from "#product/points.ts";
import type { Product } from "#product/product.ts";
import type { LogEntry } from "#quantity/log.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";
import { PlainSurface } from "#quantity/plain-surface.ts";
import type { List, RegisterReading } from "#quantity/register.ts";
import type { Series } from "#quantity/series.ts";

const [volts, energy] = ["V.a", "Wh.import"].map((name) => parseMeasure(name)!) as [Measure, Measure];

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
  constructor(name: string) {
    super();
    this.identity.name = name;
  }
  now = () => ({ utc: 1_767_225_600_000, offsetMinutes: 60, daylightSaving: false, synchronised: true });
  protected value = (measure: Measure) => (measure.quantity === "V" ? 229.5 : undefined);
  override registers(list: List): readonly RegisterReading[] {
    const facts = { kind: "consumption", tariff: "total", storage: "working", digits: 6, decimals: 0 } as const;
    const value = { value: 70_003, text: "070003", counts: 70_003n, unit: "Wh", scale: 1, valid: "good" } as const;
    return list === "normal" ? [{ id: 3, label: "Light", measure: energy, at: this.now(), ...facts, ...value }] : [];
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
  models: [
    { name: "candle-meter", title: "Candle meter", manual: "none" },
    { name: "candle-logger", title: "Candle meter with a log", manual: "none" },
  ],
  check: () => [],
  make({ entry, source }) {
    const surface = new (entry.model === "candle-logger" ? LoggingCandleSurface : CandleSurface)(entry.name);
    const all = { ...lists, outputs: 0, lowFirst: false };
    const points = modbusPoints(
      surface,
      () => all,
      surface.open({ protocol: "modbus", port: "ethernet 1", near: false }),
    );
    const unit = new PointUnit(points, at);
    const idle = { notices: [], advance: () => {}, start: () => {}, stop: () => {}, room: () => undefined };
    const feed = source({ sampling: { perCycle: 64 }, wiring: "wye" });
    return {
      surface,
      source: feed,
      bindings: { modbus: () => unit },
      line: { address: 1, baud: 9600, parity: 0 },
      ...idle,
    };
  },
};
