/** The entries of `listen` and the rules of `faults`, as the table of protocols makes them. */
import type { FaultRule, LinkFault } from "#io/faulty-link.ts";
import { inOwnWords } from "#product/schema-problems.ts";
import { didYouMean, nearest } from "#quantity/nearest.ts";
import { z } from "zod";
import { carriers } from "./carriers.ts";
import type { ListenEntry, Protocol, Transport } from "./protocol.ts";
import type { ProtocolTable } from "./table.ts";

const earlier = {
  delay: z.number().positive().max(60_000).optional().describe("milliseconds that the answer comes late"),
  drop: z.literal(true).optional().describe("no answer"),
};
const later = {
  truncate: z.number().int().min(1).max(65_535).optional().describe("only so many bytes of the answer"),
  trickle: z.number().positive().max(1000).optional().describe("byte by byte, so many milliseconds apart"),
};
const close = { close: z.literal(true).optional().describe("the connection is closed instead") };
const often = {
  every: z.number().int().min(1).optional().describe("every so many of the requests that match"),
  times: z.number().int().min(1).optional().describe("so often, and then no more"),
};
/** What a rule has whatever its protocol. */
const neutral = z.object({ ...earlier, ...later, ...close, ...often });

function linkFaultOf({ delay, truncate, trickle, drop, close }: z.output<typeof neutral>): LinkFault | undefined {
  if (delay !== undefined) return { kind: "delay", ms: delay };
  if (truncate !== undefined) return { kind: "truncate", bytes: truncate };
  if (trickle !== undefined) return { kind: "trickle", ms: trickle };
  if (close !== undefined) return { kind: "close" };
  return drop === undefined ? undefined : { kind: "drop" };
}

/** Rules of a listener; a line that stays open has no connection to close. */
export function faultRules({ faultWords }: Protocol, { over }: Transport): z.ZodType<FaultRule[]> {
  const faults = {
    ...earlier,
    ...faultWords?.faults,
    ...later,
    ...(carriers[over].lasting ? {} : close),
  };
  const names = Object.keys(faults);
  return z
    .array(
      z
        .strictObject({ ...faults, ...faultWords?.requests, ...often })
        .refine((rule) => Object.keys(rule).filter((key) => names.includes(key)).length === 1, {
          message: `expected exactly one of ${names.join(", ")}`,
        })
        .transform((rule, context): FaultRule => {
          const { every, times, ...link } = neutral.parse(rule);
          const fault = linkFaultOf(link) ?? faultWords?.faultOf(rule);
          if (fault === undefined) {
            context.addIssue("there is no such fault");
            return z.NEVER;
          }
          return { fault, ...faultWords?.requestsOf(rule), every, times };
        }),
    )
    .max(100);
}

/** One entry of `listen`, transport by transport: the key of the protocol, the keys of what carries it, and its own. */
function entryOf(protocol: Protocol, transport: Transport) {
  const { port, place, keys } = carriers[transport.over];
  return z
    .strictObject({
      [protocol.name]: z.literal(transport.name),
      ...keys(transport),
      ...protocol.keys(transport),
      faults: faultRules(protocol, transport).optional().describe("what this listener does wrong, on purpose"),
    })
    .transform(({ faults = [], ...keys }): ListenEntry => {
      return { protocol: protocol.name, transport: transport.name, port, place: place(keys, transport), keys, faults };
    });
}

/** The schema of an entry of `listen`: what is wrong with one is said of the protocol that it names. */
export function listenSchema(table: ProtocolTable) {
  const rows = table.map((protocol) => {
    const entries = protocol.transports.map((transport) => entryOf(protocol, transport));
    const [first, ...others] = entries;
    if (first === undefined) throw new Error(`${protocol.title} has no transport`);
    const schema = z.discriminatedUnion(protocol.name, [first, ...others]);
    return { protocol, schema, entries };
  });
  const example = table.map(({ name, transports }) => `${name}: ${transports.map((one) => one.name).join(" | ")}`);
  const names = table.map(({ name }) => name);
  const published = rows.flatMap(({ entries }) => entries.map(publishedOf));
  const entry = z.unknown().transform((given, context): ListenEntry => {
    const named = typeof given === "object" && given !== null ? Object.keys(given) : [];
    const [row, second] = rows.filter(({ protocol }) => named.includes(protocol.name));
    if (row === undefined || second !== undefined) {
      const meant = named.map((key) => didYouMean(key, names)).find((one) => one !== "");
      context.addIssue(`expected one protocol with its transport, of ${example.join(", ")}${meant ?? ""}`);
      return z.NEVER;
    }
    const parsed = row.schema.safeParse(given, { error: inOwnWords, reportInput: true });
    if (!parsed.success) {
      for (const issue of [...parsed.error.issues, ...besides(given, row)])
        context.issues.push({ ...withPlace(issue, given, row.protocol), input: issue.input } as z.core.$ZodRawIssue);
      return z.NEVER;
    }
    return parsed.data;
  });
  return entry.meta({ oneOf: published });
}

/** Of a key that stands elsewhere it is said where; a message has a line a key. */
function withPlace(issue: z.core.$ZodIssue, given: unknown, protocol: Protocol): z.core.$ZodIssue {
  const named = (given as Readonly<Record<string, unknown>>)[protocol.name];
  const transport = protocol.transports.find(({ name }) => name === named);
  if (issue.code !== "unrecognized_keys" || issue.path.length > 0 || transport === undefined) return issue;
  const elsewhere = protocol.keysElsewhere?.(transport) ?? {};
  const lines = issue.message.split("\n");
  const told = issue.keys.map((key, k) => (Object.hasOwn(elsewhere, key) ? elsewhere[key] : lines[k]));
  return { ...issue, message: told.join("\n") };
}

/** What else is wrong with an entry whose transport is none: it is said of the one that was meant. */
function besides(
  given: unknown,
  { protocol, schema }: { readonly protocol: Protocol; readonly schema: z.ZodType },
): readonly z.core.$ZodIssue[] {
  const named = String((given as Readonly<Record<string, unknown>>)[protocol.name]);
  const names = protocol.transports.map(({ name }) => name);
  const meant = names.includes(named) ? undefined : nearest(named, names);
  if (meant === undefined) return [];
  const parsed = schema.safeParse(
    { ...(given as object), [protocol.name]: meant },
    { error: inOwnWords, reportInput: true },
  );
  return parsed.error?.issues ?? [];
}

/** What editors are told of an entry; what the schema does beside that (choosing by key) JSON Schema has no word for. */
function publishedOf(entry: z.ZodType): unknown {
  const words = Object.entries(z.toJSONSchema(entry, { io: "input", target: "draft-2020-12" }));
  return Object.fromEntries(words.filter(([word]) => word !== "$schema"));
}
