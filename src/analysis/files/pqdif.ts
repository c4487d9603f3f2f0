/**
 * An examination as PQDIF (docs/pqdif.md): an observation for each event that has a trace, one of all dips, swells and interruptions, one
 * of all transients, and one of each length of intervals. Times of intervals are of their ends (IEC 61000-4-30, 4.5).
 */
import { eventClassText } from "#analysis/limits/event-class.ts";
import type {
  EventWave,
  ExaminedEvent,
  ExaminedSeries,
  Examination,
  IntervalTable,
  RmsTrace,
} from "#analysis/examination.ts";
import type { DataSource, MonitorSettings, Observation, PqdifContent } from "#format/pqdif/model.ts";
import { writePqdif } from "#format/pqdif/write.ts";
import { timeOf, type PqdifTime } from "#format/pqdif/time.ts";
import { type WiringName, wiringOf } from "#quantity/wiring.ts";
import { Definitions, type Measured } from "./pqdif-definitions.ts";
import { wavesOf } from "./pqdif-waves.ts";

export interface PqdifAs {
  readonly fileName: string;
  /** Of the data source: what was measured. */
  readonly sourceName: string;
  /** Milliseconds since 1970: when the file is made. */
  readonly created: number;
}

/** Throws RangeError of a recording that nobody knows the time of: nothing in PQDIF is without one. */
export function pqdifOf(examination: Examination, { fileName, sourceName, created }: PqdifAs): PqdifContent {
  const { startUtc } = examination;
  if (startUtc === undefined)
    throw new RangeError("when it was recorded is not known, and nothing in PQDIF is without a time");
  const container = { fileName, created: timeOf(created), title: `Analysis of ${sourceName}` };
  return { container, observations: new Observations(examination, startUtc, sourceName, created).all() };
}

/** Its bytes, zlib record by record. */
export function pqdifBytes(examination: Examination, as: PqdifAs): Promise<Uint8Array> {
  return writePqdif(pqdifOf(examination, as), { compress: true });
}

/** The declared voltage, brought from the voltages that events are of to others of the wiring. */
function nominalOf({ declared, voltages, wiring: named }: Examination, name: string): number | undefined {
  const [, terminals] = /^V\.(a|b|c|ab|bc|ca)$/.exec(name) ?? [];
  const [, own] = /^V\.(\w+)$/.exec(voltages[0] ?? "") ?? [];
  if (terminals === undefined || own === undefined) return undefined;
  if (terminals.length === own.length) return declared.volts;
  const { lnOverSystem } = wiringOf(named as WiringName);
  if (lnOverSystem === 0) return undefined;
  return terminals.length === 1 ? declared.volts * lnOverSystem : declared.volts / lnOverSystem;
}

class Observations {
  readonly #examination: Examination;
  readonly #startUtc: number;
  readonly #created: PqdifTime;
  readonly #definitions: Definitions;
  readonly #source: DataSource;
  readonly #settings: MonitorSettings;

