/** The shape of the section communicated of a revenue meter's configuration: registers of other Modbus slaves, by channel. */
import { COMMUNICATED_CHANNELS } from "#revenue/measuring/columns.ts";
import { z } from "zod";

const channel = z.strictObject({
  host: z
    .string()
    .regex(/^([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:]+\])(:\d{1,5})?$/, "expected a host, or host:port")
    .optional()
    .describe("over Modbus TCP: like 192.168.250.7, or meter.example.org:1502"),
  device: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("over Modbus RTU, a serial port of its own: like /dev/ttyUSB1"),
  baud: z.union([1200, 2400, 9600, 19_200, 38_400].map((one) => z.literal(one))).default(9600),
  parity: z.enum(["none", "even", "odd"]).default("none"),
  unit: z.number().int().min(0).max(255).default(1),
  table: z.enum(["holding", "input"]).default("holding").describe("functions 3 and 4"),
  register: z.number().int().min(0).max(65_535).describe("address on the wire: 40001 is 0 of the holding registers"),
  format: z.enum(["u16", "i16", "u32", "i32", "f32"]).default("u32"),
  words: z.enum(["high first", "low first"]).default("high first").describe("of what has two registers"),
  scale: z.number().positive().default(1).describe("what one of the register is worth, primary: Wh of Wh"),
  kind: z
    .enum(["consumption", "instantaneous"])
    .default("consumption")
    .describe("a count that runs, whose differences count here; or a value of the moment"),
  everySeconds: z.number().int().min(1).max(3600).default(5).describe("between two readings"),
});

export const communicated = z
  .array(channel)
  .max(COMMUNICATED_CHANNELS)
  .describe("registers of other Modbus slaves that the meter reads, by channel from 1");
