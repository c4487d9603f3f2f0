/** Data type templates (IEC 61850-6, 9.5): the shapes of logical nodes, from which their objects and attributes are made. */
import { limits } from "#quantity/limits.ts";
import { didYouMean, quotedWord } from "#quantity/nearest.ts";
import type { XmlElement } from "#io/xml.ts";
import { isBasicType } from "#protocol/iec61850/model/basic-type.ts";
import { isFunctionalConstraint, type FunctionalConstraint } from "#protocol/iec61850/model/functional-constraint.ts";
import type {
  ArrayOf,
  Attribute,
  DataObject,
  Enumeration,
  Leaf,
  Structure,
  Triggers,
} from "#protocol/iec61850/model/ied.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import { textTypes } from "./attribute-types.ts";
import { all, count, first, given, isTrue } from "./elements.ts";
import type { Instance } from "./instance.ts";
import type { Problems } from "./problems.ts";
import { valueOf } from "./value-text.ts";

/** A file would make more of its types than is taken: it is read no further. */
export class TooMuch extends Error {
  readonly at: XmlElement;

  constructor(words: string, at: XmlElement) {
    super(words);
    this.at = at;
  }
}

const kinds = ["LNodeType", "DOType", "DAType", "EnumType"] as const;
type Kind = (typeof kinds)[number];

/** What attributes are made by, wherever they are. */
interface Around {
  readonly fc: FunctionalConstraint;
  readonly triggers: Triggers;
  /** For words: "MTR/MMXU1.PhV.phsA". */
  readonly where: string;
  /** Of instances that may say something of it, the nearest first. */
  readonly instance: Instance | undefined;
}

/** What is none of its type is nothing here: reading a file has told it already (./check-structure.ts). */
export class Templates {
  /** Leaves that have been made since the last IED began. */
  leaves = 0;
  readonly #problems: Problems;
  readonly #types: Readonly<Record<Kind, ReadonlyMap<string, XmlElement>>>;
  readonly #enumerations = new Map<string, Enumeration>();
  /** Types that are being made: one in itself has no end. */
  readonly #under = new Set<XmlElement>();
  readonly #told = new Set<XmlElement>();
  #made = 0;

