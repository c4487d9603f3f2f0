/** One meter of a site: where a model, an instrument and a source meet. */
import type { Clock } from "#clock/clock.ts";
import { Instrument } from "#meter/instrument.ts";
import type { MeterModel } from "#model/model.ts";
import { RegisterMap } from "#protocol/modbus/register-map.ts";
import type { Identity } from "#quantity/interfaces.ts";
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
  const instrument = new Instrument({
    name,
    design: model.instrument,
    identity,
    clock: options.clock,
    source: options.source,
    store: options.store,
    logging,
    clockDriftPpm: options.clockDriftPpm ?? 0,
    words: { word: (register) => registers?.word(register) ?? 0x8000 },
  });
  const { clock, refused } = options;
  registers = mapOf({ model, instrument, clock, refused });
  return { model, instrument, registers };
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
  const options = new Set(instrument.dataLog === undefined ? [] : ["logging"]);
  return new RegisterMap(model.modbus, instrument, { options, clock, refused, unit });
}

/** A serial number that is the same at every start, and differs from meter to meter. */
function serialOf(name: string): string {
  return `P${crc32(new TextEncoder().encode(name)).toString().padStart(10, "0")}`;
}
