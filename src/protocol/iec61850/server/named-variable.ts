/**
 * Variables by name (IEC 61850-8-1, 7.3; ISO 9506-1, named variables): a logical node has the constraints of its data, those have data
 * objects, and those attributes. The ones in another are made when somebody asks for them: a meter that nobody reads has none.
 */
import type {
  ArrayOf,
  Attribute,
  DataObject,
  Leaf,
  LogicalDevice,
  LogicalNode,
  Triggers,
} from "#protocol/iec61850/model/ied.ts";
import { nodeName } from "#protocol/iec61850/model/ied.ts";
import { functionalConstraints, type FunctionalConstraint } from "#protocol/iec61850/model/functional-constraint.ts";
import { compareNames } from "./collation.ts";
import type { Served, ServedLeaf, ServedPlace, ServedStructure } from "./served.ts";

export type VariableKind = "structure" | "array" | "leaf" | "served";

const none: readonly NamedVariable[] = [];

export class NamedVariable {
  readonly name: string;
  readonly kind: VariableKind;
  /** Of kind "leaf". */
  readonly leaf: Leaf | undefined;
  /** Of kind "served". */
  readonly served: ServedLeaf | undefined;
  /** Of a structure that is written as a whole only. */
  readonly whole: ServedStructure | undefined;
  /** What a change of it triggers: its own, or that of what it is in. */
  readonly triggers: Triggers;
  #make: (() => readonly NamedVariable[]) | undefined;
  #fields = none;
  #inOrder: readonly NamedVariable[] | undefined;

  constructor(
    name: string,
    kind: VariableKind,
    what: {
      readonly leaf?: Leaf;
      readonly served?: ServedLeaf;
      readonly whole?: ServedStructure;
      readonly triggers?: Triggers;
      readonly make?: () => readonly NamedVariable[];
    },
  ) {
    this.name = name;
    this.kind = kind;
    this.leaf = what.leaf;
    this.served = what.served;
    this.whole = what.whole;
    this.triggers = what.triggers ?? {};
    this.#make = what.make;
  }

  /** Components of a structure, elements of an array. */
  get fields(): readonly NamedVariable[] {
    const make = this.#make;
    if (make !== undefined) {
      this.#make = undefined;
      this.#fields = make();
    }
    return this.#fields;
  }

  /** Its components in the order of lists of names. */
  get inOrder(): readonly NamedVariable[] {
    this.#inOrder ??= this.fields.toSorted((a, b) => compareNames(a.name, b.name));
    return this.#inOrder;
  }

  /** The one in it that has a name, "ST$Ind1$stVal", Latin-1 in octets [from, to); undefined of none. Elements of arrays have no names. */
  find(octets: Uint8Array, from: number, to: number): NamedVariable | undefined {
    let end = from;
    while (end < to && octets[end] !== SEPARATOR) end++;
    const field = this.#field(octets, from, end);
    return end === to ? field : field?.find(octets, end + 1, to);
  }

  /** The same of text. */
  named(item: string): NamedVariable | undefined {
    const end = item.indexOf("$");
    const name = end < 0 ? item : item.slice(0, end);
    const field = this.kind === "structure" ? this.fields.find((one) => one.name === name) : undefined;
    return end < 0 ? field : field?.named(item.slice(end + 1));
  }

  #field(octets: Uint8Array, from: number, to: number): NamedVariable | undefined {
    const { fields } = this;
    if (this.kind !== "structure") return undefined;
    for (let k = 0; k < fields.length; k++) {
      const field = fields[k];
      if (field !== undefined && isName(field.name, octets, from, to)) return field;
    }
    return undefined;
  }
}

/** "$" */
const SEPARATOR = 0x24;

export function isName(name: string, octets: Uint8Array, from: number, to: number): boolean {
  if (name.length !== to - from) return false;
  for (let k = 0; k < name.length; k++) if (name.charCodeAt(k) !== octets[from + k]) return false;
  return true;
}

/** What a logical device has, and what is served beside it: a structure of its logical nodes. */
export function deviceVariable(device: LogicalDevice, places: readonly ServedPlace[]): NamedVariable {
  const here = places.filter(({ domain }) => domain === device.domain);
  return new NamedVariable(device.domain, "structure", {
    make: () =>
      device.nodes.map((node) => {
        const name = nodeName(node);
        return nodeVariable(
          name,
          node,
          here.filter((place) => place.node === name),
        );
      }),
  });
}

function nodeVariable(name: string, node: LogicalNode, places: readonly ServedPlace[]): NamedVariable {
  return new NamedVariable(name, "structure", {
    make: () =>
      functionalConstraints
        .map((fc) =>
          constraintVariable(
            node,
            fc,
            places.filter((place) => place.fc === fc),
          ),
        )
        .filter((variable) => variable.fields.length > 0),
  });
}

function constraintVariable(
  node: LogicalNode,
  fc: FunctionalConstraint,
  places: readonly ServedPlace[],
): NamedVariable {
  const make = (): NamedVariable[] => {
    const served = new Map(places.map((place) => [place.served.name, servedVariable(place.served)]));
    const objects = node.objects
      .filter((object) => has(object, fc) || served.has(object.name))
      .map((object) => {
        const instead = served.get(object.name);
        served.delete(object.name);
        return instead ?? objectVariable(object, fc);
      });
    return [...objects, ...served.values()];
  };
  return new NamedVariable(fc, "structure", { make });
}

/** Whether an object has attributes of a constraint. */
function has(object: DataObject, fc: FunctionalConstraint): boolean {
  return object.attributes.some((attribute) => attribute.fc === fc) || object.objects.some((inner) => has(inner, fc));
}

function objectVariable(object: DataObject, fc: FunctionalConstraint): NamedVariable {
  return new NamedVariable(object.name, "structure", {
    make: () => [
      ...object.objects.filter((inner) => has(inner, fc)).map((inner) => objectVariable(inner, fc)),
      ...object.attributes.filter((attribute) => attribute.fc === fc).map((attribute) => attributeVariable(attribute)),
    ],
  });
}

function attributeVariable(attribute: Attribute, around: Triggers = {}): NamedVariable {
  const triggers = { ...around, ...attribute.triggers };
  const { name } = attribute;
  switch (attribute.kind) {
    case "leaf":
      return new NamedVariable(name, "leaf", { leaf: attribute, triggers });
    case "structure":
      return new NamedVariable(name, "structure", {
        triggers,
        make: () => attribute.fields.map((field) => attributeVariable(field, triggers)),
      });
    case "array":
      return arrayVariable(attribute, triggers);
  }
}

function arrayVariable(array: ArrayOf, triggers: Triggers): NamedVariable {
  return new NamedVariable(array.name, "array", {
    triggers,
    make: () => array.items.map((item) => attributeVariable(item, triggers)),
  });
}

function servedVariable(served: Served): NamedVariable {
  if (served.kind === "leaf") return new NamedVariable(served.name, "served", { served });
  const { write } = served;
  return new NamedVariable(served.name, "structure", {
    ...(write === undefined ? {} : { whole: served }),
    make: () => served.fields.map(servedVariable),
  });
}
