/** The shape of what a revenue meter pushes over DLMS (IC 40): where to, when, and what. */
import { pushServices } from "#protocol/dlms/cosem/push-setup.ts";
import { z } from "zod";
import { never, schedule } from "./configuration-schema-schedule.ts";

const transports = Object.keys(pushServices) as (keyof typeof pushServices)[];

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time of day, like 07:30");

const byte = String.raw`(25[0-5]|2[0-4]\d|1?\d?\d)`;
const name = z
  .string()
  .regex(new RegExp(String.raw`^${byte}(\.${byte}){5}$`), "expected a logical name, like 1.0.1.8.0.255");

const pushed = z.strictObject({
  class: z.number().int().min(1).max(65_535),
  object: name,
  attribute: z.number().int().min(1).max(127).default(2),
});

/** Clock, and active energies of both directions. */
const usual = [
  { class: 8, object: "0.0.1.0.0.255", attribute: 2 },
  { class: 3, object: "1.0.1.8.0.255", attribute: 2 },
  { class: 3, object: "1.0.2.8.0.255", attribute: 2 },
];

const setup = z.strictObject({
  transport: z.enum(transports).default("tcp"),
  host: z
    .string()
    .regex(/^[A-Za-z0-9.:-]{1,253}$/, "expected a name or an address")
    .describe("of the head-end"),
  port: z.number().int().min(1).max(65_535).default(4059),
  client: z.number().int().min(1).max(127).default(16).describe("service access point of whom it is for"),
  when: schedule
    .default(never)
    .describe("interval: when one of the first load profile has ended; billingReset: after one"),
  alarms: z.boolean().default(false).describe("whenever a trigger is in alarm"),
  objects: z.array(pushed).min(1).max(32).default(usual),
  windows: z
    .array(z.strictObject({ from: time, to: time }))
    .max(4)
    .default([])
    .describe("of local time in which it may be sent; what comes outside waits"),
  randomSeconds: z.number().int().min(0).max(65_535).default(0).describe("by which it is delayed at random at most"),
  retries: z.number().int().min(0).max(255).default(3).describe("before it is given up"),
  repetitionSeconds: z.number().int().min(1).max(65_535).default(60).describe("between two of them"),
});

export const dlmsPush = z.array(setup).max(4).default([]).describe("what it sends by itself");
