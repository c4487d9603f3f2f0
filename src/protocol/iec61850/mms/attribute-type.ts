/** What attributes, data objects and logical nodes are made of, as MMS describes it (IEC 61850-8-1, 8.1 and 13). */
import type { BasicShape, BasicType } from "#protocol/iec61850/model/basic-type.ts";
import { basicTypes } from "#protocol/iec61850/model/basic-type.ts";
import type { FunctionalConstraint } from "#protocol/iec61850/model/functional-constraint.ts";
import type { Attribute, DataObject } from "#protocol/iec61850/model/ied.ts";
import type { TypeDescription } from "./data.ts";

export function typeOfLeaf(type: BasicType): TypeDescription {
  const { mms, width }: BasicShape = basicTypes[type];
  switch (mms) {
    case "boolean":
    case "utc":
      return { kind: mms };
    case "float":
      return { kind: "float", width, exponent: width === 32 ? 8 : 11 };
    case "binaryTime":
      return { kind: "binaryTime", date: true };
    default:
      return { kind: mms, width };
  }
}

export function typeOfAttribute(attribute: Attribute): TypeDescription | undefined {
  switch (attribute.kind) {
    case "leaf":
      return typeOfLeaf(attribute.type);
    case "structure":
      return structureOf(attribute.fields.map((field) => [field.name, typeOfAttribute(field)]));
    case "array": {
      const [first] = attribute.items;
      const of = first === undefined ? undefined : typeOfAttribute(first);
      return of === undefined ? undefined : { kind: "array", count: attribute.items.length, of };
    }
  }
}

/** What a data object has of a constraint, in the order that it has over MMS: objects in it, then attributes, as 7-3 lists them. */
export function partsOf(object: DataObject, fc: FunctionalConstraint): readonly (DataObject | Attribute)[] {
  return [
    ...object.objects.filter((inner) => partsOf(inner, fc).length > 0),
    ...object.attributes.filter((attribute) => attribute.fc === fc),
  ];
}

/** Undefined where it has nothing of the constraint. */
export function typeOfObject(object: DataObject, fc: FunctionalConstraint): TypeDescription | undefined {
  return structureOf(
    partsOf(object, fc).map((part) => [
      part.name,
      part.kind === "object" ? typeOfObject(part, fc) : typeOfAttribute(part),
    ]),
  );
}

/** Of the parts that are something; undefined where none is. */
export function structureOf(
  parts: readonly (readonly [name: string, type: TypeDescription | undefined])[],
): TypeDescription | undefined {
  const fields = parts.flatMap(([name, type]) => (type === undefined ? [] : [{ name, type }]));
  return fields.length === 0 ? undefined : { kind: "structure", fields };
}
