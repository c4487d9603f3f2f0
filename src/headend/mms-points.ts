/** Data objects of a server as values with their names, units and qualities. */
import type { TypeDescription } from "#protocol/iec61850/mms/data.ts";
import type { AccessResult } from "#protocol/iec61850/mms/variable-access.ts";
import type { BrowsedNode } from "#protocol/iec61850/client/browse.ts";
import { stepInto } from "#protocol/iec61850/client/browse.ts";
import type { Reference, Step } from "#protocol/iec61850/client/references.ts";
import { enumerationOf } from "#protocol/iec61850/model/enumerations.ts";
import { quality } from "#protocol/iec61850/model/value.ts";
import { accessErrorText } from "#protocol/iec61850/mms/access-error-words.ts";
import { glossaryName } from "./mms-names.ts";
import { qualityOf, qualityWords } from "#protocol/iec61850/mms/data-words.ts";
import { plainValue } from "./mms-values.ts";
import type { PointReading } from "./point-reading.ts";

type Structure = Extract<TypeDescription, { readonly kind: "structure" }>;

/** A data object with a value: what is asked for it, and where in the answer its parts stand. */
export interface ValuePoint {
  /** "MMXU1.PhV.phsA". */
  readonly name: string;
  readonly reference: Reference;
  readonly type: Structure;
  /** Fields from the data object to its value: ["cVal", "mag", "f"]. */
  readonly toValue: readonly number[];
  /** Where its unit, multiplier and pulses are, where it has them. */
  readonly facts: { readonly units?: Reference; readonly pulses?: Reference };
}

/** Attributes that are a data object's value, by their ways, the best first. */
const ways: readonly (readonly string[])[] = [
  ["mag", "f"],
  ["mag", "i"],
  ["cVal", "mag", "f"],
  ["cVal", "mag", "i"],
  ["instMag", "f"],
  ["instCVal", "mag", "f"],
  ["actVal"],
  ["stVal"],
  ["general"],
];

/** Every data object of a node that has a value and a quality. */
export function pointsOf(domain: string, node: BrowsedNode): readonly ValuePoint[] {
  const config = node.constraints.find(({ fc }) => fc === "CF")?.type;
  return node.constraints.flatMap(({ fc, type }) =>
    (fc === "MX" || fc === "ST") && type.kind === "structure"
      ? within({ domain, node: node.name, fc, path: [] }, type, config)
      : [],
  );
}

function within(reference: Reference, type: Structure, config: TypeDescription | undefined): readonly ValuePoint[] {
  if (type.fields.some(({ name }) => name === "q")) {
    const toValue = wayIn(type);
    return toValue === undefined
      ? []
      : [{ name: nameOf(reference), reference, type, toValue, facts: factsOf(reference, config) }];
  }
  return type.fields.flatMap(({ name, type: inner }): readonly ValuePoint[] => {
    if (inner.kind === "structure") return within(below(reference, { name }), inner, config);
    const { of, count } = inner.kind === "array" ? inner : { of: undefined, count: 0 };
    if (of?.kind !== "structure") return [];
    return Array.from({ length: count }, (_, index) => within(below(reference, { name, index }), of, config)).flat();
  });
}

function below(reference: Reference, step: Step): Reference {
  return { ...reference, path: [...reference.path, step] };
}

export function nameOf({ node, path }: Reference): string {
  return [node, ...path.map(({ name, index }) => (index === undefined ? name : `${name}(${index})`))].join(".");
}

/** Numbers of the fields of the first way that the type has. */
function wayIn(type: Structure): readonly number[] | undefined {
  for (const way of ways) {
    const numbers: number[] = [];
    let at: TypeDescription | undefined = type;
    for (const name of way) {
      const fields: Structure["fields"] = at?.kind === "structure" ? at.fields : [];
      const number = fields.findIndex((field) => field.name === name);
      numbers.push(number);
      at = fields[number]?.type;
    }
    if (at !== undefined && at.kind !== "structure" && at.kind !== "array") return numbers;
  }
  return undefined;
}

