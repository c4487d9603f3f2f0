/**
 * White space around attributes and texts whose types are made of xs:Name or xs:token: to XML Schema it is none of the value (part 2, 4.3.6: collapse).
 * Types of xs:normalizedString keep theirs.
 */
import type { XmlElement } from "#io/xml.ts";
import { textTypes, type TextType, type TextTypeName } from "./attribute-types.ts";
import { SCL_NAMESPACE } from "./elements.ts";
import { shapes } from "./shapes.ts";

/** By element, the attributes of such types. */
const collapsing: ReadonlyMap<string, ReadonlyMap<string, TextType>> = new Map(
  Object.entries(shapes).map(([element, { attributes }]) => {
    const all = attributes.matchAll(/(\w+)!?[:~](\w+)/g);
    const named = [...all].map(([, name = "", type]): [string, TextType] => [name, textTypes[type as TextTypeName]]);
    return [element, new Map(named.filter(([, { collapses }]) => collapses !== undefined))];
  }),
);

/** Elements whose text is of such a type. */
const texts: ReadonlySet<string> = new Set(
  Object.entries(shapes).flatMap(([element, { text }]) => {
    const type: TextType | undefined = text && textTypes[text];
    return type?.collapses === undefined ? [] : [element];
  }),
);

/** The same element where nothing in it is another. */
export function collapsed(element: XmlElement): XmlElement {
  if (element.namespace !== SCL_NAMESPACE) return element;
  const attributes = attributesOf(element);
  const text = texts.has(element.name) ? wordIn(element.text) : element.text;
  let isSame = attributes === element.attributes && text === element.text;
  const children = element.children.map((child) => {
    const now = collapsed(child);
    isSame &&= now === child;
    return now;
  });
  return isSame ? element : { ...element, attributes, text, children };
}

function attributesOf({ name, attributes }: XmlElement): XmlElement["attributes"] {
  const types = collapsing.get(name);
  let own: Map<string, string> | undefined;
  for (const [attribute, text] of attributes) {
    const type = types?.get(attribute);
    if (type === undefined || !/[ \t\n\r]/.test(text)) continue;
    const word = wordIn(text);
    // Of a union, only members that are such names collapse.
    if (type.collapses?.(word) !== true) continue;
    own ??= new Map(attributes);
    own.set(attribute, word);
  }
  return own ?? attributes;
}

function wordIn(text: string): string {
  return text.replaceAll(/[ \t\n\r]+/g, " ").replaceAll(/^ | $/g, "");
}
