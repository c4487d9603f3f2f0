/**
 * Data sets (IEC 61850-7-2, 13; IEC 61850-8-1, 14): over MMS named lists of variables. Those of the model are there always. Clients make more:
 * of a domain or of the whole device, which live on, through a failure of the power, too, and of their own association.
 */
import { limits } from "#quantity/limits.ts";
import { BerReader, BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import { nodeName, type Ied, type Leaf, type Member, type Triggers } from "#protocol/iec61850/model/ied.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import type { ObjectName } from "#protocol/iec61850/mms/data.ts";
import type { ServiceError } from "#protocol/iec61850/mms/service-error.ts";
import { decodeVariables, encodeVariables, type Variable } from "#protocol/iec61850/mms/variable-access.ts";
import type { IedHost } from "./host.ts";
import { isName, type NamedVariable } from "./named-variable.ts";
import type { ReadQuestion } from "./read-question.ts";
import type { Asker } from "./served.ts";
import { refusals } from "./refusals.ts";
import { writeLeaves } from "./values.ts";
import { partsOf, type VariableTree } from "./variable-tree.ts";

/** A leaf of a member, and what its change triggers. */
export interface MemberLeaf {
  readonly leaf: Leaf;
  readonly triggers: Triggers;
}

export class SetMember {
  /** "JEM01MTR/MMTR1$ST$SupWh" */
  readonly reference: string;
  readonly variable: NamedVariable;
  /** As a client named it, or would. */
  readonly access: Variable;
  #leaves: readonly MemberLeaf[] | undefined;

  constructor(reference: string, variable: NamedVariable, access: Variable) {
    this.reference = reference;
    this.variable = variable;
    this.access = access;
  }

  /** In the order in which they stand in it. */
  get leaves(): readonly MemberLeaf[] {
    this.#leaves ??= leavesOf(this.variable);
    return this.#leaves;
  }

  /** Its value as MMS has it. */
  write(out: BerWriter, values: readonly LeafValue[]): void {
    writeLeaves(out, this.variable, values);
  }
}

function leavesOf(variable: NamedVariable): readonly MemberLeaf[] {
  const { leaf, triggers } = variable;
  return leaf === undefined ? variable.fields.flatMap(leavesOf) : [{ leaf, triggers }];
}

export interface NamedSet {
  readonly name: ObjectName;
  /** As control blocks name it: "JEM01MTR/LLN0$Energy", "/set" of the whole device, "@set" of an association. */
  readonly reference: string;
  readonly members: readonly SetMember[];
  /** Whether a client has made it. */
  readonly made: boolean;
}

/** Where those that clients have made lie in the store. */
const KEY = "set/";

export class DataSets {
  readonly #host: IedHost;
  readonly #tree: VariableTree;
  readonly #configured = new Map<string, () => readonly SetMember[]>();
  readonly #known = new Map<string, NamedSet>();
  readonly #own = new Map<Asker, Map<string, NamedSet>>();
  readonly #uses = new Map<NamedSet, number>();
  #made = 0;

  constructor(host: IedHost, tree: VariableTree) {
    this.#host = host;
    this.#tree = tree;
    const { ied } = host;
    for (const { domain, nodes } of ied.devices)
      for (const node of nodes)
        for (const { name, members } of node.dataSets)
          this.#configured.set(`${domain}/${nodeName(node)}$${name}`, () =>
            members.flatMap((member) => this.#member(namedMember(ied, member)) ?? []),
          );
    this.#restore();
  }

  /** By what control blocks call it; "@…" is one of who asks. */
  find(reference: string, asker?: Asker): NamedSet | undefined {
    if (reference.startsWith("@"))
      return asker === undefined ? undefined : this.#own.get(asker)?.get(reference.slice(1));
    const known = this.#known.get(reference);
    const members = this.#configured.get(reference);
    if (known !== undefined || members === undefined) return known;
    const stroke = reference.indexOf("/");
    const name: ObjectName = {
      scope: "domain",
      domain: reference.slice(0, stroke),
      item: reference.slice(stroke + 1),
    };
    const set = { name, reference, members: members(), made: false };
    this.#known.set(reference, set);
    return set;
  }

  named(name: ObjectName, asker: Asker): NamedSet | undefined {
    return this.find(referenceOf(name), asker);
  }

  /** The one whose name lies in a request. */
  at(pdu: Uint8Array, { domainFrom, domainTo, itemFrom, itemTo }: ReadQuestion, asker: Asker): NamedSet | undefined {
    for (const set of this.#known.values()) {
      const { domain = "", item } = set.name;
      if (isName(item, pdu, itemFrom, itemTo) && isName(domain, pdu, domainFrom, domainTo)) return set;
    }
    const text = (from: number, to: number): string =>
      String.fromCharCode(...pdu.subarray(from, Math.min(to, from + MOST_CHARACTERS)));
    return this.find(`${text(domainFrom, domainTo)}/${text(itemFrom, itemTo)}`, asker);
  }

  /** Without the domain. */
  names(scope: ObjectName["scope"], domain: string | undefined, asker: Asker): string[] {
    if (scope === "association") return [...(this.#own.get(asker)?.keys() ?? [])];
    const prefix = scope === "vmd" ? "/" : `${domain ?? ""}/`;
    const all = new Set([...this.#configured.keys(), ...this.#known.keys()]);
    return [...all].filter((reference) => reference.startsWith(prefix)).map((one) => one.slice(prefix.length));
  }

  /** Undefined where it is there now. */
  define(name: ObjectName, variables: readonly Variable[], asker: Asker): ServiceError | undefined {
    const { most, members: mostMembers } = this.#host.settings.dataSets;
    if (name.scope === "domain" && this.#tree.domain(name.domain ?? "") === undefined) return refusals.nonExistent;
    if (!isSetName(name)) return refusals.inconsistent;
    if (!this.#hasNodeOf(name)) return refusals.nonExistent;
    if (this.named(name, asker) !== undefined) return refusals.exists;
    if (variables.length === 0) return refusals.inconsistent;
    const own = this.#own.get(asker) ?? new Map<string, NamedSet>();
    const made = name.scope === "association" ? own.size : this.#made;
    if (made >= most || variables.length > mostMembers) return refusals.noRoom;
    const members: SetMember[] = [];
    let values = 0;
    for (const variable of variables) {
      const member = this.#member(variable);
      if (member === undefined) return refusals.nonExistent;
      members.push(member);
      values += leafCount(member.variable);
      if (values > limits.mms.setValues) return refusals.noRoom;
    }
    const set = { name, reference: referenceOf(name), members, made: true };
    if (name.scope === "association") this.#own.set(asker, own.set(name.item, set));
    else {
      this.#add(set);
      const out = new BerWriter(1024);
      encodeVariables(out, 0xa0, variables);
      this.#host.reports.put(KEY + set.reference, out.done());
    }
    return undefined;
  }

  /** Whether it is gone: the model's own are not, nor is what a control block uses. */
  remove(set: NamedSet, asker: Asker): boolean {
    if (!set.made || this.#uses.has(set)) return false;
    if (set.name.scope === "association") return this.#own.get(asker)?.delete(set.name.item) === true;
    this.#made--;
    this.#known.delete(set.reference);
    this.#host.reports.remove(KEY + set.reference);
    return true;
  }

  /** It cannot be deleted until `release`, as often. */
  use(set: NamedSet): void {
    this.#uses.set(set, (this.#uses.get(set) ?? 0) + 1);
  }

  release(set: NamedSet): void {
    const uses = (this.#uses.get(set) ?? 0) - 1;
    if (uses > 0) this.#uses.set(set, uses);
    else this.#uses.delete(set);
  }

  /** An association is over, and its own sets with it. */
  left(asker: Asker): void {
    this.#own.delete(asker);
  }

  #add(set: NamedSet): void {
    this.#made++;
    this.#known.set(set.reference, set);
  }

  /** Whether there is the logical node that a set is to be of. */
  #hasNodeOf({ scope, domain, item }: ObjectName): boolean {
    return scope !== "domain" || this.#tree.domain(domain ?? "")?.named(item.split("$", 1)[0] ?? "") !== undefined;
  }

  /** Undefined where there is no such variable, or where it is none of the meter's values. */
  #member(access: Variable): SetMember | undefined {
    if (access.kind !== "name" || access.name.scope !== "domain") return undefined;
    const { domain = "", item } = access.name;
    const whole = this.#tree.domain(domain)?.named(item);
    const variable = whole === undefined || access.alternate === undefined ? whole : partsOf(whole, access.alternate);
    if (variable === undefined || !isOfData(item) || !isOfLeaves(variable)) return undefined;
    return new SetMember(`${domain}/${item}`, variable, access);
  }

  /** What clients had made before the meter started anew; what its model does not have any more goes. */
  #restore(): void {
    const { reports } = this.#host;
    for (const [key, octets] of Array.from(reports.entries(KEY))) {
      const reference = key.slice(KEY.length);
      const members = membersIn(octets)?.map((access) => this.#member(access));
      const there = members?.filter((member) => member !== undefined);
      const stroke = reference.indexOf("/");
      const item = reference.slice(stroke + 1);
      const name: ObjectName =
        stroke === 0 ? { scope: "vmd", item } : { scope: "domain", domain: reference.slice(0, stroke), item };
      const isWhole = there !== undefined && there.length === members?.length;
      if (!isWhole || this.#configured.has(reference) || !isSetName(name) || !this.#hasNodeOf(name)) {
        reports.remove(key);
        continue;
      }
      this.#add({ name, reference, members: there, made: true });
    }
  }
}

/** ObjRef of edition 2, without the logical device. */
const MOST_CHARACTERS = 129;

/** "LLN0$Mine" of a domain, else "Mine" (IEC 61850-8-1, 14; letters of ISO 9506-1's identifiers; 64 of an ObjectName of edition 2). */
function isSetName({ scope, item }: ObjectName): boolean {
  return (scope === "domain" ? /^\w{1,64}\$\w{1,64}$/ : /^\w{1,64}$/).test(item);
}

/** Members are data of one constraint; what is written to operate is none. */
function isOfData(item: string): boolean {
  const [, fc] = item.split("$", 2);
  return fc !== undefined && fc !== "CO";
}

function leafCount({ leaf, fields }: NamedVariable): number {
  return leaf === undefined ? fields.reduce((sum, field) => sum + leafCount(field), 0) : 1;
}

function isOfLeaves(variable: NamedVariable): boolean {
  return variable.kind !== "served" && variable.fields.every(isOfLeaves);
}

function referenceOf({ scope, domain, item }: ObjectName): string {
  if (scope === "association") return `@${item}`;
  return scope === "vmd" ? `/${item}` : `${domain ?? ""}/${item}`;
}

/** A member of the model as a client would name it. */
function namedMember(ied: Ied, { ldInst, doName, daName, fc, prefix, lnClass, lnInst }: Member): Variable {
  const domain = ied.devices.find((device) => device.inst === ldInst)?.domain ?? "";
  const path = [doName, daName].filter((part) => part !== undefined).join(".");
  const item = [nodeName({ prefix, lnClass, inst: lnInst }), fc, ...(path === "" ? [] : path.split("."))].join("$");
  return { kind: "name", name: { scope: "domain", domain, item } };
}

/** Undefined where a store has what is none. */
function membersIn(octets: Uint8Array): readonly Variable[] | undefined {
  try {
    return decodeVariables(new BerReader(octets).expect(0xa0, "variables"));
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
