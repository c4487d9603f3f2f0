/** Whether members of data sets are there, and data sets that control blocks name. */
import { didYouMean } from "#quantity/nearest.ts";
import type { XmlElement } from "#io/xml.ts";
import {
  nodeName,
  type Attribute,
  type DataObject,
  type LogicalDevice,
  type LogicalNode,
  type Member,
} from "#protocol/iec61850/model/ied.ts";
import type { PlacedSet } from "./control-blocks.ts";
import { all, given } from "./elements.ts";
import type { Problems } from "./problems.ts";

/** A logical node with its data sets. */
export interface NodeSets {
  /** "MTR/LLN0". */
  readonly where: string;
  readonly element: XmlElement;
  readonly node: LogicalNode;
  readonly sets: readonly PlacedSet[];
}

export function checkMembers(devices: readonly LogicalDevice[], all: readonly NodeSets[], problems: Problems): void {
  const nodes = new Map<string, LogicalNode>();
  for (const device of devices) for (const node of device.nodes) nodes.set(`${device.inst}/${nodeName(node)}`, node);
  for (const one of all) {
    for (const { set, members } of one.sets)
      for (const { member, at } of members) {
        const wrong = wrongOf(member, nodes);
        if (wrong !== undefined) problems.error(at, `${one.where}: data set ${set.name}: ${wrong}`);
      }
    checkBlocks(one, problems);
  }
}

function checkBlocks({ where, element, sets }: NodeSets, problems: Problems): void {
  const names = sets.map(({ set }) => set.name);
  for (const kind of ["ReportControl", "GSEControl", "LogControl", "SampledValueControl"])
    for (const block of all(element, kind)) {
      const name = given(block, "datSet");
      if (name !== "" && !names.includes(name))
        problems.error(
          block,
          `${where}: ${kind} ${given(block, "name")}: there is no data set ${name}${didYouMean(name, names)}`,
        );
    }
}

function wrongOf(member: Member, nodes: ReadonlyMap<string, LogicalNode>): string | undefined {
  const { ldInst, doName, daName, fc } = member;
  const reference = `${ldInst}/${nodeName({ ...member, inst: member.lnInst })}`;
  const node = nodes.get(reference);
  if (node === undefined) return `there is no ${reference}${didYouMean(reference, [...nodes.keys()])}`;
  if (doName === undefined) return undefined;
  const object = objectIn(node, doName);
  if (object === undefined) {
    const known = node.objects.map(({ name }) => name);
    return `${reference} has no ${doName}${didYouMean(doName, known)}`;
  }
  const path = `${reference}.${doName}`;
  if (daName === undefined) return hasOf(object, fc) ? undefined : `${path} has nothing of ${fc}`;
  const [first = "", ...rest] = daName.split(".");
  const attributes = object.attributes.filter(({ name }) => name === bare(first));
  if (attributes.length === 0) return `${path} has no ${first}${didYouMean(first, namesOf(object.attributes))}`;
  const attribute = attributes.find((one) => one.fc === fc);
  if (attribute === undefined) return `${path}.${first} is of ${attributes[0]?.fc}, not of ${fc}`;
  return attributeIn(attribute, rest) === undefined ? `${path} has no ${daName}` : undefined;
}

const bare = (name: string): string => name.replace(/\(\d+\)$/, "");
const namesOf = (all: readonly Attribute[]): readonly string[] => all.map(({ name }) => name);

/** "PhV.phsA". Objects by number are attributes of the object that they are in. */
function objectIn(node: LogicalNode, doName: string): DataObject | undefined {
  const [first = "", ...rest] = doName.split(".");
  let found = node.objects.find(({ name }) => name === first);
  for (const part of rest) {
    const within: DataObject | undefined = found?.objects.find(({ name }) => name === part);
    const arrays = found?.attributes.filter(({ kind, name }) => kind === "array" && name === bare(part));
    found = within ?? (found && arrays?.length ? { ...found, attributes: arrays, objects: [] } : undefined);
  }
  return found;
}

function hasOf({ attributes, objects }: DataObject, fc: string): boolean {
  return attributes.some((one) => one.fc === fc) || objects.some((one) => hasOf(one, fc));
}

function attributeIn(attribute: Attribute | undefined, path: readonly string[]): Attribute | undefined {
  const [first, ...rest] = path;
  if (attribute === undefined || first === undefined) return attribute;
  if (attribute.kind === "leaf") return undefined;
  const one = attribute.kind === "array" ? attribute.items[0] : attribute;
  const fields = one?.kind === "structure" ? one.fields : [];
  return attributeIn(
    fields.find(({ name }) => name === bare(first)),
    rest,
  );
}
