/** Meters whose registers a manual prints: the Leviton and PowerLogic meters, and faces of others. */
import { catalogue, modelNamed } from "#model/catalogue.ts";
import type { MeterModel } from "#model/model.ts";
import { snmpBinding } from "#product/snmp-binding.ts";
import type { Device, DeviceOptions, MeterEntry, Product } from "#product/product.ts";
import { RegisterMap } from "#protocol/modbus/register-map.ts";
import { wiringBy } from "#quantity/instrument-design.ts";
import { wiringOf } from "#quantity/wiring.ts";
import { applySettings, settingsOf } from "./settings.ts";
import { FixedMapSurface } from "./surface.ts";
import { UnitOnPort } from "./unit-on-port.ts";
import { makeMeter, mapOf, type VirtualMeter } from "./virtual-meter.ts";

export interface FixedMapDevice extends Device, VirtualMeter {
  readonly surface: FixedMapSurface;
}

function check(entry: MeterEntry): readonly string[] {
  const model = modelNamed(entry.model);
  if (model === undefined) return [`model: there is no ${entry.model}`];
  const foreign = (["configuration", "modelNumber"] as const).filter((key) => entry[key] !== undefined);
  const unfit = entry.resetSystem !== undefined && model.instrument.resetSystem !== true;
  return [
    ...foreign.map((key) => `${key}: ${entry.model} is set up by settings`),
    ...(unfit ? [`resetSystem: ${entry.model} has none`] : []),
    ...settingsOf(entry, model).problems.map((problem) => `settings.${problem}`),
  ];
}

/** Throws an Error that says which setting the meter refused. */
function make(options: DeviceOptions): FixedMapDevice {
  const { entry, clock, store, refused } = options;
  const model = modelNamed(entry.model);
  if (model === undefined) throw new Error(`model: there is no ${entry.model}`);
  const { values } = settingsOf(entry, model);
  const connection = connectionOf(model, values.has("systemType"), options.phases);
  if (connection?.systemType !== undefined) values.set("systemType", connection.systemType);
  const systemType = values.get("systemType") ?? model.instrument.settings.systemType?.default ?? NaN;
  const { sampling } = model.instrument;
  const isKnown = store.numbers !== undefined;
  const meter = makeMeter({
    name: entry.name,
    model,
    source: options.source({ sampling, wiring: wiringBy(model.instrument, systemType) }),
    clock,
    store,
    serial: entry.serial,
    firmware: entry.firmware,
    logging: entry.options.logging,
    clockDriftPpm: entry.clockDrift,
    refused,
  });
  const { instrument } = meter;
  if (entry.resetSystem === true) instrument.runResetSystem(true);
  const applied = applySettings(meter, store, values, isKnown);
  if (applied.refused !== undefined) throw new Error(applied.refused);
  const notices = [...instrument.complaints];
  if (connection?.notice !== undefined) notices.push(connection.notice);
  const kept = applied.differing.map((name) => `${name} = ${instrument.setting(name)}`).join(", ");
  if (applied.lost === "settings")
    notices.push("its settings are lost with records of the store; it goes on with those of the site file");
  else if (applied.lost === "file")
    notices.push(
      `what the site file said before is lost with records of the store; it keeps what was set on the meter${kept === "" ? "" : `: ${kept}`}`,
    );
  else if (!applied.applied && kept !== "")
    notices.push(`keeps what was set on the meter since the file was last read: ${kept}`);
  return deviceOf(meter, options, notices);
}

/**
 * How a meter is connected whose settings do not say it: as its source is, where that tells. A product that can be connected in
 * several ways is never one of them without a word.
 */
function connectionOf(
  model: MeterModel,
  said: boolean,
  phases: number | undefined,
): { readonly systemType?: number; readonly notice?: string } | undefined {
  const words = model.instrument.settings.systemType?.words;
  if (said || words === undefined || Object.keys(words).length < 2) return undefined;
  const derived = phases === 1 ? words["1-phase-ln"] : phases === 2 ? words["split-phase"] : undefined;
  if (derived !== undefined) return { systemType: derived };
  const [usual = ""] = Object.keys(words);
  if (phases !== undefined && phases > 2) return undefined;
  return {
    notice: `is connected as ${usual}, as nothing says how: settings.systemType is for that (one of ${Object.keys(words).join(", ")})`,
  };
}

function deviceOf(
  meter: VirtualMeter,
  { clock, real, store, refused }: DeviceOptions,
  notices: readonly string[],
): FixedMapDevice {
  const { model, instrument, registers, history } = meter;
  const wearing = (name: string, unit: number): RegisterMap | undefined => {
    const face: MeterModel | undefined = modelNamed(name);
    if (face === undefined) return undefined;
    const wirings = new Set(Object.values(face.instrument.wirings));
    if (!wirings.has(instrument.wiringName)) {
      const can = [...wirings].map((one) => `${one} (${wiringOf(one).means})`).join(", ");
      throw new Error(
        `${instrument.name} is connected as ${instrument.wiringName} (${instrument.wiring.means}) and cannot wear the face ${name}, which can be ${can}: settings.systemType says how it is connected`,
      );
    }
    return new RegisterMap(face.modbus, instrument, { options: new Set(), clock, unit, wirings });
  };
  // What a register says of the address is of one listener: such a map is its own.
  const own = (unit: number): RegisterMap =>
    registers.showsUnit ? mapOf({ model, instrument, clock, refused, unit }) : registers;
  const surface = new FixedMapSurface(meter, clock, () => store.trouble);
  const snmp = snmpBinding({ surface, store, real });
  return {
    ...meter,
    surface,
    source: instrument.source,
    bindings: {
      modbus({ port, face, unit }) {
        const map = face === undefined ? own(unit) : wearing(face, unit);
        return map === undefined ? undefined : new UnitOnPort(map, port, history);
      },
      snmp: ({ port }) => snmp.host(port),
      sntp: () => ({ now: () => ({ utc: surface.now().utc, stratum: undefined }) }),
    },
    notices,
    get line() {
      return {
        address: instrument.setting("address"),
        baud: instrument.setting("baud"),
        parity: instrument.setting("parity"),
      };
    },
    room: () => undefined,
    advance: (elapsed) => surface.advance(elapsed),
    start: (kept) => snmp.start(kept),
    stop: () => instrument.close(),
  };
}

export const fixedMapMeters: Product = { models: catalogue, protocols: ["modbus", "snmp", "sntp"], check, make };
