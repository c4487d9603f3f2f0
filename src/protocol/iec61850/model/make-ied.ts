/**
 * Makes the model of an IED of plans: data objects by their classes, with those optional attributes that the plan names, and numbers their
 * leaves. What a plan names and its class has not is an Error: plans are tables of ours, and those who check them.
 */
import { isBasicType } from "./basic-type.ts";
import {
  commonDataClasses,
  formerClasses,
  isIn,
  typeIn,
  type AttributeRow,
  type CommonDataClass,
  type DataClass,
} from "./common-data-classes.ts";
import { constructedAttributes, type AttributeType, type ConstructedName } from "./constructed-attributes.ts";
import { enumerationOf, isEnumerationName, type EnumerationName } from "./enumerations.ts";
import type { FunctionalConstraint } from "./functional-constraint.ts";
import type {
  ArrayOf,
  Attribute,
  DataObject,
  DataSet,
  Edition,
  Enumeration,
  GooseControl,
  Ied,
  Leaf,
  LogicalNode,
  ReportControl,
  Structure,
  Triggers,
} from "./ied.ts";
import type { LeafValue } from "./value.ts";

/** How a control is done (CtlModelKind). */
export type ControlModel = 0 | 1 | 2 | 3 | 4;

export interface ObjectPlan {
  readonly name: string;
  readonly cdc: CommonDataClass;
  /**
   * Attributes that there are besides the mandatory ones, of the object and of those in it: "instMag", "units", "ang" (of vectors), "i"
   * (whole numbers instead of floats), "min" of ranges.
   */
  readonly has?: readonly string[];
  /** What one of those in it does not have of them: { neut: ["ang"] }. */
  readonly lacks?: Readonly<Record<string, readonly string[]>>;
  /** Objects in it that there are: "phsA", "c1", "phsAHar"; all unless said. */
  readonly parts?: readonly string[];
  /** Of ENS, ENC, ENG. */
  readonly of?: EnumerationName;
  /** Of what is controlled: attributes, and what is written to operate it, follow from it. */
  readonly control?: ControlModel;
  /** Of harmonics: how many, from order 0 on. */
  readonly points?: number;
  /** By place in the object, "units.SIUnit", or "phsA.units.SIUnit" of one in it alone. */
  readonly values?: Readonly<Record<string, LeafValue>>;
  /** Places, as above, that clients may write. */
  readonly writable?: readonly string[];
}

export interface NodePlan {
  readonly prefix?: string;
  readonly lnClass: string;
  readonly inst?: string;
  readonly objects: readonly ObjectPlan[];
  readonly dataSets?: readonly DataSet[];
  readonly reports?: readonly ReportControl[];
  readonly gooses?: readonly GooseControl[];
}

export interface IedPlan extends Pick<Ied, "name" | "edition" | "manufacturer" | "type" | "configVersion"> {
  readonly devices: readonly { readonly inst: string; readonly domain?: string; readonly nodes: readonly NodePlan[] }[];
}

export function iedOf({ devices, ...facts }: IedPlan): Ied {
  const making = new Making(facts.edition);
  const made = devices.map(({ inst, domain = `${facts.name}${inst}`, nodes }) => ({
    inst,
    domain,
    nodes: nodes.map((node) => making.node(node)),
  }));
  return { ...facts, devices: made, leaves: making.leaves };
}

const triggersBy: Readonly<Record<string, Triggers>> = {
  "": {},
  d: { dataChange: true },
  q: { qualityChange: true },
  u: { dataUpdate: true },
  du: { dataChange: true, dataUpdate: true },
};

/** What a leaf is made by, wherever it is. */
interface Around {
  readonly plan: ObjectPlan;
  readonly fc: FunctionalConstraint;
  readonly triggers: Triggers;
  /** Places of the plan's values and of what is writable: with and without the object in the object. */
  readonly places: readonly string[];
}

class Making {
  leaves = 0;
  readonly #edition: Edition;

  constructor(edition: Edition) {
    this.#edition = edition;
  }