/** Units stand with the data object, or with one that it is in. */
function factsOf(reference: Reference, config: TypeDescription | undefined): ValuePoint["facts"] {
  let units: Reference | undefined;
  let pulses: Reference | undefined;
  if (config === undefined) return {};
  for (let count = reference.path.length; count > 0; count--) {
    // Elements of an array have one configuration.
    const path = reference.path.slice(0, count).map(({ name }) => ({ name }));
    let type: TypeDescription | undefined = config;
    for (const step of path) type = type && stepInto(type, step);
    const has = (name: string): boolean =>
      type?.kind === "structure" && type.fields.some((field) => field.name === name);
    const at = (name: string): Reference => ({ ...reference, fc: "CF", path: [...path, { name }] });
    if (has("units")) units ??= at("units");
    if (has("pulsQty")) pulses ??= at("pulsQty");
  }
  return { ...(units === undefined ? {} : { units }), ...(pulses === undefined ? {} : { pulses }) };
}

/** What a unit is, as a server's configuration says it. */
export interface PointFacts {
  readonly unit: string;
  readonly scale: number;
  /** What an actVal of 1 is. */
  readonly pulses: number;
}

export const noFacts: PointFacts = { unit: "", scale: 1, pulses: 1 };

/** The glossary writes them so. */
const unitNames: Readonly<Record<string, string>> = { Watts: "W", VAr: "var", VArh: "varh", "cos(phi)": "" };

/** Of `units` {SIUnit, multiplier} and pulsQty, as far as there are any. */
export function pointFacts(units: AccessResult | undefined, pulses: AccessResult | undefined): PointFacts {
  const [si, multiplier] = units?.kind === "structure" ? units.items.map((item) => Number(plainValue(item))) : [];
  const name = (si === undefined ? undefined : enumerationOf("SIUnitKind").words[si]) ?? "";
  const prefix = (multiplier === undefined ? undefined : enumerationOf("MultiplierKind").words[multiplier]) ?? "";
  const unit = unitNames[name] ?? name;
  const each = pulses === undefined ? 1 : plainValue(pulses);
  return {
    unit: unit === "" ? "" : `${prefix}${unit}`,
    scale: unit === "" ? 1 : 10 ** (multiplier ?? 0),
    pulses: typeof each === "number" && each > 0 ? each : 1,
  };
}

/** Its value with its unit; none of one that is invalid. */
export function pointReading(point: ValuePoint, value: AccessResult, facts: PointFacts): PointReading {
  const own = glossaryName(
    point.reference.node,
    point.reference.path.map(({ name }) => name),
  );
  const base = own === undefined ? { name: point.name } : { name: own, label: point.name };
  if (value.kind !== "structure")
    return {
      ...base,
      value: undefined,
      unit: facts.unit,
      flags: [value.kind === "failure" ? accessErrorText(value.error) : "no value"],
    };
  const bits = qualityOf(value.items[point.type.fields.findIndex(({ name }) => name === "q")]);
  let found: AccessResult | undefined = value;
  for (const number of point.toValue) found = found?.kind === "structure" ? found.items[number] : undefined;
  const isInvalid = bits !== undefined && (bits & quality.questionable) === quality.invalid;
  const plain = found === undefined || isInvalid ? undefined : plainValue(found);
  const flags = bits === undefined ? [] : qualityWords(bits);
  const isCount = found?.kind === "integer" && point.type.fields[point.toValue[0] ?? -1]?.name === "actVal";
  return {
    ...base,
    value: isCount && typeof plain === "number" ? plain * facts.pulses : plain,
    unit: facts.unit,
    ...(facts.scale === 1 ? {} : { scale: facts.scale }),
    ...(flags.length === 0 ? {} : { flags }),
  };
}
