/** Models of IEDs by chance, as far as SCL can say them: for properties of what reads and writes it. */
import fc from "fast-check";
import { basicTypes, type BasicType } from "#protocol/iec61850/model/basic-type.ts";
import type { FunctionalConstraint } from "#protocol/iec61850/model/functional-constraint.ts";
import type {
  Attribute,
  DataObject,
  DataSet,
  Edition,
  Enumeration,
  GooseControl,
  Ied,
  Leaf,
  LogicalNode,
  Member,
  ReportControl,
  Triggers,
} from "#protocol/iec61850/model/ied.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";

const enumerations: readonly Enumeration[] = [
  { id: "BehaviourModeKind", words: { 1: "on", 2: "blocked", 4: "test/blocked" } },
  { id: "MultiplierKind", words: { [-3]: "m", 0: "", 3: "k" } },
  { id: "MV", words: { 7: "named as a type would be" } },
];

/** Objects as the house makes them, with a prototype. */
function record<T>(of: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T>;
function record<T, K extends keyof T>(
  of: { [L in keyof T]: fc.Arbitrary<T[L]> },
  required: K[],
): fc.Arbitrary<Pick<T, K> & Partial<T>>;
function record<T, K extends keyof T>(of: { [L in keyof T]: fc.Arbitrary<T[L]> }, required?: K[]): unknown {
  return required === undefined
    ? fc.record(of, { noNullPrototype: true })
    : fc.record(of, { noNullPrototype: true, requiredKeys: required });
}

const word = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,8}$/);
const capital = fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,8}$/);
const speakable = fc
  .string({ unit: "binary", maxLength: 20 })
  .map((text) => text.replaceAll(/[^\t\n\r -\uD7FF\uE000-\uFFFD]/g, "?"));
const constraint = fc.constantFrom<FunctionalConstraint>("MX", "ST", "CF", "DC", "SP", "SV", "EX", "SG", "CO");
const triggers: fc.Arbitrary<Triggers> = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()).map(([d, q, u]) => ({
  ...(d ? { dataChange: true as const } : {}),
  ...(q ? { qualityChange: true as const } : {}),
  ...(u ? { dataUpdate: true as const } : {}),
}));

function valueOf(type: BasicType, enumeration: Enumeration | undefined): fc.Arbitrary<LeafValue> {
  const { mms, width } = basicTypes[type];
  if (enumeration !== undefined) return fc.constantFrom(...Object.keys(enumeration.words).map(Number));
  const bits = Math.abs(width);
  switch (mms) {
    case "boolean":
      return fc.boolean();
    case "integer":
      return width > 32
        ? fc.bigInt(-(2n ** BigInt(width - 1)), 2n ** BigInt(width - 1) - 1n)
        : fc.integer({ min: -(2 ** (width - 1)), max: 2 ** (width - 1) - 1 });
    case "unsigned":
      return fc.integer({ min: 0, max: 2 ** width - 1 });
    case "float":
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    case "bits":
      return fc.integer({ min: 0, max: 2 ** bits - 1 });
    case "octets":
      return fc.uint8Array({ minLength: width < 0 ? 0 : width, maxLength: bits });
    case "visible":
    case "utf8":
      return speakable.map((text) => text.slice(0, bits));
    case "utc":
    case "binaryTime":
      return fc.integer({ min: -1e15, max: 4e15 }).map((micros) => ({
        utc: micros / 1000,
        leapSecondsKnown: false,
        clockFailure: false,
        notSynchronised: false,
      }));
  }
}

/** Attributes without numbers yet. */
type Shape = (name: string, fc: FunctionalConstraint, triggers: Triggers, index: () => number) => Attribute;

const leafShape: fc.Arbitrary<Shape> = fc
  .tuple(fc.constantFrom(...(Object.keys(basicTypes) as BasicType[])), fc.constantFrom(...enumerations), fc.boolean())
  .chain(([type, one, writable]) => {
    const enumeration = type === "Enum" ? one : undefined;
    return fc
      .option(valueOf(type, enumeration), { nil: undefined })
      .map((initial): Shape => (name, constraint, given, index): Leaf => ({
        kind: "leaf",
        name,
        fc: constraint,
        type,
        ...(enumeration === undefined ? {} : { enumeration }),
        triggers: given,
        index: index(),
        ...(initial === undefined ? {} : { initial }),
        ...(writable ? { writable: true as const } : {}),
      }));
  });

