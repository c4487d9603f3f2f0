/** The shapes of what a JEMStar can be told: whatever comes is checked against them before anything is done. */
import { batteries, boards, failures } from "#revenue/people/hardware.ts";
import { isHash } from "#io/password.ts";
import { MOST_GAIN, MOST_RATIO } from "#model/jemstar-panel.ts";
import { limits } from "#quantity/limits.ts";
import { z } from "zod";
import { isCertificates } from "#product/jemstar/dlms/secrets.ts";
import { FACTORY } from "./passwords.ts";

/** Characters of a secret that is no certificates. */
const SECRET_LENGTH = 1024;

const value = z.strictObject({ register: z.number().int(), value: z.number() });

export const jemstarCommand = z.discriminatedUnion("command", [
  z.strictObject({ command: z.literal("freeze") }),
  z.strictObject({ command: z.literal("billingReset") }),
  z.strictObject({
    command: z.literal("enterTestMode"),
    register: z.number().int().optional(),
    compensate: z.boolean().optional(),
    pulseWeight: z.number().positive().optional(),
  }),
  z.strictObject({ command: z.literal("leaveTestMode") }),
  z.strictObject({ command: z.literal("powerDown") }),
  z.strictObject({ command: z.literal("powerUp") }),
  z.strictObject({ command: z.literal("auxiliary"), live: z.boolean() }),
  z.strictObject({
    command: z.literal("ratios"),
    pt: z.number().min(1).max(MOST_RATIO),
    ct: z.number().min(1).max(MOST_RATIO),
    check: z.boolean().optional(),
  }),
  z.strictObject({ command: z.literal("resetUsers"), armed: z.boolean().optional() }),
  z.strictObject({
    command: z.literal("calibrate"),
    watts: z.number().min(-MOST_GAIN).max(MOST_GAIN).default(0).describe("percent"),
    vars: z.number().min(-MOST_GAIN).max(MOST_GAIN).default(0).describe("percent"),
  }),
  z.strictObject({ command: z.literal("setTime"), utc: z.iso.datetime({ offset: true }) }),
  z.strictObject({ command: z.literal("input"), channel: z.number().int().min(1).max(8), closed: z.boolean() }),
  z.strictObject({
    command: z.literal("pulses"),
    channel: z.number().int().min(1).max(8),
    count: z.number().int().min(1).max(1e6),
    seconds: z.number().positive().optional(),
  }),
  z.strictObject({ command: z.literal("key"), key: z.enum(["metering", "reset"]), installed: z.boolean() }),
  z.strictObject({ command: z.literal("hardware"), part: z.enum(["cover", ...failures]), failed: z.boolean() }),
  z.strictObject({ command: z.literal("battery"), state: z.enum(batteries) }),
  z.strictObject({ command: z.literal("resetBattery") }),
  z.strictObject({
    command: z.literal("firmware"),
    board: z.enum(boards),
    version: z.string().regex(/^\d{1,3}\.\d{1,3}\.\d{1,3}$/, "expected a version like 0.0.81"),
  }),
  z.strictObject({
    command: z.literal("uploadFirmware"),
    image: z.string().max(Math.ceil((4 * limits.dlms.imageBytes) / 3) + 4),
    reboot: z.boolean().optional(),
    check: z.boolean().optional(),
  }),
  z.strictObject({
    command: z.literal("optionKey"),
    key: z.string().min(1).max(64),
    check: z.boolean().optional(),
  }),
  z.strictObject({ command: z.literal("reboot") }),
  z.strictObject({ command: z.literal("disarm") }),
  z.strictObject({ command: z.literal("coldStart"), armed: z.boolean().optional() }),
  z.strictObject({ command: z.literal("testTransfer") }),
  z.strictObject({ command: z.literal("removeFile"), name: z.string().min(1).max(200) }),
  z.strictObject({ command: z.literal("resetButton") }),
  z.strictObject({ command: z.literal("timeServer"), reached: z.boolean() }),
  z.strictObject({ command: z.literal("preset"), ...value.shape }),
  z.strictObject({ command: z.literal("presets"), values: z.array(value).min(1).max(150) }),
  z.strictObject({
    command: z.literal("outputs"),
    values: z
      .array(z.strictObject({ channel: z.number().int().min(1).max(8), closed: z.boolean() }))
      .min(1)
      .max(8),
  }),
  z.strictObject({
    command: z.literal("password"),
    password: z
      .string()
      .min(1)
      .max(200)
      .refine((one) => one !== FACTORY, "expected another than what says that there is none")
      .refine((one) => !isHash(one), "expected a password; hashes count in the site's files only"),
  }),
  z
    .strictObject({
      command: z.literal("secret"),
      name: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "expected letters, digits, dots, dashes"),
      // Ten certificates of suite 2 in hex.
      value: z.string().min(1).max(20_480).nullable(),
      encoding: z.enum(["text", "hex"]).default("text"),
      user: z.string().optional(),
    })
    .refine(({ value, encoding }) => encoding === "text" || value === null || /^([0-9A-Fa-f]{2})+$/.test(value), {
      path: ["value"],
      // What came is not repeated: it may be most of a secret.
      message: "expected pairs of hexadecimal digits",
    })
    .refine(({ name, value }) => value === null || value.length <= SECRET_LENGTH || isCertificates(name), {
      path: ["value"],
      message: `expected at most ${SECRET_LENGTH} characters`,
    }),
  z.strictObject({
    command: z.literal("configure"),
    configuration: z.string(),
    check: z.boolean().optional(),
  }),
  z.strictObject({
    command: z.literal("undoConfiguration"),
    entry: z.number().int().min(0).optional(),
    check: z.boolean().optional(),
  }),
]);
export type JemStarCommand = z.output<typeof jemstarCommand>;

/** The name of what somebody wants, whatever else came; empty of what has none. */
export function nameOf(command: unknown): string {
  const named = typeof command === "object" && command !== null && "command" in command ? command.command : undefined;
  return typeof named === "string" ? named : "";
}