  node({ prefix = "", lnClass, inst = "", objects, dataSets = [], reports = [], gooses = [] }: NodePlan): LogicalNode {
    return { prefix, lnClass, inst, objects: objects.map((one) => this.#object(one)), dataSets, reports, gooses };
  }

  #object(plan: ObjectPlan): DataObject {
    const given: DataClass = commonDataClasses[plan.cdc];
    mustHave(plan, given);
    const cdc = this.#edition === "1" ? (formerClasses[plan.cdc] ?? plan.cdc) : plan.cdc;
    const { attributes, objects } = commonDataClasses[cdc] as DataClass;
    const inner = objects?.names.filter(([name]) => plan.parts?.includes(name) ?? true) ?? [];
    const isArray = objects?.harmonics === true;
    return {
      kind: "object",
      name: plan.name,
      cdc,
      attributes: [
        ...(isArray ? inner.flatMap(([name]) => this.#harmonics(plan, name)) : []),
        ...this.#attributes(plan, attributes, [""]),
        ...this.#control(plan),
      ],
      objects: isArray ? [] : inner.map(([name]) => this.#inner(plan, name)),
    };
  }

  #inner(plan: ObjectPlan, name: string): DataObject {
    const { attributes } = commonDataClasses.CMV;
    const lacks = plan.lacks?.[name] ?? [];
    const own = lacks.length === 0 ? plan : { ...plan, has: plan.has?.filter((one) => !lacks.includes(one)) ?? [] };
    return {
      kind: "object",
      name,
      cdc: "CMV",
      attributes: this.#attributes(own, attributes, [`${name}.`, ""]),
      objects: [],
    };
  }

  #attributes(plan: ObjectPlan, rows: readonly AttributeRow[], places: readonly string[]): Attribute[] {
    const there = rows.filter(([name, , , , presence, since]) => {
      if (!isIn(this.#edition, since)) return false;
      // Described as a whole: not each of the objects in it.
      if (places.length > 1 && (name === "d" || name === "dU" || name === "angRef")) return false;
      return presence === "M" || plan.has?.includes(name) === true || isOfControl(name, plan.control);
    });
    return there.map(([name, fc, type, triggers]) =>
      this.#attribute(name, type, {
        plan,
        fc,
        triggers: triggersBy[triggers] ?? {},
        places: places.map((one) => `${one}${name}`),
      }),
    );
  }

  /** Those of each functional constraint are an array of their own. */
  #harmonics(plan: ObjectPlan, name: string): ArrayOf[] {
    const rows = commonDataClasses.CMV.attributes as readonly AttributeRow[];
    const there = rows.filter(
      ([one]) => one === "cVal" || one === "q" || one === "t" || (one === "units" && plan.has?.includes(one)),
    );
    const constraints = [...new Set(there.map(([, fc]) => fc))];
    return constraints.map((fc) => ({
      kind: "array",
      name,
      fc,
      triggers: {},
      items: Array.from({ length: plan.points ?? 0 }, (): Structure => {
        const of = there.filter((row) => row[1] === fc);
        return {
          kind: "structure",
          name,
          fc,
          triggers: {},
          fields: this.#attributes({ ...plan, has: ["units"] }, of, [`${name}.`, ""]),
        };
      }),
    }));
  }

  #attribute(name: string, type: AttributeType, around: Around): Leaf | Structure {
    const { plan, fc, triggers } = around;
    if (isConstructed(type)) {
      const rows = constructedAttributes[type].filter(([one, , presence]) => isPart(type, one, presence, plan));
      const fields = rows.map(([one, inner]) =>
        this.#attribute(one, inner, { ...around, places: around.places.map((place) => `${place}.${one}`) }),
      );
      return { kind: "structure", name, fc, triggers, fields };
    }
    if (isBasicType(type)) return this.#leaf(name, { type: typeIn(this.#edition, type) as Leaf["type"] }, around);
    const enumeration = enumerationOf(type === "of" || !isEnumerationName(type) ? ofPlan(plan) : type);
    return this.#leaf(name, { type: "Enum", enumeration }, around);
  }

