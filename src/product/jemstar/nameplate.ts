/** What is printed on a JEMStar II and shown by its identification displays (section Meter Nameplate). */
import type { Nameplate } from "#quantity/meter-api.ts";
import type { Extra } from "#quantity/meter-surface.ts";
import { connections } from "#revenue/settings/connections.ts";
import { nominalOf } from "#revenue/settings/trigger-levels.ts";
import type { JemStar } from "./jemstar.ts";
import { ratingsOf } from "./ratings.ts";

/** Nominal and greatest current of the classes. */
const currents = { 2: "0.001-1(2) A", 10: "0.002-5(10) A", 20: "0.002-10(20) A" } as const;

export function nameplateOf({ ordered, file, hardware, isMid, serial }: JemStar): Nameplate {
  const made = /^(\d{2})([0-4]\d|5[0-3])\d{5}$/.exec(serial);
  const fourWires = file.primary.connection.startsWith("4 wire");
  return {
    serial,
    form: ordered.form,
    connection: file.primary.connection,
    classAmps: ordered.amps,
    hz: ordered.hz,
    ports: [...ordered.communication],
    options: [...ordered.options],
    mid: isMid,
    strings: file.identification.strings,
    firmware: hardware.firmware,
    ...(made === null ? {} : { made: `20${made[1]}, week ${Number(made[2])}` }),
    wires: fourWires ? "3 phase, 4 wire" : "3 phase, 3 wire",
    volts: `${fourWires ? 3 : 2} x 57/100 V, ${fourWires ? 3 : 2} x 240/415 V`,
    amps: currents[ordered.amps],
    impulses: Math.round(1000 / file.testPulses.kt),
    kt: file.testPulses.kt,
    ratings: ratingsOf(file.primary),
    nominal: nominalVolts(file.primary),
  };
}

function nominalVolts(primary: JemStar["file"]["primary"]): Nameplate["nominal"] {
  const of = (quantity: string): number => Number((primary.pt * nominalOf(quantity, primary)).toPrecision(7));
  return connections[primary.connection].neutral ? { ll: of("V.ll"), ln: of("V") } : { ll: of("V.ll") };
}

/** Percent that its gains are above one, as they were set: without what the sum has rounded. Whether its cover is open, and what test mode is set to while it is on. */
export function handledOf({ hardware, meter }: Pick<JemStar, "hardware" | "meter">): Extra {
  const percentOf = (gain: number): number => Number((100 * (gain - 1)).toFixed(9));
  const gains = { watts: percentOf(hardware.gains.w), vars: percentOf(hardware.gains.q) };
  const { coverOpen } = hardware;
  const testing = meter.testMode.options;
  return testing === undefined ? { gains, coverOpen } : { gains, coverOpen, testing };
}
