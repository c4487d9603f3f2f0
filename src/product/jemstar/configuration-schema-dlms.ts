/** The shape of the section dlms of a revenue meter's configuration: what Appendix D has is what it is where nothing is said. */
import { policyBits, shownParts, type PolicyWord } from "#product/jemstar/dlms/configuration.ts";
import { conformanceBits, mechanisms, type Mechanism, type Service } from "#protocol/dlms/cosem/logical-device.ts";
import { z } from "zod";
import { dlmsPush } from "./configuration-schema-dlms-push.ts";
import { factoryDlmsClients } from "./factory.ts";

/** What the server has; notifications are sent by the section push, whatever was agreed. */
const services = (Object.keys(conformanceBits) as Service[]).filter((one) => one !== "event-notification") as [
  Service,
  ...Service[],
];
const mechanismNames = Object.keys(mechanisms) as [Mechanism, ...Mechanism[]];
const policies = Object.keys(policyBits) as [PolicyWord, ...PolicyWord[]];

const client = z.strictObject({
  sap: z.number().int().min(1).max(127).describe("service access point: 16 is the public client"),
  authentication: z.array(z.enum(mechanismNames)).min(1).max(mechanismNames.length).default(["none"]),
  user: z
    .string()
    .max(20)
    .optional()
    .describe(
      "whose password is that of low-level security, where there is such a user; secrets of high-level security have one of their own",
    ),
  ciphering: z
    .enum(["no", "may", "must"])
    .default("no")
    .describe("must: an association has ciphering, and every request in it is protected"),
  suite: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .default(0)
    .describe("of security"),
  policy: z.array(z.enum(policies)).max(policies.length).default([]).describe("what every message must be"),
});

const logicalDevice = z.strictObject({
  sap: z.number().int().min(1).max(0x3fff).describe("1 is the management logical device"),
  name: z
    .string()
    .regex(/^[\x21-\x7e]{4,16}$/, "expected 4 to 16 printable characters")
    .optional()
    .describe("logical device name; its flag and the serial number unless said"),
  shows: z
    .array(z.enum(shownParts))
    .max(shownParts.length)
    .default([...shownParts])
    .describe("of the meter, beside its name and its clients"),
});

const info = z.number().int().min(32).max(2030).default(128);
const window = z.number().int().min(1).max(7).default(1);

export const dlms = z.strictObject({
  conformance: z
    .union([z.enum(["manual", "full"]), z.array(z.enum(services)).min(1).max(services.length)])
    .default("manual")
    .describe("services: the manual's four, or all but general block transfer, or those that are named"),
  maxPdu: z.number().int().min(64).max(65_535).default(1024).describe("bytes of the longest message that it takes"),
  associationVersion: z
    .union([z.literal(0), z.literal(1)])
    .default(0)
    .describe("of its association objects: 0 has the manual's eight attributes, 1 names the security setup besides"),
  severalDevices: z
    .boolean()
    .default(false)
    .describe("a client may be associated with several logical devices of a port at once"),
  hdlc: z
    .strictObject({
      maxInfoTransmit: info.describe("bytes of an information field"),
      maxInfoReceive: info,
      windowTransmit: window.describe("frames"),
      windowReceive: window,
      segmentation: z.boolean().default(false).describe("messages may be longer than a frame"),
      inactivitySeconds: z.number().int().min(1).max(65_535).default(120),
    })
    .prefault({}),
  clients: z
    .array(client)
    .min(1)
    .max(16)
    .default(
      factoryDlmsClients.map((one) => ({ ...one, authentication: [...one.authentication], policy: [...one.policy] })),
    )
    .describe("who may associate, in the order of their associations"),
  logicalDevices: z
    .array(logicalDevice)
    .min(1)
    .max(8)
    .default([{ sap: 1, shows: [...shownParts] }]),
  systemTitle: z
    .string()
    .regex(/^[0-9A-Fa-f]{16}$/, "expected eight bytes in hex")
    .optional()
    .describe("eight bytes in hex, which no two meters share; flag and serial number unless said"),
  timeSet: z.boolean().default(true).describe("a client whose association has no user may set the clock"),
  registers: z
    .strictObject({
      scaler: z
        .union([z.literal(-3), z.literal(0)])
        .default(-3)
        .describe("of values in thousandths: what they are, or the 0 that the manual prints"),
      width: z
        .union([z.literal(32), z.literal(64)])
        .default(32)
        .describe("bits of values: energies of 32 begin again at 4.29 MWh"),
    })
    .prefault({}),
  profileStatus: z
    .strictObject({
      normal: z
        .union([z.literal(1), z.literal(0)])
        .default(1)
        .describe("status of an interval in which nothing happened: as the manual's table has it, or its example"),
    })
    .prefault({}),
  push: dlmsPush,
  beyond: z
    .enum(["off", "read", "full"])
    .default("off")
    .describe("objects that head-ends expect and Appendix D has not: none, to be read, to be changed too"),
});
