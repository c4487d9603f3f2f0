/** What the IEDs of a file publish by GOOSE, as who subscribes to them has to know it. */
import { basicTypes, type BasicShape } from "#protocol/iec61850/model/basic-type.ts";
import type { FunctionalConstraint } from "#protocol/iec61850/model/functional-constraint.ts";
import {
  nodeName,
  type Attribute,
  type DataObject,
  type EthernetAddress,
  type GooseControl,
  type Ied,
  type Leaf,
  type LogicalNode,
  type Member,
} from "#protocol/iec61850/model/ied.ts";
import { memberText } from "./diff.ts";

export interface PublishedGoose {
  readonly ied: string;
  /** Where the file has its control block, whatever it is published as. */
  readonly block: PublishedBlock;
  /** "F1M/LLN0$GO$go1", and "F1M/LLN0$D1", as its frames have them. */
  readonly reference: string;
  readonly dataSet: string;
  readonly goId: string;
  readonly configRevision: number;
  /** Undefined where the file does not say where it goes. */
  readonly address: EthernetAddress | undefined;
  readonly minMs: number;
  readonly maxMs: number;
  /** In the order of its values; undefined is one that the file does not explain. */
  readonly members: readonly PublishedMember[];
}

export interface PublishedBlock {
  readonly ied: string;
  readonly ldInst: string;
  /** Of the logical node: "LLN0". */
  readonly node: string;
  readonly name: string;
  readonly dataSet: string;
}

export interface PublishedMember {
  /** "M/xMMXU1.PhV.phsA.cVal.mag.f[MX]". */
  readonly reference: string;
  /** The data object that it is, or is of: "M/xMMXU1.PhV.phsA"; undefined of a whole logical node. */
  readonly object: string | undefined;
  /** What one value of a frame is: a leaf, or values within each other. */
  readonly shape: PublishedShape | undefined;
}

/** Elements of an array are called "(0)", "(1)". */
export type PublishedShape =
  | { readonly kind: "leaf"; readonly name: string; readonly leaf: Leaf; readonly basic: BasicShape }
  | {
      readonly kind: "array" | "structure";
      readonly name: string;
      /** A data object, and no attribute of one. */
      readonly isObject: boolean;
      readonly items: readonly PublishedShape[];
    };

/** Of one IED of a file. */
export function publishedGooses(ied: Ied): readonly PublishedGoose[] {
  return ied.devices.flatMap(({ inst, domain, nodes }) =>
    nodes.flatMap((node) =>
      node.gooses.map((goose): PublishedGoose => {
        const { goId, configRevision, address, minMs, maxMs } = goose;
        return {
          ied: ied.name,
          block: { ied: ied.name, ldInst: inst, node: nodeName(node), name: goose.name, dataSet: goose.dataSet },
          reference: `${domain}/${nodeName(node)}$GO$${goose.name}`,
          dataSet: `${domain}/${nodeName(node)}$${goose.dataSet}`,
          goId,
          configRevision,
          address,
          minMs,
          maxMs,
          members: membersOf(ied, node, goose),
        };
      }),
    ),
  );
}

function membersOf(ied: Ied, node: LogicalNode, { dataSet }: GooseControl): readonly PublishedMember[] {
  const set = node.dataSets.find(({ name }) => name === dataSet);
  return (
    set?.members.map((member) => {
      const { ldInst, prefix, lnClass, lnInst, doName } = member;
      const node = nodeName({ prefix, lnClass, inst: lnInst });
      const object = doName === undefined ? undefined : `${ldInst}/${node}.${doName}`;
      return { reference: memberText(member), object, shape: shapeOf(ied, member) };
    }) ?? []
  );
}

function shapeOf(ied: Ied, { ldInst, doName, daName, fc, ...of }: Member): PublishedShape | undefined {
  const name = nodeName({ prefix: of.prefix, lnClass: of.lnClass, inst: of.lnInst });
  const device = ied.devices.find(({ inst }) => inst === ldInst);
  const node = device?.nodes.find((one) => nodeName(one) === name);
  const [first, ...rest] = doName?.split(".") ?? [];
  let object = node?.objects.find((one) => one.name === first);
  for (const part of rest) object = object?.objects.find((one) => one.name === part);
  if (object === undefined) return undefined;
  if (daName === undefined) return objectShape(object, fc);
  const [outer, ...inner] = daName.split(".");
  let attribute = object.attributes.find((one) => one.name === outer && one.fc === fc);
  for (const part of inner)
    attribute = attribute?.kind === "structure" ? attribute.fields.find((one) => one.name === part) : undefined;
  return attribute && attributeShape(attribute);
}

/** What of an object is of a constraint, objects in it first: as a structure over MMS has it. */
function objectShape({ name, attributes, objects }: DataObject, fc: FunctionalConstraint): PublishedShape | undefined {
  const items = [
    ...objects.flatMap((one) => objectShape(one, fc) ?? []),
    ...attributes.filter((one) => one.fc === fc).map((one) => attributeShape(one)),
  ];
  return items.length === 0 ? undefined : { kind: "structure", name, isObject: true, items };
}

function attributeShape(attribute: Attribute, name = attribute.name): PublishedShape {
  if (attribute.kind === "leaf") return { kind: "leaf", name, leaf: attribute, basic: basicTypes[attribute.type] };
  const items: readonly PublishedShape[] =
    attribute.kind === "array"
      ? attribute.items.map((one, k) => attributeShape(one, `(${k})`))
      : attribute.fields.map((one) => attributeShape(one));
  return { kind: attribute.kind, name, isObject: false, items };
}
