/** What the API's answers are made of. Times are UTC, with the offset that made the local words beside them. */
import { z } from "zod";

export const utc = z.string().describe("an instant of UTC, 2026-07-31T20:45:00Z");
export const offset = z.number().describe("minutes that local time is ahead of UTC");
export const local = z.string().describe("a local time, 2026-07-31 16:45:00");
/** Null of what is not known. */
export const known = z.number().nullable();
export const count = z.int().min(0);
export const side = z.enum(["primary", "secondary"]);
