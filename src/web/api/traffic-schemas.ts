/** What passes between peers and meters (quantity/traffic-view.ts): what is asked for, and what is told. */
import { z } from "zod";
import { limits } from "#quantity/limits.ts";
import { trafficKinds, type TrafficField } from "#quantity/traffic-view.ts";
import { told } from "./named.ts";
import { count } from "./plain-schemas.ts";

const part = z.string().min(1).max(200);
const ofConnections = {
  listener: part.optional().describe("what the listener has in its name, in any case: 1502"),
  meter: part.optional().describe("a meter that stands behind the listener"),
  protocol: part.optional().describe("as site files call it: modbus"),
  peer: part.optional().describe("what the peer's address has in it"),
  connection: z.int().min(1).optional().describe("of one connection, by its number"),
};
const secrets = z
  .literal("shown")
  .optional()
  .describe("what may be a secret is shown, too: to an owner only; it says hidden otherwise");
const ofMessages = {
  ...ofConnections,
  text: part.optional().describe("what its line has in it, in any case"),
  wrong: z.literal("true").optional().describe("messages that something is wrong with"),
  secrets,
};
const after = z.int().min(0).optional().describe("those behind this number");

export const trafficQuery = z.strictObject({
  ...ofMessages,
  after,
  most: z
    .int()
    .min(1)
    .optional()
    .describe(`how many; ${limits.traffic.messages} at most; the newest, unless after is said`),
});
export const trafficLiveQuery = z.strictObject({ ...ofMessages, after });
export const trafficDetailQuery = z.strictObject({ secrets });
export const captureQuery = z.strictObject(ofConnections);

const messageSchema = told(
  "TrafficMessage",
  z.strictObject({
    number: count.describe("of all that were made out since the start of the site"),
    at: z.string().describe("UTC, with microseconds: 2026-07-31T20:45:00.123456Z"),
    kind: z.enum(trafficKinds).describe("to the meter, from it, or who has come or gone"),
    listener: z.string(),
    protocol: z.string(),
    meters: z.array(z.string()).describe("that stand behind the listener"),
    peer: z.string(),
    connection: count,
    length: count.describe("bytes"),
    line: z.string().describe("what it says, in a line"),
    wrong: z.boolean().describe("something is wrong with it, or it is none of the protocol's"),
    hidden: z.boolean().describe("something in it is not shown"),
  }),
);

export const trafficSchema = told(
  "Traffic",
  z.strictObject({
    since: z
      .string()
      .describe(
        "since when all that passes is kept, UTC; from the first look on, until nobody has looked for five minutes",
      ),
    last: count.describe("all up to this number have been looked through: go on with after"),
    dropped: count.describe("messages that had to go since then before anybody could read them"),
    skipped: count.describe("how many are no longer kept of those behind after"),
    messages: z.array(messageSchema).describe("oldest first"),
  }),
);

const fieldSchema: z.ZodType<TrafficField> = told(
  "TrafficField",
  z.strictObject({
    at: count.describe("its first byte in the message; within what is apart, in that"),
    length: count,
    name: z.string(),
    text: z.string().exactOptional(),
    wrong: z.literal(true).exactOptional(),
    hidden: z.literal(true).exactOptional(),
    apart: z.string().exactOptional().describe("bytes that are not in the message as they are, in hex"),
    get inside() {
      return z.array(fieldSchema).exactOptional();
    },
  }) as z.ZodType<TrafficField>,
);

export const trafficDetailSchema = told(
  "TrafficDetail",
  z.strictObject({
    message: messageSchema,
    bytes: z.string().exactOptional().describe("in hex, to owners; of a long one the first"),
    covered: z
      .array(z.strictObject({ from: count, to: count.describe("behind the last") }))
      .describe("bytes that are hidden and say 00"),
    fields: z.array(fieldSchema).describe("as polyphase decode has them"),
    more: z.boolean().describe("there are more bytes or fields than are shown"),
  }),
);
