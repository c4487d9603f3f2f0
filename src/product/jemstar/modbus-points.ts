/** The Modbus points of a revenue meter (Appendix H): what its configuration makes of registers, measures and conditions. */
import type { PointAddresses, PointSource } from "#protocol/modbus/point-unit.ts";
import { isRefused } from "#quantity/authority.ts";
import type { Failure } from "#revenue/people/hardware.ts";
import { columnsOf, sumOf } from "#revenue/measuring/columns.ts";
import { systemBit, type SystemBit } from "#revenue/events/status-word.ts";
import type { StatusPoint } from "#quantity/meter-surface.ts";
import { COILS } from "./configuration-checks-points.ts";
import type { ModbusPoints } from "./configuration-schema.ts";
import type { JemStar } from "./jemstar.ts";

/** What a binary input that follows the meter's status asks. */
function statusOf(site: JemStar): Readonly<Record<StatusPoint, () => boolean>> {
  const bit = (name: SystemBit): boolean => ((site.meter.status.bits >> (systemBit[name] - 1)) & 1) === 1;
  const failed = (...any: readonly Failure[]): boolean => any.some((one) => site.hardware.failures.includes(one));
  return {
    voltsA: () => site.meter.supply.isLive(0),
    voltsB: () => site.meter.supply.isLive(1),
    voltsC: () => site.meter.supply.isLive(2),
    clockSync: () => bit("timeSyncLost"),
    battery: () => bit("battery"),
    generalFailure: () => bit("generalFailure"),
    internalComm: () => failed("serviceComm", "metrologyComm", "pqComm"),
    class20Calibration: () => failed("class20Calibration"),
    class2Calibration: () => failed("class2Calibration"),
    configuration: () => failed("configuration"),
    serviceFirmware: () => failed("serviceFirmware"),
    metrologyFirmware: () => failed("metrologyFirmware"),
    pqFirmware: () => failed("pqFirmware"),
    testMode: () => site.meter.testMode.on,
  };
}

/** Where the tables of the manual begin: points are addressed from there on the wire. */
const tables = { counters: 40_001, analogs: 30_001, outputs: 1, inputs: 10_001 } as const;

/** Start addresses of the configuration that is there, whenever they are asked for. */
export function addressesOf(modbus: () => ModbusPoints): PointAddresses {
  return {
    get counters() {
      return modbus().countersFrom - tables.counters;
    },
    get analogs() {
      return modbus().analogsFrom - tables.analogs;
    },
    get outputs() {
      return modbus().outputsFrom - tables.outputs;
    },
    get inputs() {
      return modbus().inputsFrom - tables.inputs;
    },
  };
}

/** `port` is the one that whoever asks came by. */
export function pointsOf(site: JemStar, port: string): PointSource {
  const session = site.authority.open({ protocol: "modbus", port, near: false });
  const modbus = (): ModbusPoints => site.file.modbus;
  const io = () => site.meter.periphery.io;
  const status = statusOf(site);
  const isOn = (point: ModbusPoints["binaries"][number]): boolean => {
    if ("input" in point) return io().isClosed(point.input);
    return "trigger" in point ? site.meter.periphery.triggers.isAlarm(point.trigger) : status[point.status]();
  };
  return {
    get counters() {
      return modbus().counters.length;
    },
    get analogs() {
      return modbus().analogs.length;
    },
    get inputs() {
      return modbus().binaries.length;
    },
    outputs: COILS,
    refresh: () => site.catchUp(),
    get lowFirst() {
      return modbus().order === "low first";
    },
    get analogBits() {
      return modbus().analogBits;
    },
    counter(place) {
      const point = modbus().counters[place];
      return point === undefined ? 0 : (site.meter.registers.show(point.register)?.value ?? 0) * point.scaling;
    },
    analog(place) {
      const point = modbus().analogs[place];
      return point === undefined ? 0 : sumOf(columnsOf(point.measure), site.meter.window.average) * point.scaling;
    },
    input(place) {
      const point = modbus().binaries[place];
      return point !== undefined && isOn(point);
    },
    output: (place) => io().isOutput(place + 1) && io().isClosed(place + 1),
    get presets() {
      return site.authority.permits("presets", session) === undefined;
    },
    get control() {
      return site.authority.permits("outputs", session) === undefined;
    },
    preset(values) {
      const presets = [...values].map(([place, value]) => {
        const point = modbus().counters[place];
        return { register: point?.register ?? -1, value: value / (point?.scaling ?? 1) };
      });
      return !isRefused(site.authority.obey({ command: "presets", values: presets }, session));
    },
    setOutputs(values) {
      const outputs = [...values].map(([place, closed]) => ({ channel: place + 1, closed }));
      return !isRefused(site.authority.obey({ command: "outputs", values: outputs }, session));
    },
  };
}
