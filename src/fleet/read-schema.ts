/** `source.read` of a site file: a meter that is there, and is read. */
import { z } from "zod";
import { remoteModelList, type ReadEntry } from "#remote/entry.ts";

const secret = z.union([z.strictObject({ file: z.string().min(1) }), z.strictObject({ env: z.string().min(1) })]);

export const read = z
  .strictObject({
    url: z.string().min(1).describe("the meter, like modbus://10.0.0.7/1, or http://host:port/#NAME of another site"),
    every: z.string().default("5s").describe("how often it is read, like 500ms, 5s or 1m"),
    timeout: z.number().min(0.05).max(60).default(2).describe("seconds that each answer is waited for"),
    user: z.string().min(1).optional().describe("whom another site knows"),
    password: secret.optional().describe("his password, or the meter's over DLMS/COSEM, IEC 102 and MMS"),
    keys: z
      .strictObject({
        encryption: secret.optional(),
        authentication: secret.optional(),
        signing: secret.optional(),
        meter: secret.optional(),
      })
      .optional()
      .describe("of DLMS/COSEM, in hexadecimal digits"),
    swapWords: z.boolean().default(false).describe("values of two registers have their words the other way round"),
    maxRegisters: z.number().int().min(1).max(125).optional().describe("how many are read at once at most"),
  })
  .describe("a meter that is there: what it says is shown, nothing is made") satisfies z.ZodType<ReadEntry>;

/** Models of meters that can be read, for whoever chooses one. */
export const readableModels = remoteModelList;
