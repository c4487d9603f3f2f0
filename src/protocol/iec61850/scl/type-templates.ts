/** The data type templates of a model: what has the same shape is one type. Values are not of the shape: they stand with the instances. */
import type { XmlNode } from "#io/xml.ts";
import { commonDataClasses, isCommonDataClass, type DataClass } from "#protocol/iec61850/model/common-data-classes.ts";
import type {
  ArrayOf,
  Attribute,
  DataObject,
  Edition,
  Enumeration,
  Ied,
  Leaf,
  LogicalNode,
  Structure,
  Triggers,
} from "#protocol/iec61850/model/ied.ts";

/** Constraints whose attributes a client may be able to write: what he may not is said. */
const settable = new Set(["SP", "SG", "SE", "CF", "DC"]);

export class TypeTemplates {
  readonly #edition: Edition;
  readonly #ids = new Set<string>();
  /** By what they are, without their ids. */
  readonly #known = new Map<string, string>();
  readonly #made: Record<"LNodeType" | "DOType" | "DAType" | "EnumType", XmlNode[]> = {
    LNodeType: [],
    DOType: [],
    DAType: [],
    EnumType: [],
  };

  constructor({ edition, devices }: Ied) {
    this.#edition = edition;
    // Enumerations keep their names; others go round them.
    for (const { nodes } of devices)
      for (const { objects } of nodes) for (const object of objects) this.#enumerationsOf(object);
  }

  /** The type of a logical node. */
  nodeType({ lnClass, prefix, objects }: LogicalNode): string {
    const content = objects.map((object) => ({
      name: "DO",
      attributes: { name: object.name, type: this.#objectType(object) },
    }));
    return this.#type("LNodeType", `${prefix}${lnClass}`, { lnClass }, content);
  }

  document(): XmlNode {
    const { LNodeType, DOType, DAType, EnumType } = this.#made;
    return { name: "DataTypeTemplates", content: [...LNodeType, ...DOType, ...DAType, ...EnumType] };
  }

  #type(
    kind: "LNodeType" | "DOType" | "DAType" | "EnumType",
    wanted: string,
    attributes: Readonly<Record<string, string>>,
    content: readonly XmlNode[],
  ): string {
    const shape = JSON.stringify([kind, kind === "EnumType" ? wanted : "", attributes, content]);
    const known = this.#known.get(shape);
    if (known !== undefined) return known;
    let id = wanted;
    for (let k = 2; this.#ids.has(id); k++) id = `${wanted}_${k}`;
    this.#ids.add(id);
    this.#known.set(shape, id);
    this.#made[kind].push({ name: kind, attributes: { id, ...attributes }, content });
    return id;
  }

  #enumerationsOf({ attributes, objects }: DataObject): void {
    for (const attribute of attributes) this.#enumerationsIn(attribute);
    for (const object of objects) this.#enumerationsOf(object);
  }

  #enumerationsIn(attribute: Attribute): void {
    if (attribute.kind === "leaf") {
      if (attribute.enumeration !== undefined) this.#enumeration(attribute.enumeration);
    } else if (attribute.kind === "structure") for (const field of attribute.fields) this.#enumerationsIn(field);
    else for (const item of attribute.items.slice(0, 1)) this.#enumerationsIn(item);
  }

  #enumeration({ id, words }: Enumeration): string {
    const inOrder = Object.entries(words).toSorted(([a], [b]) => Number(a) - Number(b));
    const content = inOrder.map(([ord, word]) => ({
      name: "EnumVal",
      attributes: { ord },
      content: word === "" ? undefined : word,
    }));
    return this.#type("EnumType", id, {}, content);
  }

  #objectType({ cdc, attributes, objects }: DataObject): string {
    const arrays = this.#edition === "1" ? [] : attributes.filter((one) => isByNumber(cdc, one));
    const byName = Map.groupBy(arrays, ({ name }) => name);
    const content = [
      ...objects.map((object) => ({
        name: "SDO",
        attributes: { name: object.name, type: this.#objectType(object) },
      })),
      ...attributes.flatMap((one) => {
        const of = byName.get(one.name);
        if (of === undefined) return [this.#attribute("DA", one)];
        return of[0] === one ? [this.#objectByNumber(one.name, of)] : [];
      }),
    ];
    return this.#type("DOType", cdc === "" ? "Object" : cdc, { cdc }, content);
  }

  /** Arrays of one name, one a functional constraint, are an object by number. */
  #objectByNumber(name: string, arrays: readonly ArrayOf[]): XmlNode {
    const fields = arrays.flatMap(({ items: [item] }) => (item?.kind === "structure" ? item.fields : []));
    const content = fields.map((field) => this.#attribute("DA", field));
    const type = this.#type("DOType", "CMV", { cdc: "CMV" }, content);
    return { name: "SDO", attributes: { name, type, count: arrays[0]?.items.length } };
  }

  #attribute(element: "DA" | "BDA", attribute: Attribute): XmlNode {
    const one = attribute.kind === "array" ? attribute.items[0] : attribute;
    const count = attribute.kind === "array" ? attribute.items.length : undefined;
    const { name, fc } = attribute;
    return {
      name: element,
      attributes: {
        name,
        ...(element === "DA" ? { ...triggersOf(attribute), fc } : {}),
        ...(one === undefined ? {} : this.#typeOf(one)),
        count,
      },
    };
  }

  #typeOf(one: Leaf | Structure): Readonly<Record<string, string | undefined>> {
    if (one.kind === "structure") {
      const content = one.fields.map((field) => this.#attribute("BDA", field));
      return { bType: "Struct", type: this.#type("DAType", one.name, {}, content) };
    }
    const type = one.enumeration && this.#enumeration(one.enumeration);
    const kept = settable.has(one.fc) ? "RO" : undefined;
    return { bType: one.type, type, valKind: one.writable ? "Set" : kept };
  }
}

/** Of harmonics: the only objects that there are by number (IEC 61850-7-3). */
function isByNumber(cdc: string, attribute: Attribute): attribute is ArrayOf {
  if (attribute.kind !== "array" || !isCommonDataClass(cdc)) return false;
  const { objects }: DataClass = commonDataClasses[cdc];
  return (
    objects?.harmonics === true &&
    objects.names.some(([name]) => name === attribute.name) &&
    attribute.items[0]?.kind === "structure"
  );
}

/** Of an array in an edition that has no objects by number, the triggers are those of what is in it. */
function triggersOf(attribute: Attribute): Readonly<Record<string, true | undefined>> {
  const [first] = attribute.kind === "array" ? attribute.items : [];
  const inner: readonly Triggers[] = first?.kind === "structure" ? first.fields.map(({ triggers }) => triggers) : [];
  const all = [attribute.triggers, ...inner];
  const some = (key: keyof Triggers): true | undefined => all.some((one) => one[key]) || undefined;
  return { dchg: some("dataChange"), qchg: some("qualityChange"), dupd: some("dataUpdate") };
}