const named = <T>(one: fc.Arbitrary<T>, name: fc.Arbitrary<string>, most: number) =>
  fc.uniqueArray(fc.tuple(name, one), { minLength: 1, maxLength: most, selector: ([text]) => text });

const structureShape = (inner: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> =>
  named(inner, word, 3).map((fields): Shape => (name, constraint, given, index) => ({
    kind: "structure",
    name,
    fc: constraint,
    triggers: given,
    fields: fields.map(([one, shape]) => shape(one, constraint, given, index)),
  }));

/** Values in arrays are those of the places: the shapes are alike. */
const arrayShape = (inner: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> =>
  fc.tuple(inner, fc.integer({ min: 1, max: 3 })).map(([shape, count]): Shape => (name, constraint, given, index) => ({
    kind: "array",
    name,
    fc: constraint,
    triggers: given,
    items: Array.from({ length: count }, () => shape(name, constraint, given, index)).filter(
      (one) => one.kind !== "array",
    ),
  }));

const nestedShape = structureShape(fc.oneof(leafShape, structureShape(leafShape)));
const anyShape = fc.oneof(
  { weight: 4, arbitrary: leafShape },
  { weight: 2, arbitrary: nestedShape },
  { weight: 1, arbitrary: arrayShape(fc.oneof(leafShape, nestedShape)) },
);

type ObjectShape = (name: string, index: () => number) => DataObject;

const attributesShape = named(fc.tuple(anyShape, constraint, triggers), word, 4);

/** Objects by number, as harmonics are: those of each constraint an array. */
const harmonics: fc.Arbitrary<ObjectShape> = fc
  .tuple(named(fc.tuple(leafShape, fc.constantFrom("MX", "CF"), triggers), word, 3), fc.integer({ min: 1, max: 3 }))
  .map(([fields, count]): ObjectShape => (name, index) => {
    const constraints = [...new Set(fields.map(([, [, one]]) => one))] as FunctionalConstraint[];
    const attributes = constraints.map((one) => ({
      kind: "array" as const,
      name: "phsAHar",
      fc: one,
      triggers: {},
      items: Array.from({ length: count }, () => ({
        kind: "structure" as const,
        name: "phsAHar",
        fc: one,
        triggers: {},
        fields: fields
          .filter(([, [, other]]) => other === one)
          .map(([field, [shape, , given]]) => shape(field, one, given, index)),
      })),
    }));
    return { kind: "object", name, cdc: "HWYE", attributes, objects: [] };
  });

function objectShape(inner: fc.Arbitrary<readonly (readonly [string, ObjectShape])[]>): fc.Arbitrary<ObjectShape> {
  return fc
    .tuple(fc.constantFrom("MV", "WYE", "SPS", "XYZ"), attributesShape, inner)
    .map(([cdc, attributes, objects]): ObjectShape => (name, index) => ({
      kind: "object",
      name,
      cdc,
      attributes: attributes.map(([one, [shape, constraint, given]]) => shape(one, constraint, given, index)),
      // Names of attributes and of objects in an object are of one kind.
      objects: objects.map(([one, shape]) => shape(`s${one}`, index)),
    }));
}

const plain = objectShape(fc.constant([]));
const anyObject = fc.oneof(plain, objectShape(named(plain, capital, 2)), harmonics);

const reports = (sets: readonly string[], edition: Edition): fc.Arbitrary<ReportControl> =>
  record({
    name: word,
    buffered: fc.boolean(),
    dataSet: fc.constantFrom(undefined, ...sets),
    rptId: fc.option(fc.stringMatching(/^[ -~]{1,40}$/), { nil: undefined }),
    configRevision: fc.nat(),
    bufferMs: fc.nat(),
    integrityMs: fc.nat(),
    triggers: record({
      dataChange: fc.boolean(),
      qualityChange: fc.boolean(),
      dataUpdate: fc.boolean(),
      integrity: fc.boolean(),
      generalInterrogation: fc.boolean(),
    }),
    fields: record({
      sequenceNumber: fc.boolean(),
      timeStamp: fc.boolean(),
      reason: fc.boolean(),
      dataSet: fc.boolean(),
      dataReference: fc.boolean(),
      bufferOverflow: fc.boolean(),
      entryId: fc.boolean(),
      configRevision: fc.boolean(),
    }),
    instances: fc.integer({ min: 1, max: 99 }),
    indexed: fc.boolean(),
  }).map((report) => ({
    ...report,
    // What has no number is one.
    instances: report.indexed ? report.instances : 1,
    fields: { ...report.fields, bufferOverflow: report.buffered && (edition === "1" || report.fields.bufferOverflow) },
  }));

const gooses = (sets: readonly string[]): fc.Arbitrary<GooseControl> =>
  record({
    name: word,
    goId: fc.stringMatching(/^[ -~]{1,40}$/),
    dataSet: fc.constantFrom(...sets),
    configRevision: fc.nat(3),
    fixedOffsets: fc.boolean(),
    address: fc.option(
      record(
        {
          mac: fc.uint8Array({ minLength: 6, maxLength: 6 }),
          appId: fc.integer({ min: 0, max: 0xffff }),
          vlan: record({ id: fc.integer({ min: 0, max: 4095 }), priority: fc.integer({ min: 0, max: 7 }) }),
        },
        ["mac", "appId"],
      ),
      { nil: undefined },
    ),
    minMs: fc.nat(100_000),
    maxMs: fc.nat(100_000),
  }).map((goose) => ({ ...goose, needsCommissioning: goose.configRevision === 0 }));

interface NodeShape extends Pick<LogicalNode, "prefix" | "lnClass" | "inst"> {
  readonly objects: readonly (readonly [string, ObjectShape])[];
}

const nodeShape: fc.Arbitrary<NodeShape> = record({
  prefix: fc.constantFrom("", "a_"),
  lnClass: fc.constantFrom("MMXU", "GGIO"),
  inst: fc.constantFrom("1", "2"),
  objects: named(anyObject, capital, 3),
});

export const ieds: fc.Arbitrary<Ied> = record({
  facts: record({
    name: capital,
    edition: fc.constantFrom<Edition>("2", "2.1"),
    manufacturer: fc.stringMatching(/^[ -~]{0,20}$/),
    type: fc.stringMatching(/^[ -~]{0,20}$/),
    configVersion: fc.stringMatching(/^[ -~]{0,20}$/),
  }),
  devices: fc.uniqueArray(
    record({
      inst: capital,
      domain: fc.option(capital, { nil: undefined }),
      zero: named(anyObject, capital, 2),
      nodes: fc.uniqueArray(nodeShape, {
        maxLength: 2,
        selector: ({ prefix, lnClass, inst }) => `${prefix}${lnClass}${inst}`,
      }),
    }),
    { minLength: 1, maxLength: 2, selector: ({ inst }) => inst },
  ),
}).chain(({ facts, devices }) => {
  let leaves = 0;
  const index = (): number => leaves++;
  const objects = (of: readonly (readonly [string, ObjectShape])[]) => of.map(([name, shape]) => shape(name, index));
  const bare = { dataSets: [], reports: [], gooses: [] };
  const made = devices.map(({ inst, domain, zero, nodes }) => ({
    inst,
    domain: domain ?? `${facts.name}${inst}`,
    nodes: [
      { prefix: "", lnClass: "LLN0", inst: "", objects: objects(zero), ...bare },
      ...nodes.map(({ objects: of, ...node }) => ({ ...node, objects: objects(of), ...bare })),
    ],
  }));
  const members: Member[] = made.flatMap(({ inst: ldInst, nodes }) =>
    nodes.flatMap(({ prefix, lnClass, inst: lnInst, objects: of }) =>
      of.flatMap(({ name: doName, attributes }) =>
        attributes.map(({ name: daName, fc: constraint }) => ({
          ldInst,
          prefix,
          lnClass,
          lnInst,
          doName,
          daName,
          fc: constraint,
        })),
      ),
    ),
  );
  const sets: fc.Arbitrary<DataSet[]> = fc.uniqueArray(
    record({ name: word, members: fc.array(fc.constantFrom(...members), { minLength: 1, maxLength: 4 }) }),
    { minLength: 1, maxLength: 2, selector: ({ name }) => name },
  );
  return sets.chain((dataSets) => {
    const names = dataSets.map(({ name }) => name);
    return fc
      .tuple(
        fc.uniqueArray(reports(names, facts.edition), { maxLength: 3, selector: ({ name }) => name }),
        fc.uniqueArray(gooses(names), { maxLength: 2, selector: ({ name }) => name }),
      )
      .map(([all, published]): Ied => {
        const [first, ...others] = made;
        const [zero, ...nodes] = first!.nodes;
        const node = { ...zero!, dataSets, reports: all, gooses: published };
        return { ...facts, devices: [{ ...first!, nodes: [node, ...nodes] }, ...others], leaves };
      });
  });
});
