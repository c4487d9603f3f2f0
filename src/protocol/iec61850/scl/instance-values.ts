/** Values of a model's attributes as SCL has them with the instances (DOI, SDI, DAI). */
import type { XmlNode } from "#io/xml.ts";
import type { Attribute, DataObject } from "#protocol/iec61850/model/ied.ts";
import { textOf } from "./value-text.ts";

/** What is said of a thing with a name, by place in an array where it is in one. */
interface Said {
  readonly name: string;
  readonly index: number | undefined;
  readonly within: Map<string, Said>;
  value?: string;
}

/** The DOI of an object; undefined where none of its attributes has a value. */
export function valuesOf(object: DataObject): XmlNode | undefined {
  const said: Said = { name: object.name, index: undefined, within: new Map() };
  ofObject(said, object);
  return said.within.size === 0 ? undefined : { ...nodeOf(said), name: "DOI" };
}

function ofObject(said: Said, { attributes, objects }: DataObject): void {
  for (const attribute of attributes) ofAttribute(said, attribute);
  for (const object of objects) {
    const inner = place(said, object.name);
    ofObject(inner, object);
    if (inner.within.size === 0) said.within.delete(object.name);
  }
}

function ofAttribute(said: Said, attribute: Attribute, index?: number): void {
  const { name } = attribute;
  if (attribute.kind === "array") {
    for (const [k, item] of attribute.items.entries()) ofAttribute(said, item, k);
    return;
  }
  if (attribute.kind === "leaf") {
    const value = textOf(attribute.initial, attribute);
    if (value !== undefined) place(said, name, index).value = value;
    return;
  }
  const inner = place(said, name, index);
  for (const field of attribute.fields) ofAttribute(inner, field);
  if (inner.within.size === 0) said.within.delete(keyOf(name, index));
}

const keyOf = (name: string, index: number | undefined): string => (index === undefined ? name : `${name}(${index})`);

/** Arrays of one name, of several constraints, are one to SCL. */
function place({ within }: Said, name: string, index?: number): Said {
  const key = keyOf(name, index);
  const there = within.get(key);
  if (there !== undefined) return there;
  const made: Said = { name, index, within: new Map() };
  within.set(key, made);
  return made;
}

function nodeOf({ name, index: ix, within, value }: Said): XmlNode {
  const attributes = { name, ix };
  if (value !== undefined) return { name: "DAI", attributes, content: [{ name: "Val", content: value }] };
  return { name: "SDI", attributes, content: [...within.values()].map(nodeOf) };
}
