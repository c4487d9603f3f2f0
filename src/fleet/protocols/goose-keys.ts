/** What a site file says of a listener of GOOSE, and what no schema can say of that. */
import { isReference } from "#protocol/iec61850/goose/described.ts";
import { DESTINATION } from "#protocol/iec61850/goose/destination.ts";
import { controlBlockNamed, dataSetNamed, isControlBlock } from "#protocol/iec61850/goose/references.ts";
import { encryptions, signatures, type Encryption, type Signature } from "#protocol/iec61850/goose/session-security.ts";
import { z } from "zod";

const secret = z.union([z.strictObject({ file: z.string().min(1) }), z.strictObject({ env: z.string().min(1) })]);

/** "3", or "0.1" of what is in a structure. */
const path = z
  .string()
  .regex(
    /^(\d{1,3}(\.\d{1,3}){0,4}|[A-Za-z0-9_]+\/\S{1,129})$/,
    "expected the number of a value, from 0, like 3, or 0.1 of one in a structure; or its reference, where scl explains it",
  );
const numbered = z.union([z.number().int().min(0).max(999).transform(String), path]);

const driven = z.strictObject({
  input: z.number().int().min(1).max(64).describe("of the meter"),
  value: numbered.describe("which value of the message closes it: its number, from 0, or its reference"),
  quality: numbered.optional().describe("the value that is its quality: what is not good, or a test, does nothing"),
});

const subscription = z.strictObject({
  controlBlock: z
    .string()
    .min(1)
    .max(129)
    .refine(
      (text) => isControlBlock(controlBlockNamed(text)),
      "expected one like JEM01MTR/LLN0$GO$gcbDI, or JEM01MTR/LLN0.gcbDI",
    )
    .transform(controlBlockNamed)
    .describe("whose messages, like JEM01MTR/LLN0$GO$gcbDI, or JEM01MTR/LLN0.gcbDI"),
  scl: z
    .string()
    .min(1)
    .optional()
    .describe("ICD, CID or SCD that describes who publishes it: what is not said here is as it has it"),
  appId: z.number().int().min(0).max(0xffff).optional().describe("that they have to have; any unless said"),
  goId: z.string().max(129).optional().describe("the same"),
  dataSet: z.string().max(129).transform(dataSetNamed).optional().describe("the same"),
  configRevision: z.number().int().min(0).max(0xffff_ffff).optional().describe("the same"),
  inputs: z.array(driven).max(64).default([]).describe("inputs of the meter that follow values of it"),
  whenGone: z
    .enum(["keep", "open", "closed"])
    .default("keep")
    .describe("what those inputs are when nothing that fits comes in time, or what comes does not count"),
});

export const plain = {
  publish: z.boolean().default(true).describe("whether the meter's control blocks are published here"),
  simulated: z.boolean().default(false).describe("what is published says that it is a simulation"),
  subscribe: z.array(subscription).max(256).default([]).describe("control blocks of others that the meter follows"),
};

const key = z.strictObject({
  id: z.number().int().min(1).max(0xffff_ffff),
  secret: secret.describe("its octets in hex"),
  signature: z.enum(Object.keys(signatures) as [Signature, ...Signature[]]).default("hmac-sha256-128"),
  encryption: z.enum(Object.keys(encryptions) as [Encryption, ...Encryption[]]).default("none"),
});

const destination = z.string().regex(DESTINATION, "expected an address and a port, like 239.0.0.1:102");

export const routed = {
  ...plain,
  to: z
    .array(destination)
    .max(16)
    .default([])
    .describe("where messages go: an address, or a group, and a port where it is not 102"),
  appId: z
    .number()
    .int()
    .min(0)
    .max(0xffff)
    .optional()
    .describe("of what is published; the control block's own unless said"),
  keys: z
    .array(key)
    .max(16)
    .default([])
    .describe(
      "what is taken is signed or ciphered with one of them, what is sent with the first; without keys with none",
    ),
};

type PlainKeys = z.output<z.ZodObject<typeof plain>>;
type RoutedKeys = z.output<z.ZodObject<typeof routed>>;
/** Of either carrier. */
export type GooseKeys = PlainKeys & Partial<Omit<RoutedKeys, keyof PlainKeys>>;

export function problems({ keys = [], subscribe }: GooseKeys): readonly string[] {
  const ids = keys.map(({ id }) => id);
  return [
    ...ids.flatMap((id, k) => (ids.indexOf(id) < k ? [`keys[${k}].id: another has ${id}`] : [])),
    ...keys.flatMap(({ signature, encryption }, k) =>
      signature === "none" && encryption === "none"
        ? [`keys[${k}].signature: expected one, or an encryption; a key that is not used is none`]
        : [],
    ),
    ...doubled(subscribe),
    ...subscribe.flatMap(({ scl, inputs }, k) =>
      inputs.flatMap(({ value, quality }, j) =>
        scl === undefined && [value, quality].some((one) => one !== undefined && isReference(one))
          ? [`subscribe[${k}].inputs[${j}]: a reference takes scl, the file that explains it`]
          : [],
      ),
    ),
  ];
}

/** Inputs that two values would drive. */
function doubled(subscribe: GooseKeys["subscribe"]): readonly string[] {
  const seen = new Set<number>();
  return subscribe.flatMap(({ inputs }, k) =>
    inputs.flatMap(({ input }, j) => {
      const isSecond = seen.has(input);
      seen.add(input);
      return isSecond ? [`subscribe[${k}].inputs[${j}].input: another value drives input ${input}`] : [];
    }),
  );
}
