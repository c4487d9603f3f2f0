/** The shape of when a revenue meter does something by itself. */
import { z } from "zod";

export const schedule = z.strictObject({
  every: z.enum(["hour", "day", "week", "month", "subInterval", "interval", "billingReset", "never"]),
  minute: z.number().int().min(0).max(1439).default(0).describe("of the hour or of the day"),
  day: z
    .number()
    .int()
    .min(0)
    .max(31)
    .default(0)
    .describe("weekday (0 is Sunday), or day of the month (its last, where it is shorter)"),
});
export const never = { every: "never", minute: 0, day: 0 } as const;
