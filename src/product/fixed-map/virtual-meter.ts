/** One meter of a site: where a model, an instrument and a source meet. */
import type { Clock } from "#clock/clock.ts";
import { Instrument } from "#meter/instrument.ts";
import type { MeterModel } from "#model/model.ts";
import { RegisterMap } from "#protocol/modbus/register-map.ts";
import type { Identity } from "#quantity/interfaces.ts";
import { LastCycles } from "#quality/last-cycles.ts";
import type { QualityPart } from "#quantity/quality-view.ts";
import { SettingsHistory } from "./settings-history.ts";
import type { MeterStore } from "#store/store.ts";
import type { Source } from "#waveform/source.ts";
import { crc32 } from "#wire/crc32.ts";

export interface VirtualMeterOptions {
  readonly name: string;
  readonly model: MeterModel;
  readonly source: Source;
  readonly clock: Clock;
  readonly store: MeterStore;
  readonly serial?: string | undefined;
  readonly firmware?: number | undefined;
  readonly logging?: boolean | undefined;
  readonly clockDriftPpm?: number | undefined;
  /** Told in words what a peer was refused. */
  readonly refused?: ((why: string) => void) | undefined;
}

export interface VirtualMeter {
  readonly model: MeterModel;
  readonly instrument: Instrument;
  readonly registers: RegisterMap;
  readonly history: SettingsHistory;
  /** What its last cycles have of power quality, of a source of samples. */
  readonly quality?: QualityPart | undefined;
}

export function makeMeter(options: VirtualMeterOptions): VirtualMeter {
  const { model, name } = options;
  const logging = options.logging ?? false;
  const identity: Identity = {
    manufacturer: model.manufacturer,
    product: model.product,
    options: logging ? model.options.logging : model.options.plain,
    firmware: options.firmware ?? model.firmware,
    serial: options.serial ?? serialOf(name),
  };
  let registers: RegisterMap | undefined;
  const history = new SettingsHistory(options.store, model.instrument.settings, () => ({
    utc: options.clock.utc(),
    offsetMinutes: 0,
    daylightSaving: false,
    synchronised: true,
  }));
  const instrument = new Instrument({
    name,
    design: model.instrument,
    identity,
    clock: options.clock,
    source: options.source,
    store: options.store,
    changed: (before, after) => history.changed(before, after),
    logging,
    clockDriftPpm: options.clockDriftPpm ?? 0,
    words: { word: (register) => registers?.word(register) ?? 0x8000 },
  });
  const { clock, refused } = options;
  registers = mapOf({ model, instrument, clock, refused });
  const sampled = options.source;
  if (sampled.kind !== "samples") return { model, instrument, registers, history };
  const quality = new LastCycles(() => ({
    grid: instrument.measurement.grid,
    wiring: instrument.wiring,
    utc: (at) => clock.utc() - 1000 * (sampled.elapsed - at),
  }));
  return { model, instrument, registers, history, quality };
}

/** The registers of a model's own instrument, as they are asked for at an address; at any where it is not said. */
export function mapOf(meter: {
  readonly model: MeterModel;
  readonly instrument: Instrument;
  readonly clock: Clock;
  readonly refused?: ((why: string) => void) | undefined;
  readonly unit?: number | undefined;
}): RegisterMap {
  const { model, instrument, clock, refused, unit } = meter;
  const options = new Set(instrument.log === undefined ? [] : ["logging"]);
  return new RegisterMap(model.modbus, instrument, { options, clock, refused, unit });
}

/** A serial number that is the same at every start, and differs from meter to meter. */
function serialOf(name: string): string {
  return `P${crc32(new TextEncoder().encode(name)).toString().padStart(10, "0")}`;
}
