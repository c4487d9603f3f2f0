/** Meters whose registers a manual prints: the Leviton and PowerLogic meters, and faces of others. */
import { catalogue, modelNamed } from "#model/catalogue.ts";
import type { MeterModel } from "#model/model.ts";
import type { Device, DeviceOptions, MeterEntry, Product } from "#product/product.ts";
import { RegisterMap } from "#protocol/modbus/register-map.ts";
import { applySettings, settingsOf } from "./settings.ts";
import { FixedMapSurface } from "./surface.ts";
import { makeMeter, type VirtualMeter } from "./virtual-meter.ts";

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
  const systemType = values.get("systemType") ?? model.instrument.settings.systemType?.default ?? NaN;
  const { sampling, wirings } = model.instrument;
  const isKnown = store.numbers !== undefined;
  const meter = makeMeter({
    name: entry.name,
    model,
    source: options.source({ sampling, wiring: wirings[systemType] ?? "wye" }),
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
  const applied = applySettings(instrument, store, values, isKnown);
  if (applied.refused !== undefined) throw new Error(applied.refused);
  const notices = [...instrument.complaints];
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

function deviceOf(meter: VirtualMeter, { clock, store }: DeviceOptions, notices: readonly string[]): FixedMapDevice {
  const { model, instrument, registers } = meter;
  const wearing = (name: string): RegisterMap | undefined => {
    const face: MeterModel | undefined = modelNamed(name);
    return face === undefined ? undefined : new RegisterMap(face.modbus, instrument, { options: new Set(), clock });
  };
  const surface = new FixedMapSurface(model, instrument, clock, () => store.trouble);
  return {
    ...meter,
    surface,
    source: instrument.source,
    bindings: { modbus: ({ face }) => (face === undefined ? registers : wearing(face)) },
    notices,
    line: {
      address: instrument.setting("address"),
      baud: instrument.setting("baud"),
      parity: instrument.setting("parity"),
    },
    room: () => undefined,
    advance: (elapsed) => surface.advance(elapsed),
    start() {},
    stop: () => instrument.close(),
  };
}

export const fixedMapMeters: Product = { models: catalogue, check, make };