  constructor(element: XmlElement | undefined, problems: Problems) {
    this.#problems = problems;
    const byId = (kind: Kind) => {
      const types = new Map<string, XmlElement>();
      for (const type of all(element, kind)) {
        const id = given(type, "id");
        if (types.has(id)) problems.error(type, `${kind} ${id}: there is another of this id above`);
        else types.set(id, type);
      }
      return types;
    };
    this.#types = {
      LNodeType: byId("LNodeType"),
      DOType: byId("DOType"),
      DAType: byId("DAType"),
      EnumType: byId("EnumType"),
    };
  }

  /** Types are made again and again: what is wrong with an element of theirs is told once. */
  #wrong(at: XmlElement, words: string): void {
    if (this.#told.has(at)) return;
    this.#told.add(at);
    this.#problems.error(at, words);
  }

  /** The objects of a logical node, with what `instances` (DOI) say of them. */
  objects(node: XmlElement, where: string, instances: Instance): DataObject[] {
    const type = this.#find("LNodeType", given(node, "lnType"), node, where);
    if (type === undefined) return [];
    const lnClass = given(type, "lnClass");
    if (lnClass !== given(node, "lnClass"))
      this.#wrong(node, `${where}: its type is of ${lnClass}, not of ${given(node, "lnClass")}`);
    return all(type, "DO").flatMap((element) => {
      const name = given(element, "name");
      return this.#object(element, `${where}.${name}`, instances.in(name)) ?? [];
    });
  }

  #find(kind: Kind, id: string, at: XmlElement, where: string): XmlElement | undefined {
    const types = this.#types[kind];
    const found = types.get(id);
    if (found === undefined)
      this.#wrong(at, `${where}: the ${kind} ${JSON.stringify(id)} does not exist${didYouMean(id, [...types.keys()])}`);
    return found;
  }

  /** Runs with a type, unless it is in itself. */
  #with<T>(type: XmlElement, at: XmlElement, where: string, run: () => T): T | undefined {
    if (this.#under.has(type)) {
      this.#wrong(at, `${where}: the type ${given(type, "id")} is in itself`);
      return undefined;
    }
    this.#under.add(type);
    try {
      return run();
    } finally {
      this.#under.delete(type);
    }
  }

  #object(element: XmlElement, where: string, instance: Instance | undefined): DataObject | undefined {
    const type = this.#find("DOType", given(element, "type"), element, where);
    if (type === undefined) return undefined;
    return this.#with(type, element, where, (): DataObject => {
      const attributes: Attribute[] = [];
      const inner: XmlElement[] = [];
      for (const child of type.children) {
        if (child.name === "SDO") {
          if (numberOf(child) === undefined) inner.push(child);
          else attributes.push(...this.#objectsByNumber(child, where, instance));
        } else if (child.name === "DA") {
          const attribute = this.#attributeOf(child, where, instance);
          if (attribute !== undefined) attributes.push(attribute);
        }
      }
      const objects = inner.flatMap((child) => {
        const name = given(child, "name");
        return this.#object(child, `${where}.${name}`, instance?.in(name)) ?? [];
      });
      return { kind: "object", name: given(element, "name"), cdc: given(type, "cdc"), attributes, objects };
    });
  }

  /** Objects by number are arrays of their attributes, one a functional constraint. */
  #objectsByNumber(element: XmlElement, where: string, instance: Instance | undefined): ArrayOf[] {
    const name = given(element, "name");
    const here = `${where}.${name}`;
    const type = this.#find("DOType", given(element, "type"), element, here);
    const most = this.#counted(element, here);
    if (type === undefined || most === undefined) return [];
    const arrays = this.#with(type, element, here, () => {
      const inner = first(type, "SDO");
      if (inner !== undefined) this.#problems.warn(inner, `${here}: objects in objects by number are not taken`);
      const constraints = [...new Set(all(type, "DA").map((one) => given(one, "fc")))].filter(isFunctionalConstraint);
      return constraints.map((fc): ArrayOf => {
        const of = all(type, "DA").filter((one) => given(one, "fc") === fc);
        const items = Array.from({ length: most }, (_, k): Structure => {
          const one = instance?.in(name, k);
          const fields = of.flatMap((child) => this.#attributeOf(child, `${here}(${k})`, one) ?? []);
          return { kind: "structure", name, fc, triggers: {}, fields };
        });
        return { kind: "array", name, fc, triggers: {}, items };
      });
    });
    return arrays ?? [];
  }

  #counted(element: XmlElement, where: string): number | undefined {
    const many = numberOf(element) ?? NaN;
    if (many <= limits.scl.items) return many;
    const found = quotedWord(given(element, "count"));
    this.#wrong(element, `${where}: count: expected a whole number up to ${limits.scl.items}, found ${found}`);
    return undefined;
  }

  /** An attribute of a data object (DA). */
  #attributeOf(element: XmlElement, where: string, instance: Instance | undefined): Attribute | undefined {
    const fc = given(element, "fc");
    if (!isFunctionalConstraint(fc)) return undefined;
    const triggers: Triggers = {
      ...(isTrue(element, "dchg") ? { dataChange: true as const } : {}),
      ...(isTrue(element, "qchg") ? { qualityChange: true as const } : {}),
      ...(isTrue(element, "dupd") ? { dataUpdate: true as const } : {}),
    };
    return this.#attribute(element, { fc, triggers, where, instance });
  }

  /** DA or BDA, one of it or an array. */
  #attribute(element: XmlElement, around: Around): Attribute | undefined {
    const name = given(element, "name");
    const where = `${around.where}.${name}`;
    if (numberOf(element) === undefined)
      return this.#single(element, { ...around, where, instance: around.instance?.in(name) });
    const many = this.#counted(element, where);
    if (many === undefined) return undefined;
    const { fc, triggers } = around;
    const items: (Leaf | Structure)[] = [];
    for (let k = 0; k < many; k++) {
      const instance = around.instance?.in(name, k) ?? (k === 0 ? around.instance?.in(name) : undefined);
      const item = this.#single(element, { ...around, where: `${where}(${k})`, instance });
      if (item === undefined) return undefined;
      items.push(item);
    }
    return { kind: "array", name, fc, triggers, items };
  }

  #single(element: XmlElement, around: Around): Leaf | Structure | undefined {
    const { fc, triggers, where, instance } = around;
    const name = given(element, "name");
    const bType = given(element, "bType");
    if (bType === "Struct") {
      const type = this.#find("DAType", given(element, "type"), element, where);
      return (
        type &&
        this.#with(type, element, where, (): Structure => {
          const fields = all(type, "BDA").flatMap(
            (one) => this.#attribute(one, { fc, triggers, where, instance }) ?? [],
          );
          return { kind: "structure", name, fc, triggers, fields };
        })
      );
    }
    if (!isBasicType(bType)) return undefined;
    const enumeration = bType === "Enum" ? this.#enumeration(element, where) : undefined;
    if (bType === "Enum" && enumeration === undefined) return undefined;
    const leaf = { type: bType, ...(enumeration === undefined ? {} : { enumeration }) };
    const initial = this.#value(element, leaf, around);
    const kind = instance?.element.attributes.get("valKind") ?? given(element, "valKind");
    if (this.leaves >= limits.scl.leaves || this.#made >= limits.scl.leavesOfAll)
      throw new TooMuch(`${where}: there are more than ${this.leaves} attributes`, element);
    this.#made++;
    return {
      kind: "leaf",
      name,
      fc,
      ...leaf,
      triggers,
      index: this.leaves++,
      ...(initial === undefined ? {} : { initial }),
      ...(kind === "Set" ? { writable: true as const } : {}),
    };
  }

  /** That of the instance, or of the type. */
  #value(element: XmlElement, leaf: Pick<Leaf, "type" | "enumeration">, { where, instance }: Around): LeafValue {
    const said = first(instance?.element, "Val") ?? first(element, "Val");
    if (said === undefined) return undefined;
    const understood = valueOf(said.text, leaf);
    if ("value" in understood) return understood.value;
    // Texts of others' tools have empty values where there is none.
    if (said.text.trim() !== "") this.#wrong(said, `${where}: ${understood.wrong}`);
    return undefined;
  }

  #enumeration(element: XmlElement, where: string): Enumeration | undefined {
    const id = given(element, "type");
    const known = this.#enumerations.get(id);
    if (known !== undefined) return known;
    const type = this.#find("EnumType", id, element, where);
    if (type === undefined) return undefined;
    const words: Record<number, string> = {};
    for (const one of all(type, "EnumVal")) {
      const ordinal = given(one, "ord").trim();
      if (!textTypes.ordinal.holds(ordinal)) continue;
      if (Object.hasOwn(words, Number(ordinal)))
        this.#wrong(one, `EnumType ${id}: there is another word of ${ordinal} above`);
      else words[Number(ordinal)] = one.text;
    }
    const enumeration: Enumeration = { id, words };
    this.#enumerations.set(id, enumeration);
    return enumeration;
  }
}

/** How many there are of it; undefined of one that is no array. NaN where that is said by another attribute's name. */
function numberOf(element: XmlElement): number | undefined {
  const text = given(element, "count", "0").trim();
  return text === "0" || text === "" ? undefined : count(element, "count", NaN);
}
