/**
 * Lists of points, as protocols of points (Modbus, DNP3) carry them: which registers are counters, which measures analogs, what is
 * on or off. Their values come through the meter's surface, whatever the meter is.
 */
import type { PointAddresses, PointSource } from "#protocol/modbus/point-unit.ts";
import type { MeterCommand, Session } from "#quantity/authority.ts";
import type { Measure } from "#quantity/measure.ts";
import type { BinaryPoint, MeterSurface } from "#quantity/meter-surface.ts";

export interface CounterPoint {
  /** Id of a register. */
  readonly register: number;
  /** What its value is multiplied by. */
  readonly scaling: number;
}

/** At the meter's terminals: secondary. */
export interface AnalogPoint {
  readonly measure: Measure;
  readonly scaling: number;
}

export interface PointLists {
  readonly counters: readonly CounterPoint[];
  readonly analogs: readonly AnalogPoint[];
  readonly binaries: readonly BinaryPoint[];
  /** Outputs from channel 1 on. */
  readonly outputs: number;
  /** Wire addresses of the first of each. */
  readonly at: PointAddresses;
  /** Of a value of two registers, the lower half comes first. */
  readonly lowFirst: boolean;
  /** Registers of an analog have so many bits together. */
  readonly analogBits: 16 | 32;
}

/** The lists of the moment: what was made of an earlier configuration is void. */
export function listsOf(surface: MeterSurface, make: (configuration: unknown) => PointLists): () => PointLists {
  let [epoch, lists] = [NaN, undefined as PointLists | undefined];
  return () => {
    if (lists === undefined || epoch !== surface.epoch) [epoch, lists] = [surface.epoch, make(surface.configuration())];
    return lists;
  };
}

/** Where the lists of the moment begin. */
export function addressesOf(lists: () => PointLists): PointAddresses {
  return {
    get counters() {
      return lists().at.counters;
    },
    get analogs() {
      return lists().at.analogs;
    },
    get outputs() {
      return lists().at.outputs;
    },
    get inputs() {
      return lists().at.inputs;
    },
  };
}

/** What Modbus makes of the lists; changes are told in `session`. */
export function modbusPoints(surface: MeterSurface, lists: () => PointLists, session: Session): PointSource {
  const tell = (command: MeterCommand): boolean => "done" in surface.obey(command, session);
  return {
    get counters() {
      return lists().counters.length;
    },
    get analogs() {
      return lists().analogs.length;
    },
    get inputs() {
      return lists().binaries.length;
    },
    get outputs() {
      return lists().outputs;
    },
    get lowFirst() {
      return lists().lowFirst;
    },
    get analogBits() {
      return lists().analogBits;
    },
    // Whether there is such a function at all is the meter's to say, whoever asks.
    get presets() {
      return surface.permits("presets", session) === undefined;
    },
    get control() {
      return surface.permits("outputs", session) === undefined;
    },
    counter(place) {
      const point = lists().counters[place];
      return point === undefined ? 0 : (surface.register(point.register)?.value ?? 0) * point.scaling;
    },
    analog(place) {
      const point = lists().analogs[place];
      return point === undefined ? 0 : (surface.read(point.measure, "secondary").value ?? 0) * point.scaling;
    },
    input(place) {
      const point = lists().binaries[place];
      return point !== undefined && surface.isOn(point) === true;
    },
    output: (place) => surface.isOn({ output: place + 1 }) === true,
    preset(values) {
      const wanted = [...values].map(([place, value]) => {
        const point = lists().counters[place];
        return { register: point?.register ?? -1, value: value / (point?.scaling ?? 1) };
      });
      return tell({ command: "presets", values: wanted });
    },
    setOutputs: (values) =>
      tell({ command: "outputs", values: [...values].map(([place, closed]) => ({ channel: place + 1, closed })) }),
  };
}
