/** Random values of COSEM, for tests of what encodes and decodes them. */
import * as fc from "fast-check";
import type { Data, NumberType, TypeDescription } from "./data.ts";

const bytes = fc.uint8Array({ maxLength: 140 });
const exactly = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });

const ranges: Readonly<Record<Exclude<NumberType, "float32" | "float64">, readonly [number, number]>> = {
  "double-long": [-0x80000000, 0x7fffffff],
  "double-long-unsigned": [0, 0xffffffff],
  integer: [-128, 127],
  long: [-0x8000, 0x7fff],
  unsigned: [0, 255],
  "long-unsigned": [0, 0xffff],
  enum: [0, 255],
  bcd: [0, 255],
  "delta-integer": [-128, 127],
  "delta-long": [-0x8000, 0x7fff],
  "delta-double-long": [-0x80000000, 0x7fffffff],
  "delta-unsigned": [0, 255],
  "delta-long-unsigned": [0, 0xffff],
  "delta-double-long-unsigned": [0, 0xffffffff],
};

/** A random value of each type that has no members. */
const simple: {
  readonly [Type in Exclude<Data["type"], "array" | "structure" | "compact-array">]: fc.Arbitrary<Data>;
} = {
  ...(Object.fromEntries(
    Object.entries(ranges).map(([type, [min, max]]) => [
      type,
      fc.integer({ min, max }).map((value) => ({ type, value }) as Data),
    ]),
  ) as Record<keyof typeof ranges, fc.Arbitrary<Data>>),
  "null-data": fc.constant({ type: "null-data" }),
  "dont-care": fc.constant({ type: "dont-care" }),
  boolean: fc.boolean().map((value) => ({ type: "boolean", value })),
  "bit-string": fc.array(fc.boolean(), { maxLength: 20 }).map((value) => ({ type: "bit-string", value })),
  float32: fc.float({ noNaN: true }).map((value) => ({ type: "float32", value })),
  float64: fc.double({ noNaN: true }).map((value) => ({ type: "float64", value })),
  long64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ type: "long64", value })),
  "long64-unsigned": fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => ({ type: "long64-unsigned", value })),
  "octet-string": bytes.map((value) => ({ type: "octet-string", value })),
  "date-time": exactly(12).map((value) => ({ type: "date-time", value })),
  date: exactly(5).map((value) => ({ type: "date", value })),
  time: exactly(4).map((value) => ({ type: "time", value })),
  "visible-string": bytes.map((value) => ({ type: "visible-string", value: String.fromCharCode(...value) })),
  "utf8-string": fc.string({ unit: "grapheme", maxLength: 40 }).map((value) => ({ type: "utf8-string", value })),
};

const anySimple: fc.Arbitrary<Data> = fc.oneof(...Object.values(simple));
/** Types of which each value takes bytes: a compact array of others has no end. */
const taking = (Object.keys(simple) as (keyof typeof simple)[]).filter(
  (type) => type !== "null-data" && type !== "dont-care",
);

const description: fc.Arbitrary<TypeDescription> = fc.letrec<{ one: TypeDescription }>((tie) => ({
  one: fc.oneof(
    { maxDepth: 2, depthIdentifier: "description" },
    fc.constantFrom(...taking).map((type) => ({ type })),
    fc
      .tuple(fc.integer({ min: 1, max: 3 }), tie("one"))
      .map(([count, of]): TypeDescription => ({ type: "array", count, of })),
    fc.array(tie("one"), { minLength: 1, maxLength: 3 }).map((of): TypeDescription => ({ type: "structure", of })),
  ),
})).one;

function described(of: TypeDescription): fc.Arbitrary<Data> {
  if (of.type === "array")
    return fc
      .array(described(of.of), { minLength: of.count, maxLength: of.count })
      .map((value) => ({ type: "array", value }));
  if (of.type === "structure") return fc.tuple(...of.of.map(described)).map((value) => ({ type: "structure", value }));
  return simple[of.type];
}

const compactArray: fc.Arbitrary<Data> = description.chain((of) =>
  fc.array(described(of), { maxLength: 4 }).map((value) => ({ type: "compact-array", of, value })),
);

/** Of any type, and of types in types. */
export const anyData: fc.Arbitrary<Data> = fc.letrec<{ data: Data }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    anySimple,
    fc.array(tie("data"), { maxLength: 6 }).map((value): Data => ({ type: "array", value })),
    fc.array(tie("data"), { maxLength: 6 }).map((value): Data => ({ type: "structure", value })),
    compactArray,
  ),
})).data;

/** Every type once and more, so that no run leaves one out. */
export const ofEveryType: readonly fc.Arbitrary<Data>[] = [...Object.values(simple), compactArray];
