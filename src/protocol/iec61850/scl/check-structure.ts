/**
 * Whether elements of a file are where they should be, with the attributes that they should have, each of its type. What has no meaning, or would
 * lose some without a word, is an error; what is understood all the same, or is nothing that is read, is a warning.
 */
import { didYouMean, expectedOneOf, quotedWord } from "#quantity/nearest.ts";
import type { XmlElement } from "#io/xml.ts";
import { addressParts, textTypes, type TextType, type TextTypeName } from "./attribute-types.ts";
import { SCL_NAMESPACE } from "./elements.ts";
import type { Problems } from "./problems.ts";
import { shapes, type Shape } from "./shapes.ts";

interface AttributeRule {
  readonly name: string;
  readonly type: TextTypeName;
  readonly isNeeded: boolean;
  readonly isRead: boolean;
}

interface ChildRule {
  readonly name: string;
  readonly isNeeded: boolean;
  readonly isOne: boolean;
}

interface Rules {
  readonly attributes: readonly AttributeRule[];
  readonly children: readonly ChildRule[] | undefined;
  readonly isInOrder: boolean;
  readonly isBare: boolean;
  readonly text: TextTypeName | undefined;
}

const split = (words: string): readonly string[] => (words === "" ? [] : words.split(" "));

function rulesOf({ attributes, children, bare, text }: Shape): Rules {
  return {
    attributes: split(attributes).map((word) => {
      const [, name = "", needed = "", mark = "", type = "text"] = /^(\w+)(!?)([:~])(\w+)$/.exec(word) ?? [];
      return { name, type: type as TextTypeName, isNeeded: needed !== "", isRead: mark === ":" };
    }),
    children:
      children === undefined
        ? undefined
        : split(children.replaceAll("|", "")).map((word) => {
            const [, name = "", often = ""] = /^(\w+)(.?)$/.exec(word) ?? [];
            return { name, isNeeded: often === "" || often === "+", isOne: often === "" || often === "?" };
          }),
    isInOrder: children?.startsWith("|") !== true,
    isBare: bare === true,
    text,
  };
}

const rules: ReadonlyMap<string, Rules> = new Map(
  Object.entries(shapes).map(([name, shape]) => [name, rulesOf(shape)]),
);

export function checkStructure(root: XmlElement, problems: Problems): void {
  const own = rules.get(root.name);
  if (own === undefined || root.namespace !== SCL_NAMESPACE) return;
  checkAttributes(root, own, problems);
  checkText(root, own, problems);
  if (own.children !== undefined) checkChildren(root, own.children, own, problems);
  for (const child of root.children) checkStructure(child, problems);
}

function checkAttributes(element: XmlElement, { attributes }: Rules, problems: Problems): void {
  for (const { name, type, isNeeded, isRead } of attributes) {
    const text = element.attributes.get(name);
    if (text === undefined) {
      if (isNeeded) problems.error(element, `${element.name}: expected its ${name}`);
    } else if (!textTypes[type].holds(text)) {
      const { words: expected, known = [] }: TextType = textTypes[type];
      const words = `${element.name}: ${name}: expected ${expected}; found ${quotedWord(text)}${didYouMean(text, known)}`;
      if (isRead) problems.error(element, words);
      else problems.warn(element, words);
    }
  }
  // A release is of a revision, a revision of a version; 1.7 had none of them, 2007B no release.
  for (const [name, of] of [
    ["release", "revision"],
    ["revision", "version"],
  ] as const)
    if (element.name === "SCL" && element.attributes.has(name) && !element.attributes.has(of))
      problems.error(element, `SCL: expected its ${of}, which has the ${name}`);
  for (const name of element.attributes.keys())
    if (!attributes.some((one) => one.name === name)) {
      const known = attributes.map((one) => one.name);
      problems.warn(element, `${element.name}: attribute: ${expectedOneOf(known, name)}`);
    }
}

function checkText(element: XmlElement, of: Rules, problems: Problems): void {
  const { text: type } = of;
  if (element.name === "P" && checkAddressPart(element, problems)) return;
  if (type === undefined) return checkNoText(element, of, problems);
  if (textTypes[type].holds(element.text)) return;
  problems.error(element, `${element.name}: expected ${textTypes[type].words}; found ${quotedWord(element.text)}`);
}

function checkNoText({ text, name, ...at }: XmlElement, { children, isBare }: Rules, problems: Problems): void {
  if (children === undefined) return;
  if (text.trim() !== "") problems.warn(at, `${name}: expected no text; found ${quotedWord(text.trim())}`);
  else if (text !== "" && isBare && children.length === 0)
    problems.warn(at, `${name}: expected nothing in it, not even blanks`);
}

/** False where nothing is wrong with it. */
function checkAddressPart(element: XmlElement, problems: Problems): boolean {
  const type = element.attributes.get("type") ?? "";
  const part = addressParts.get(type);
  const text = element.text.trim();
  if (part === undefined || part.holds(element.text)) return false;
  const words = `P: ${type}: expected ${part.words}; found ${quotedWord(element.text)}`;
  // Blanks around it are against the schema, and mean nothing.
  if (part.holds(text) || part.meant?.test(text) === true) problems.warn(element, words);
  else problems.error(element, words);
  return true;
}

/** Any element may have them, before all others. */
const everywhere = new Set(["Text", "Private"]);

function checkChildren(element: XmlElement, children: readonly ChildRule[], of: Rules, problems: Problems): void {
  const { isInOrder, isBare } = of;
  const order = children.map(({ name }) => name);
  const seen = new Map<string, number>();
  let last = -1;
  for (const child of element.children) {
    const { name } = child;
    if (!isBare && (child.namespace !== SCL_NAMESPACE || everywhere.has(name))) {
      if (last >= 0) problems.warn(child, `${element.name}: ${name} stands after ${order[last]}`);
      continue;
    }
    const at = child.namespace === SCL_NAMESPACE ? order.indexOf(name) : -1;
    if (at < 0) {
      const found = order.length === 0 ? `it has no elements; found ${name}` : expectedOneOf(order, name);
      problems.warn(child, `${element.name}: ${found}`);
      continue;
    }
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    if (before === 1 && children[at]?.isOne === true)
      problems.error(child, `${element.name}: ${name} is there already, and one is taken`);
    if (isInOrder && at < last) problems.warn(child, `${element.name}: ${name} stands after ${order[last]}`);
    else last = Math.max(last, at);
  }
  for (const { name, isNeeded } of children)
    if (isNeeded && !seen.has(name)) problems.warn(element, `${element.name}: expected ${name} in it`);
}
