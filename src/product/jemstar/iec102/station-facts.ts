/** What a station says of itself: its settings on a port, and its parameters. */
import type { Iec102Settings, StationParameters } from "#protocol/iec102/station/host.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { takesPassword } from "./configuration.ts";
import type { Shown } from "./shown.ts";
import type { Totals } from "./totals.ts";

/** The station's address on its port, its speed there, and how long the rest of a frame is waited for. */
export interface Iec102Line {
  readonly address: number;
  readonly baud: number;
  readonly rxTimeoutMs: number;
}

const MOST_DEVICES = 2 ** 32;
/** Two characters that stand for the model. */
const MODEL = "JS";

/** The meter tells whether its battery wants to be replaced, not how full it is: percents by what it tells. */
const charges: Readonly<Record<string, number>> = { good: 100, low: 10, dead: 0 };

/** The last digits of the serial number, as many as there is room for; 0 of a meter without. */
function deviceOf({ identity }: MeterSurface): number {
  const digits = identity.serial.replaceAll(/\D/g, "").slice(-9);
  return Number(digits) % MOST_DEVICES;
}

export function settingsOf({ surface, configuration }: Shown, { address, rxTimeoutMs }: Iec102Line): Iec102Settings {
  const { iec102 } = configuration;
  const { companion, addressOctets, measuringPoint, manufacturer, deviceNumber, sessionSeconds, unit } = iec102;
  return {
    address,
    addressOctets,
    companion,
    measuringPoint,
    manufacturer,
    deviceNumber: deviceNumber ?? deviceOf(surface),
    unit,
    password: takesPassword(iec102),
    sessionMs: sessionSeconds * 1000,
    interCharacterMs: rxTimeoutMs,
  };
}

/** Nominal values before the transformers and behind them. */
export function parametersOf(
  { surface, configuration }: Shown,
  { baud }: Iec102Line,
  totals: Totals,
): StationParameters {
  const { pt, ct, nominalVoltage, nominalCurrent } = configuration.primary;
  return {
    model: MODEL,
    firmware: firmwareOf(surface.identity.firmware),
    battery: charges[surface.status().battery.state],
    baud,
    volts: { primary: nominalVoltage * pt, secondary: nominalVoltage },
    amps: { primary: nominalCurrent * ct, secondary: nominalCurrent },
    periods: totals.periods,
  };
}

/** "1.019" is version 19 of the first: what there is room for in an octet. */
function firmwareOf(version: string): number {
  const [, minor] = /^\d+\.(\d+)/.exec(version) ?? [];
  return Number(minor ?? 0) % 256;
}
