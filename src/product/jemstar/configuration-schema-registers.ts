/** The shape of what a revenue meter's configuration measures, registers and records. */
import { rates } from "#clock/tou-schedule.ts";
import { itemTypes, registerTypes, storages } from "#quantity/register.ts";
import {
  counted,
  directions,
  energies,
  harmonicOrders,
  interharmonicOrders,
  levels,
  parities,
  phases,
  powers,
  reductions,
  sampled,
  type Measure,
} from "#quantity/measure.ts";
import { INTERVAL_MINUTES } from "#quantity/quality-view.ts";
import { MOST_CHANNELS } from "#revenue/settings/measurement-log.ts";
import { usualDirection } from "#revenue/settings/measurements.ts";
import { qualityQuantities } from "#revenue/settings/power-quality.ts";
import { z } from "zod";

const measureShape = {
  quantity: z.enum([...powers, ...levels, ...energies, ...counted, ...sampled, ...qualityQuantities]),
  phase: z.enum(phases).default("polyphase"),
  direction: z.enum(directions).optional().describe("delivered unless said; bidirectional of what has no direction"),
  compensated: z.boolean().default(false).describe("with loss compensation"),
  channel: z
    .number()
    .int()
    .min(1)
    .max(16)
    .optional()
    .describe("of pulses (1 to 8), totalization (1 to 16) and communicated (1 to 14)"),
  order: z
    .number()
    .int()
    .min(harmonicOrders.first)
    .max(harmonicOrders.last)
    .optional()
    .describe("of a harmonic of volts or amps, 2 to 64 (PQ2, PQ3)"),
  interharmonic: z
    .number()
    .int()
    .min(interharmonicOrders.first)
    .max(interharmonicOrders.last)
    .optional()
    .describe("of an interharmonic of volts or amps by the harmonic below it, 2 to 50 (PQ2, PQ3)"),
  parity: z.enum(parities).optional().describe("of THD and TDD: by the odd or by the even harmonics (PQ2, PQ3)"),
  part: z.literal("angle").optional().describe("of a harmonic or a sequence its angle, not its magnitude (PQ2, PQ3)"),
};
export const measure = z
  .strictObject(measureShape)
  .transform(({ direction, ...rest }): Measure => ({ ...rest, direction: direction ?? usualDirection(rest.quantity) }));

export const id = z.number().int().min(0).max(249);
const shown = {
  id,
  label: z.string().max(40).default(""),
  screen: z.number().int().min(1).max(50).optional().describe("of its list's; registers of one screen show together"),
  selfRead: z.boolean().default(false).describe("kept by self reads; 8 normal and 8 alternate registers"),
};

export const register = z.union([
  z.strictObject({
    ...shown,
    type: z.enum(registerTypes),
    measure,
    tariff: z.enum(["total", ...rates]).default("total"),
    storage: z.enum(storages).default("working"),
    units: z.enum(["units", "kilo", "mega"]).optional().describe("the display's for the quantity unless said"),
    digits: z.number().int().min(1).max(9).default(8),
    decimals: z.number().int().min(0).max(6).default(0),
    leading: z.enum(["zeros", "blanks"]).default("blanks").describe("what fills the digits before the first"),
    scaling: z.enum(["primary", "secondary"]).default("primary"),
    pulseWeight: z
      .number()
      .positive()
      .optional()
      .describe(
        "of a test register: energy of a pulse while the optical port follows it, at the terminals; the port's own unless said",
      ),
    of: id.optional().describe("the peak register that a coincident value or a time of peak belongs to"),
  }),
  z.strictObject({
    ...shown,
    type: z.enum(itemTypes),
    number: z.number().int().min(1).max(10).optional().describe("of an idString or an inputState"),
  }),
]);

const channel = z.strictObject({
  measure,
  km: z.number().positive().default(1).describe("what one count is worth, primary: Wh of Wh, never kWh"),
  records: z.enum(["always", "override"]).default("always").describe("override: while a TOU override input is closed"),
});

export const intervals = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60] as const;

export const profile = z.strictObject({
  channels: z.array(channel).min(1).max(16),
  minutes: z.union([...intervals.map((minutes) => z.literal(minutes)), z.enum(["day", "week", "month"])]).default(15),
  externalSync: z.boolean().default(false).describe("intervals end when an interval sync input closes"),
  data: z.enum(["counts", "engineering"]).default("counts").describe("16-bit counts of Km, or 32-bit values"),
  events: z.boolean().default(true).describe("events between the intervals"),
  freezeMarkers: z.boolean().default(true).describe("a freeze ends the interval"),
});

const logChannel = z.strictObject({
  measure,
  method: z.enum(reductions).describe("total of energies, inputs and totalization; average of Pst and Plt"),
  side: z.enum(["primary", "secondary"]).default("primary").describe("of the transformers"),
  units: z.enum(["units", "kilo", "mega"]).default("units"),
});

export const logGroup = z.strictObject({
  interval: z
    .union([z.literal("cycles"), ...INTERVAL_MINUTES.map((minutes) => z.literal(minutes))])
    .default(10)
    .describe("cycles: 150 of 50 Hz, 180 of 60 Hz; else minutes of UTC. At most two lengths besides 10 minutes"),
  channels: z.array(logChannel).min(1).max(MOST_CHANNELS),
});
