/** Where a file says what an attribute of a logical node is: with the instance (DOI, SDI, DAI), else in its types (IEC 61850-6, 9.3.6, 9.5). */
import type { XmlElement } from "#io/xml.ts";
import { all, first, given, SCL_NAMESPACE } from "./elements.ts";

interface Step {
  readonly name: string;
  /** In an array. */
  readonly index: number | undefined;
}

/** What has the Val of "TotW.units.SIUnit", or "HA.phsAHar(3).cVal.mag.f", of a node; undefined where the file has none. */
export function placeOfValue(root: XmlElement, node: XmlElement, path: string): XmlElement | undefined {
  const steps = path.split(".").map((part): Step => {
    const [, name = part, index] = /^(\w+)\((\d+)\)$/.exec(part) ?? [];
    return { name, index: index === undefined ? undefined : Number(index) };
  });
  return [instanceOf(node, steps), typeOf(root, node, steps)].find((one) => first(one, "Val") !== undefined);
}

const instances = new Set(["DOI", "SDI", "DAI"]);

function instanceOf(node: XmlElement, steps: readonly Step[]): XmlElement | undefined {
  let at: XmlElement | undefined = node;
  for (const { name, index } of steps) {
    const named: readonly XmlElement[] = (at?.children ?? []).filter(
      (one) => instances.has(one.name) && one.namespace === SCL_NAMESPACE && given(one, "name") === name,
    );
    const numbered = (number: number | undefined): XmlElement | undefined =>
      named.find((one) => {
        const ix = one.attributes.get("ix");
        return number === undefined ? ix === undefined : ix !== undefined && Number(ix) === number;
      });
    // The first of an array may be said without a number (./templates.ts).
    at = numbered(index) ?? (index === 0 ? numbered(undefined) : undefined);
  }
  return at;
}

const attributes = new Set(["DO", "SDO", "DA", "BDA"]);

/** The attribute as the types have it. */
function typeOf(root: XmlElement, node: XmlElement, steps: readonly Step[]): XmlElement | undefined {
  const templates = first(root, "DataTypeTemplates");
  const typed = (kinds: readonly string[], id: string): XmlElement | undefined =>
    kinds.flatMap((kind) => all(templates, kind)).find((one) => given(one, "id") === id);
  let type = typed(["LNodeType"], given(node, "lnType"));
  let at: XmlElement | undefined;
  for (const { name } of steps) {
    at = type?.children.find((one) => attributes.has(one.name) && given(one, "name") === name);
    const isObject = at?.name === "DO" || at?.name === "SDO";
    type = at && typed(isObject ? ["DOType"] : ["DAType"], given(at, "type"));
  }
  return at;
}