  constructor(examination: Examination, startUtc: number, name: string, created: number) {
    this.#examination = examination;
    this.#startUtc = startUtc;
    this.#definitions = new Definitions((channel) => nominalOf(examination, channel));
    this.#created = timeOf(created);
    const effective = timeOf(startUtc);
    // One list that grows: a data source is written when all observations are made.
    this.#source = { type: "measured", vendor: "none", name, effective, channels: this.#definitions.list };
    this.#settings = {
      effective,
      installed: effective,
      useCalibration: false,
      useTransducer: false,
      nominalHz: examination.declared.hz,
      channels: [],
    };
  }

  all(): Observation[] {
    const { events, intervals, frequency, pst, plt } = this.#examination;
    return [
      ...events.flatMap((event) => this.#event(event)),
      ...this.#list(
        "dips, swells and interruptions",
        events.filter(({ kind }) => kind !== "rapid change" && kind !== "transient"),
      ),
      ...this.#list(
        "transients",
        events.filter(({ kind }) => kind === "transient"),
        "peak",
      ),
      ...intervals.flatMap((table) => (table.start.length === 0 ? [] : [this.#intervals(table)])),
      ...this.#series("frequency, 10 s", [frequency], { unit: "Hz", characteristic: "frequency" }),
      ...this.#series("flicker, 10 min", pst, { unit: "none", characteristic: "Pst" }),
      ...this.#series("flicker, 2 h", plt, { unit: "none", characteristic: "Plt" }),
    ];
  }

  #observation(name: string, at: number, channels: Observation["channels"]): Observation {
    return {
      name,
      created: this.#created,
      start: timeOf(this.#startUtc, at),
      triggerMethod: "periodic",
      source: this.#source,
      settings: this.#settings,
      channels,
    };
  }

  /** What was around an event: its samples, and the half-cycle RMS. */
  #event(event: ExaminedEvent): Observation[] {
    const { kind, trace, wave } = event;
    const first = trace?.times[0];
    return [
      ...(wave === undefined ? [] : [this.#triggered(`${kind}, waveform`, wave.at, event, this.#waves(wave))]),
      ...(trace === undefined || first === undefined
        ? []
        : [this.#triggered(`${kind}, half-cycle RMS`, first, event, this.#rms(trace, first))]),
    ];
  }

  #triggered(
    name: string,
    from: number,
    { at, ieee1159 }: ExaminedEvent,
    channels: Observation["channels"],
  ): Observation {
    return {
      ...this.#observation(name, from, channels),
      triggerMethod: "channel",
      triggered: timeOf(this.#startUtc, at),
      disturbance: ieee1159 === undefined ? undefined : eventClassText(ieee1159),
    };
  }

  #waves({ rate, channels }: EventWave): Observation["channels"] {
    const wiring = wiringOf(this.#examination.wiring as WiringName);
    return wavesOf(channels, wiring).map(({ name, samples }) => ({
      definition: this.#definitions.wave(name),
      series: [
        { values: samples.map((_, k) => k / rate), runs: [{ count: samples.length, step: 1 / rate }] },
        { values: samples, stored: "real4" as const },
      ],
    }));
  }

  #rms({ times, channels }: RmsTrace, first: number): Observation["channels"] {
    const time = this.#sharedTime(times.map((at) => at - first));
    return channels.map(({ name, rms }) => ({
      definition: this.#definitions.rms(name),
      series: [time(), { values: rms }],
    }));
  }

  #list(title: string, told: readonly ExaminedEvent[], characteristic: "RMS" | "peak" = "RMS"): Observation[] {
    const { voltages } = this.#examination;
    const channels = voltages.flatMap((name) => {
      const own = told.filter((event) => event.channels.includes(name));
      if (own.length === 0) return [];
      const volts = own.map(({ byChannel }) => byChannel.find((one) => one.name === name)?.volts ?? NaN);
      return [
        {
          definition: this.#definitions.events(name, characteristic),
          series: [
            { values: Float64Array.from(own, ({ at }) => at) },
            { values: Float64Array.from(volts) },
            // How long one lasted that was not seen to end, nobody knows.
            { values: Float64Array.from(own, ({ seconds, cut }) => (cut === undefined ? seconds : NaN)) },
          ],
        },
      ];
    });
    return channels.length === 0 ? [] : [this.#observation(title, 0, channels)];
  }

  #intervals({ length, start, end, columns, harmonics }: IntervalTable): Observation {
    const first = start[0]!;
    const channels: Observation["channels"][number][] = [];
    const time = this.#sharedTime(end.map((at) => at - first));
    const group = `intervals of ${length}`;
    for (const { name, unit, mean, min, max } of columns) {
      if (mean.every(Number.isNaN)) continue;
      const definition = this.#definitions.log({ name, unit, group }, ["average", "minimum", "maximum"]);
      channels.push({ definition, series: [time(), ...[mean, min, max].map((values) => ({ values }))] });
    }
    for (const { name, unit, orders } of harmonics) {
      for (const [order, values] of orders.entries()) {
        if (order === 0 || values.every(Number.isNaN)) continue;
        const definition = this.#definitions.log({ name, unit, group, characteristic: "spectra of harmonic groups" }, [
          "average",
        ]);
        channels.push({ definition, group: order, series: [time(), { values }] });
      }
    }
    return this.#observation(group, first, channels);
  }

  /** Times that the first channel has, and the others share with it. */
  #sharedTime(values: Float64Array) {
    let isFirst = true;
    return (): Observation["channels"][number]["series"][number] => {
      if (!isFirst) return { values, share: { channel: 0, series: 0 } };
      isFirst = false;
      return { values };
    };
  }

  #series(title: string, all: readonly ExaminedSeries[], { unit, characteristic }: Measured): Observation[] {
    const known = all.filter(({ values }) => values.some((value) => !Number.isNaN(value)));
    const first = known[0]?.start[0];
    if (first === undefined) return [];
    const channels = known.map(({ name, start, seconds, values }) => ({
      definition: this.#definitions.log({ name, unit, characteristic, group: title }, ["average"]),
      series: [{ values: start.map((at) => at + seconds - first) }, { values }],
    }));
    return [this.#observation(title, first, channels)];
  }
}
