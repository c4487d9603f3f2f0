/** Where things are in the model of an IED: leaves by number, and by reference. */
import {
  nodeName,
  type Attribute,
  type DataObject,
  type Ied,
  type Leaf,
  type LogicalDevice,
  type LogicalNode,
} from "./ied.ts";
import type { FunctionalConstraint } from "./functional-constraint.ts";

/** A leaf, and all that it is in. */
export interface LeafPlace {
  readonly leaf: Leaf;
  readonly device: LogicalDevice;
  readonly node: LogicalNode;
  /** The object that the node has, and the one in it, where it is in one. */
  readonly object: DataObject;
  readonly inner: DataObject | undefined;
  /** Within the node: "PhV.phsA.cVal.mag.f", "HA.phsAHar(3).cVal.mag.f". */
  readonly path: string;
}

/** Every leaf, in the order of the model. */
export function* leavesOf(ied: Ied): Generator<LeafPlace> {
  for (const device of ied.devices)
    for (const node of device.nodes)
      for (const object of node.objects) {
        yield* inObject({ device, node, object, inner: undefined }, object, object.name);
        for (const inner of object.objects)
          yield* inObject({ device, node, object, inner }, inner, `${object.name}.${inner.name}`);
      }
}

type Within = Pick<LeafPlace, "device" | "node" | "object" | "inner">;

function* inObject(within: Within, { attributes }: DataObject, path: string): Generator<LeafPlace> {
  for (const attribute of attributes) yield* inAttribute(within, attribute, `${path}.${attribute.name}`);
}

function* inAttribute(within: Within, attribute: Attribute, path: string): Generator<LeafPlace> {
  if (attribute.kind === "leaf") yield { ...within, leaf: attribute, path };
  else if (attribute.kind === "structure")
    for (const field of attribute.fields) yield* inAttribute(within, field, `${path}.${field.name}`);
  else for (const [k, item] of attribute.items.entries()) yield* inAttribute(within, item, `${path}(${k})`);
}

/** "JEM01MTR/MMXU1.PhV.phsA.cVal.mag.f" with its functional constraint: several may have one name. */
export function referenceOf({ device, node, path }: Pick<LeafPlace, "device" | "node" | "path">): string {
  return `${device.domain}/${nodeName(node)}.${path}`;
}

/** Leaves of a node by path: "MMXU1.PhV.phsA.cVal.mag.f". The constraint tells apart what has one name in several. */
export class LeafIndex {
  readonly #byPath = new Map<string, LeafPlace[]>();

  constructor(ied: Ied) {
    for (const place of leavesOf(ied)) {
      const key = `${place.device.inst}/${nodeName(place.node)}.${place.path}`;
      const there = this.#byPath.get(key);
      if (there === undefined) this.#byPath.set(key, [place]);
      else there.push(place);
    }
  }

  find(ldInst: string, path: string, fc?: FunctionalConstraint): LeafPlace | undefined {
    return this.#byPath.get(`${ldInst}/${path}`)?.find(({ leaf }) => fc === undefined || leaf.fc === fc);
  }
}
