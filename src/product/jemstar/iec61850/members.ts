/** Members of data sets as a configuration has them, "MMXU1.PhV.phsA.cVal.mag.f[MX]", and where they are in the model. */
import { isFunctionalConstraint } from "#protocol/iec61850/model/functional-constraint.ts";
import {
  nodeName,
  type Attribute,
  type DataObject,
  type Ied,
  type LogicalNode,
  type Member,
} from "#protocol/iec61850/model/ied.ts";

const form = /^([A-Za-z_]{0,11}?[A-Z][A-Z0-9]{3}\d{0,12})(?:\.([A-Za-z0-9_.]{1,200}))?\[([A-Z]{2})\]$/;

/** The member of a text, in a model; or why there is none, in words. */
export function memberOf(text: string, ied: Ied): Member | { readonly wrong: string } {
  const [, node = "", path, fc = ""] = form.exec(text) ?? [];
  if (node === "")
    return {
      wrong: `expected a node, its data and a functional constraint, like MMXU1.TotW.mag.f[MX]; found ${text.slice(0, 60)}`,
    };
  if (!isFunctionalConstraint(fc)) return { wrong: `there is no functional constraint ${fc}` };
  for (const { inst, nodes } of ied.devices) {
    const found = nodes.find((one) => nodeName(one) === node);
    if (found === undefined) continue;
    const place: ReturnType<typeof placeOf> = path === undefined ? {} : placeOf(found, path.split("."));
    if ("wrong" in place) return { wrong: place.wrong };
    const member = { ldInst: inst, prefix: found.prefix, lnClass: found.lnClass, lnInst: found.inst, ...place, fc };
    return isThere(found, member) ? member : { wrong: `${text} is nothing of this meter` };
  }
  return { wrong: `this meter has no ${node}` };
}

/** Which of the words are data objects, and which attributes. */
function placeOf(
  node: LogicalNode,
  words: readonly string[],
): Pick<Member, "doName" | "daName"> | { readonly wrong: string } {
  const [name = "", second] = words;
  const object = node.objects.find((one) => one.name === name);
  if (object === undefined) return { wrong: `${nodeName(node)} has no ${name}` };
  const inner = object.objects.some((one) => one.name === second);
  const taken = inner ? 2 : 1;
  const doName = words.slice(0, taken).join(".");
  return words.length === taken ? { doName } : { doName, daName: words.slice(taken).join(".") };
}

function isThere(node: LogicalNode, { doName, daName, fc }: Pick<Member, "doName" | "daName" | "fc">): boolean {
  if (doName === undefined) return node.objects.some((one) => hasOf(one, fc));
  const [name, part] = doName.split(".");
  const object = node.objects.find((one) => one.name === name);
  const found = part === undefined ? object : object?.objects.find((one) => one.name === part);
  if (found === undefined) return false;
  if (daName === undefined) return hasOf(found, fc);
  const [first = "", ...rest] = daName.split(".");
  const attribute = found.attributes.find((one) => one.name === first && one.fc === fc);
  return attribute !== undefined && isIn(attribute, rest);
}

function hasOf({ attributes, objects }: DataObject, fc: string): boolean {
  return attributes.some((one) => one.fc === fc) || objects.some((one) => hasOf(one, fc));
}

function isIn(attribute: Attribute, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true;
  if (attribute.kind !== "structure") return false;
  const field = attribute.fields.find(({ name }) => name === first);
  return field !== undefined && isIn(field, rest);
}

/** The text of a member of the meter's one logical device. */
export function memberText({ prefix, lnClass, lnInst, doName, daName, fc }: Member): string {
  const names = [nodeName({ prefix, lnClass, inst: lnInst }), doName, daName].filter((one) => one !== undefined);
  return `${names.join(".")}[${fc}]`;
}
