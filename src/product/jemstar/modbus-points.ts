/** The Modbus points of a revenue meter (Appendix H): what its configuration makes of registers, measures and conditions. */
import type { PointSource } from "#protocol/modbus/point-unit.ts";
import type { Failure } from "#revenue/people/hardware.ts";
import { columnsOf, sumOf } from "#revenue/measuring/columns.ts";
import { systemBit, type SystemBit } from "#revenue/events/status-word.ts";
import type { ModbusPoints, StatusPoint } from "./configuration-schema.ts";
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

export function pointsOf(site: JemStar): PointSource {
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
    outputs: 8,
    refresh: () => site.catchUp(),
    get lowFirst() {
      return modbus().order === "low first";
    },
    counter(place) {
      const point = modbus().counters[place];
      const reading = point === undefined ? undefined : site.meter.registers.reading(point.register);
      if (point === undefined || reading?.counts === undefined) return 0;
      return (Number(reading.counts) / 10 ** reading.decimals) * point.scaling;
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
      return modbus().allowRegisterPresets;
    },
    get control() {
      return modbus().allowOutputControl;
    },
    preset(values) {
      const { meter } = site;
      const wanted = [...values].map(([place, value]) => {
        const point = modbus().counters[place];
        return { id: point?.register ?? -1, value: value / (point?.scaling ?? 1) };
      });
      if (!wanted.every(({ id, value }) => meter.registers.presettable(id, value))) return false;
      return wanted.every(({ id, value }) => meter.billing.preset(id, value, { by: "Modbus", protocol: "modbus" }));
    },
    setOutputs(values) {
      if ([...values.keys()].some((place) => !io().isOutput(place + 1))) return false;
      return [...values].every(([place, closed]) => io().force(place + 1, closed));
    },
  };
}
