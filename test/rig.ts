/** A whole meter on a virtual clock behind a null modem: what most tests of meters stand on. */
import { VirtualClock } from "#clock/virtual-clock.ts";
import { makeMeter, type VirtualMeter } from "#product/fixed-map/virtual-meter.ts";
import { nullModem } from "#io/null-modem.ts";
import { levitonS4100 } from "#model/leviton-s4100.ts";
import type { MeterModel } from "#model/model.ts";
import { serveModbusTcp } from "#protocol/modbus/tcp-server.ts";
import { tcpUnits } from "#protocol/modbus/unit.ts";
import type { Setting } from "#quantity/setting.ts";
import { MemoryStore, type Store } from "#store/store.ts";
import { LiveSource } from "#waveform/live.ts";
import { Network, type NetworkOptions } from "#waveform/network.ts";
import type { Source } from "#waveform/source.ts";
import { SyntheticSamples, SyntheticSteps } from "#waveform/synthetic.ts";

export const network: NetworkOptions = {
  hz: 60,
  volts: [276.1, 277.4, 278.2],
  amps: [81.3, 74.9, 90.6],
  angles: [0, -120, 120],
  lag: [21.6, 24.5, 18.2],
  harmonics: { volts: [], amps: [] },
  noise: 0,
  load: [],
  events: [],
  seed: 1,
};

/** A live reading of a 480 V feeder: different everywhere, so that swapped phases show. */
export const reading = {
  hz: 59.97,
  volts: [277.1, 276.4, 278.3],
  lineVolts: [479.3, 480.6, 481.9],
  amps: [80.2, 75.7, 90.9],
  watts: [20_000, 19_000, 22_000],
  vars: [5000, 6000, 7000],
};

/** The settings that go with it. */
export const feeder = { ctPrimary: 100, systemVoltage: 480 };

/** Samples as the model's converter takes them. */
export function samplesOf(options: Partial<NetworkOptions> = {}, model: MeterModel = levitonS4100): SyntheticSamples {
  return new SyntheticSamples(new Network({ ...network, ...options }), model.instrument.sampling);
}

/** The same network in steps. */
export function stepsOf(options: Partial<NetworkOptions> = {}): SyntheticSteps {
  return new SyntheticSteps(new Network({ ...network, ...options }));
}

export interface Rig extends VirtualMeter {
  readonly clock: VirtualClock;
  readonly store: Store;
  /** Lets `seconds` pass, calculation cycle by calculation cycle. */
  run(seconds: number): void;
  set(settings: Partial<Record<Setting, number>>): ReturnType<VirtualMeter["instrument"]["change"]>;
  /** Registers by printed number. */
  words(register: number, count?: number): number[];
  u16(register: number): number;
  i16(register: number): number;
  u32(register: number): number;
  f32(register: number): number;
  write(register: number, ...values: number[]): number;
  /** Sends hex over Modbus/TCP and returns the hex that came back, without spaces. */
  ask(...hex: string[]): string;
}

export interface RigOptions {
  readonly source?: Source;
  readonly settings?: Partial<Record<Setting, number>>;
  readonly logging?: boolean;
  readonly model?: MeterModel;
  readonly store?: Store;
  readonly clock?: VirtualClock;
  readonly refused?: (why: string) => void;
}

export function rig(options: RigOptions = {}): Rig {
  const clock = options.clock ?? new VirtualClock();
  const store = options.store ?? new MemoryStore();
  const meter = makeMeter({
    name: "rig",
    model: options.model ?? levitonS4100,
    source: options.source ?? stepsOf(),
    clock,
    store: store.drawer("rig"),
    serial: "41000001",
    logging: options.logging ?? false,
    refused: options.refused,
  });
  const { instrument, registers } = meter;
  const { base } = meter.model.modbus.map;
  const words = (register: number, count = 1): number[] => {
    const out = new Uint8Array(2 * count);
    const refused = registers.read(register - base, count, out, 0);
    if (refused !== 0) throw new Error(`register ${register} is refused with ${refused}`);
    const view = new DataView(out.buffer);
    return Array.from({ length: count }, (_, k) => view.getUint16(2 * k));
  };
  const [here, there] = nullModem();
  serveModbusTcp(there, tcpUnits(new Map([[1, registers]])));
  let heard = "";
  here.receive((bytes) => (heard += Buffer.from(bytes).toString("hex")));
  const made: Rig = {
    ...meter,
    clock,
    store,
    run(seconds) {
      const cycle = meter.model.instrument.calculationCycleMs;
      for (let left = seconds * 1000; left > 1e-6; left -= cycle) {
        clock.advance(Math.min(cycle, left));
        instrument.advance(clock.elapsed());
      }
      store.commit();
    },
    set: (settings) => instrument.change(new Map(Object.entries(settings) as [Setting, number][])),
    words,
    u16: (register) => words(register)[0]!,
    i16: (register) => (words(register)[0]! << 16) >> 16,
    u32: (register) => words(register, 2).reduce((high, low) => high * 65536 + low, 0),
    f32(register) {
      const view = new DataView(new ArrayBuffer(4));
      words(register, 2).forEach((word, k) => view.setUint16(2 * k, word));
      return view.getFloat32(0);
    },
    write: (register, ...values) => registers.write(register - base, Uint16Array.from(values)),
    ask(...hex) {
      heard = "";
      for (const part of hex) here.send(Buffer.from(part.replaceAll(" ", ""), "hex"));
      return heard;
    },
  };
  if (options.settings !== undefined) {
    const refused = made.set(options.settings);
    if (refused !== undefined) throw new Error(JSON.stringify(refused));
  }
  return made;
}

/** Registers by wire address, over Modbus/TCP: their hex, or "exception n". */
export function readRegisters(m: Pick<Rig, "ask">, fn: 3 | 4, first: number, count: number): string {
  const hex = (value: number, width: number): string => value.toString(16).padStart(width, "0");
  const answer = m.ask(`00010000000601${hex(fn, 2)}${hex(first, 4)}${hex(count, 4)}`);
  const code = Number.parseInt(answer.slice(14, 16), 16);
  return code > 0x80 ? `exception ${Number.parseInt(answer.slice(16, 18), 16)}` : answer.slice(18);
}

export function live(): LiveSource {
  return new LiveSource(60);
}

/** Fails unless |actual / expected - 1| is at most `parts`. */
export function near(actual: number, expected: number, parts: number, what = ""): void {
  const off = Math.abs(actual - expected) / Math.abs(expected);
  if (!(off <= parts))
    throw new Error(`${what} ${actual} is off ${expected} by ${off.toExponential(2)}, more than ${parts}`);
}