  #leaf(
    name: string,
    type: Pick<Leaf, "type"> & { readonly enumeration?: Enumeration },
    { plan, fc, triggers, places }: Around,
  ): Leaf {
    const place = places.find((one) => plan.values !== undefined && Object.hasOwn(plan.values, one));
    const initial = place === undefined ? this.#usual(name, plan) : plan.values?.[place];
    const isWritable = places.some((one) => plan.writable?.includes(one));
    return {
      kind: "leaf",
      name,
      fc,
      ...this.#former(name, type, plan),
      triggers,
      index: this.leaves++,
      ...(initial === undefined ? {} : { initial }),
      ...(isWritable ? { writable: true as const } : {}),
    };
  }

  /** The first edition has an INT32 in its INC and INS, of which what has words is an enumeration all the same. */
  #former(name: string, type: Pick<Leaf, "type"> & { readonly enumeration?: Enumeration }, { of }: ObjectPlan) {
    const isValue = name === "stVal" || name === "setVal";
    return this.#edition === "1" && isValue && of !== undefined
      ? { type: "Enum" as const, enumeration: enumerationOf(of) }
      : type;
  }

  #usual(name: string, { control }: ObjectPlan): LeafValue {
    return name === "ctlModel" ? control : undefined;
  }

  /** What is written to operate it (IEC 61850-8-1, annex E of 2003): all of it as a whole. */
  #control(plan: ObjectPlan): Attribute[] {
    const { control = 0, cdc } = plan;
    const type = controlledTypes[cdc];
    if (control === 0 || type === undefined) return [];
    const around: Around = { plan, fc: "CO", triggers: {}, places: [] };
    const operate = (name: string, isChecked: boolean): Structure => ({
      kind: "structure",
      name,
      fc: "CO",
      triggers: {},
      fields: operated
        .filter(([one]) => isChecked || one !== "Check")
        .map(([one, inner]) => this.#attribute(one, one === "ctlVal" ? type : inner, around)),
    });
    const isSelected = control === 2 || control === 4;
    return [
      ...(control === 2 ? [this.#attribute("SBO", "VisString129", around)] : []),
      ...(control === 4 ? [operate("SBOw", true)] : []),
      operate("Oper", true),
      ...(isSelected ? [operate("Cancel", false)] : []),
    ];
  }
}

const controlledTypes: Readonly<Partial<Record<CommonDataClass, AttributeType>>> = {
  SPC: "BOOLEAN",
  DPC: "BOOLEAN",
  INC: "INT32",
  ENC: "of",
  APC: "AnalogueValue",
};

const operated: readonly (readonly [name: string, type: AttributeType])[] = [
  ["ctlVal", "BOOLEAN"],
  ["origin", "Originator"],
  ["ctlNum", "INT8U"],
  ["T", "Timestamp"],
  ["Test", "BOOLEAN"],
  ["Check", "Check"],
];

/** What belongs to selecting, and to waiting for the end. */
function isOfControl(name: string, control: ControlModel = 0): boolean {
  const isSelected = control === 2 || control === 4;
  if (name === "stSeld" || name === "sboTimeout" || name === "sboClass") return isSelected;
  if (name === "operTimeout") return control === 3 || control === 4;
  return (name === "origin" || name === "ctlNum") && control > 0;
}

function isConstructed(type: AttributeType): type is ConstructedName {
  return Object.hasOwn(constructedAttributes, type);
}

/** Floats unless the plan has whole numbers; both sides of a unit, limits and angles as the plan says. */
function isPart(type: ConstructedName, name: string, presence: string, { has = [] }: ObjectPlan): boolean {
  if (type === "AnalogueValue") return name === (has.includes("i") ? "i" : "f");
  if (type === "Unit") return true;
  return presence === "M" || has.includes(name);
}

function ofPlan({ name, of }: ObjectPlan): EnumerationName {
  if (of === undefined) throw new Error(`${name}: of which enumeration it is, is not said`);
  return of;
}

/** What a plan names has to be there. */
function mustHave({ name, cdc, has = [], parts = [] }: ObjectPlan, { attributes, objects }: DataClass): void {
  const known = new Set<string>([...attributes, ...commonDataClasses.CMV.attributes].map(([one]) => one));
  for (const rows of Object.values(constructedAttributes)) for (const [one] of rows) known.add(one);
  const wrong =
    has.find((one) => !known.has(one)) ?? parts.find((one) => objects?.names.every(([other]) => other !== one) ?? true);
  if (wrong !== undefined) throw new Error(`${name}: a ${cdc} has no ${wrong}`);
}
