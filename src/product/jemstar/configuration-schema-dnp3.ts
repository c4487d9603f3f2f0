/** The shape of the section dnp3 of a revenue meter's configuration: what Appendix A has is what it is where nothing is said. */
import { statusPoints } from "#quantity/meter-surface.ts";
import { z } from "zod";
import { id, measure } from "./configuration-schema-registers.ts";
import { factoryCounters, factoryDnpAnalogs, factoryDnpBinaries } from "./factory.ts";

/** Addresses of stations: from 65520 on they are reserved, or mean everybody. */
const station = z.number().int().min(0).max(65_519);

const variation = <const V extends readonly [number, number, ...number[]]>(usual: V[number], ...all: V) =>
  z
    .union(all.map((one) => z.literal(one as V[number])))
    // The usual one is among them.
    .default(usual as never);

const events = <const V extends readonly [number, number, ...number[]]>(
  { enabled, usual }: { readonly enabled: boolean; readonly usual: V[number] },
  ...all: V
) =>
  z
    .strictObject({
      enabled: z.boolean().default(enabled),
      class: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(1),
      variation: variation(usual, ...all).describe("where none is asked for"),
    })
    .prefault({});

const counterPoint = z.strictObject({
  register: id.describe("a normal or alternate register; of a text it is 0"),
  scaling: z.number().min(1).max(1000).default(1),
});

const analogPoint = z.strictObject({
  measure,
  scaling: z.number().min(1).max(1000).default(1000).describe("of 32 bits: 1000 gives three decimals"),
  scaling16: z.number().min(1).max(100).default(1).describe("of 16 bits"),
  deadband: z
    .number()
    .min(0)
    .max(2 ** 31)
    .default(0)
    .describe("by more than this its 32-bit value changes to be an event; 0: by anything"),
});

const link = z.strictObject({
  confirm: z
    .enum(["never", "multi-frame", "always"])
    .default("never")
    .describe("which answers the data link has confirmed"),
  timeoutMs: z.number().int().min(10).max(60_000).default(1000).describe("how long a confirmation is waited for"),
  retries: z.number().int().min(0).max(255).default(3),
  interCharacterMs: z
    .number()
    .int()
    .min(10)
    .max(60_000)
    .default(1000)
    .describe("between two bytes of a frame, on lines"),
});

const unsolicited = z.strictObject({
  master: station.describe("who is told"),
  confirmTimeoutMs: z.number().int().min(100).max(3_600_000).default(5000),
  retries: z.number().int().min(0).max(255).default(3),
});

export const dnp3 = z.strictObject({
  master: station.optional().describe("the only master that is answered; any unless said"),
  selfAddress: z.boolean().default(false).describe("answers at 65532, too"),
  link: link.prefault({}),
  applicationTimeoutMs: z
    .number()
    .int()
    .min(10)
    .max(3_600_000)
    .default(1000)
    .describe("how long a confirmation of a fragment is waited for"),
  inactivitySeconds: z
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(120)
    .describe("after which a silent master over a network is gone"),
  writeTimeHours: z
    .number()
    .min(0)
    .max(8760)
    .default(1)
    .describe("after the clock was written, until the time is asked for again; 0: never but after a start"),
  timeToleranceSeconds: z
    .number()
    .min(0)
    .max(3600)
    .default(2)
    .describe("a written time that is so near leaves the clock alone"),
  globalTimeSet: z.boolean().default(true).describe("takes the time from a broadcast"),
  class0: z.enum(["running", "frozen", "both"]).default("running").describe("counters of class 0: objects 20, 21"),
  counterDigits: z
    .union([z.literal("any"), ...([3, 4, 5, 6, 7, 8] as const).map((one) => z.literal(one))])
    .default("any")
    .describe("after which counters begin at zero; any: nine of 32 bits, and after 65535 of 16 bits"),
  variations: z
    .strictObject({
      binary: variation(1, 1, 2),
      output: variation(2, 1, 2),
      counter: variation(5, 1, 2, 5, 6),
      frozen: variation(9, 1, 2, 9, 10),
      analog: variation(3, 1, 2, 3, 4, 5),
    })
    .prefault({})
    .describe("where none is asked for"),
  events: z
    .strictObject({
      frozen: events({ enabled: true, usual: 5 }, 1, 2, 5, 6).describe("all counters, at each freeze"),
      binary: events({ enabled: false, usual: 2 }, 1, 2, 3),
      counter: events({ enabled: false, usual: 5 }, 1, 2, 5, 6),
      analog: events({ enabled: false, usual: 3 }, 1, 2, 3, 4, 5, 7),
    })
    .prefault({}),
  unsolicited: unsolicited.optional().describe("sends events unasked, after a master has asked for that"),
  allowTimeSet: z.boolean().default(true).describe("a master may write the clock"),
  allowFreeze: z.boolean().default(true).describe("a master's freeze is the meter's"),
  allowRegisterPresets: z
    .boolean()
    .default(false)
    .describe("a master may freeze and clear: registers that counters are begin at zero"),
  counters: z
    .array(counterPoint)
    .max(300)
    .default([...factoryCounters]),
  analogs: z
    .array(analogPoint)
    .max(200)
    .default([...factoryDnpAnalogs]),
  binaries: z
    .array(
      z.union([
        z.strictObject({ input: z.number().int().min(1).max(8) }),
        z.strictObject({ trigger: z.number().int().min(1).max(64) }),
        z.strictObject({ status: z.enum(statusPoints) }),
      ]),
    )
    .max(64)
    .default([...factoryDnpBinaries]),
});
