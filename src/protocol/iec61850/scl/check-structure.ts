/**
 * Whether elements of a file are where they should be, with the attributes that they should have (IEC 61850-6, clause 9): of all that
 * describes IEDs. Substations, processes and lines are not looked into.
 */
import { expectedOneOf } from "#quantity/nearest.ts";
import type { XmlElement } from "#io/xml.ts";
import { SCL_NAMESPACE } from "./elements.ts";
import type { Problems } from "./problems.ts";

interface Shape {
  /** In their order; those between strokes in any. Undefined is not looked into. */
  readonly children?: string | undefined;
  readonly required?: string;
  readonly optional?: string;
}

const values = "valKind valImport sAddr";
const attribute = { required: "name bType", optional: `desc type count ${values}` };
const trigger = "dchg qchg dupd";
const described = { children: "" };

// prettier-ignore
const shapes: Readonly<Record<string, Shape>> = {
  SCL: { children: "Header Substation Communication IED DataTypeTemplates Line Process", optional: "version revision release desc" },
  Header: { children: "History", required: "id", optional: "version revision toolID nameStructure" },
  Communication: { children: "SubNetwork", optional: "desc" },
  SubNetwork: { children: "BitRate ConnectedAP", required: "name", optional: "type desc" },
  ConnectedAP: { children: "Address GSE SMV PhysConn", required: "iedName apName", optional: "redProt desc" },
  Address: { children: "P", optional: "desc" },
  P: { ...described, required: "type" },
  GSE: { children: "Address MinTime MaxTime", required: "ldInst cbName", optional: "desc" },
  SMV: { children: "Address", required: "ldInst cbName", optional: "desc" },
  MinTime: { ...described, optional: "unit multiplier" },
  MaxTime: { ...described, optional: "unit multiplier" },
  IED: {
    children: "Services AccessPoint KDC", required: "name",
    optional: "type manufacturer configVersion originalSclVersion originalSclRevision originalSclRelease engRight owner desc",
  },
  AccessPoint: { children: "Server LN ServerAt Services GOOSESecurity SMVSecurity", required: "name", optional: "router clock kdc desc" },
  Server: { children: "Authentication LDevice Association", optional: "timeout desc" },
  LDevice: { children: "LN0 LN AccessControl", required: "inst", optional: "ldName desc" },
  LN0: {
    children: "DataSet ReportControl LogControl DOI Inputs Log GSEControl SampledValueControl SettingControl SCLControl",
    required: "lnClass inst lnType", optional: "desc",
  },
  LN: { children: "DataSet ReportControl LogControl DOI Inputs Log", required: "lnClass inst lnType", optional: "prefix desc" },
  DataSet: { children: "FCDA", required: "name", optional: "desc" },
  FCDA: { children: "", required: "fc", optional: "ldInst prefix lnClass lnInst doName daName ix" },
  ReportControl: {
    children: "TrgOps OptFields RptEnabled", required: "name confRev", optional: "datSet rptID buffered bufTime intgPd indexed desc",
  },
  TrgOps: { children: "", optional: `${trigger} period gi` },
  OptFields: { children: "", optional: "seqNum timeStamp dataSet reasonCode dataRef entryID configRef bufOvfl" },
  RptEnabled: { children: "ClientLN", optional: "max desc" },
  ClientLN: { children: "", required: "iedName lnClass", optional: "apRef ldInst prefix lnInst desc" },
  GSEControl: {
    children: "IEDName Protocol", required: "name appID", optional: "datSet confRev type fixedOffs securityEnable desc",
  },
  DOI: { children: "|SDI DAI|", required: "name", optional: "ix accessControl desc" },
  SDI: { children: "|SDI DAI|", required: "name", optional: "ix sAddr desc" },
  DAI: { children: "Val", required: "name", optional: `ix desc ${values}` },
  DataTypeTemplates: { children: "LNodeType DOType DAType EnumType" },
  LNodeType: { children: "DO", required: "id lnClass", optional: "iedType desc" },
  DO: { children: "", required: "name type", optional: "accessControl transient desc" },
  DOType: { children: "|SDO DA|", required: "id cdc", optional: "iedType desc" },
  SDO: { children: "", required: "name type", optional: "count desc" },
  DA: { children: "Val ProtNs", required: `${attribute.required} fc`, optional: `${attribute.optional} ${trigger}` },
  DAType: { children: "BDA ProtNs", required: "id", optional: "iedType desc" },
  BDA: { children: "Val", ...attribute },
  EnumType: { children: "EnumVal", required: "id", optional: "desc" },
  EnumVal: { children: "", required: "ord", optional: "desc" },
};

/** Any element may have them. */
const everywhere = new Set(["Text", "Private"]);

const split = (words: string): readonly string[] => (words === "" ? [] : words.split(" "));

export function checkStructure(root: XmlElement, problems: Problems): void {
  const shape = Object.hasOwn(shapes, root.name) ? shapes[root.name] : undefined;
  if (shape === undefined || root.namespace !== SCL_NAMESPACE) return;
  checkAttributes(root, shape, problems);
  if (shape.children !== undefined) checkChildren(root, shape.children, problems);
  for (const child of root.children) checkStructure(child, problems);
}

function checkAttributes(element: XmlElement, { required = "", optional = "" }: Shape, problems: Problems): void {
  const needed = split(required);
  for (const name of needed)
    if (!element.attributes.has(name)) problems.error(element, `${element.name}: expected its ${name}`);
  const known = [...needed, ...split(optional)];
  for (const name of element.attributes.keys())
    if (!known.includes(name)) problems.warn(element, `${element.name}: attribute: ${expectedOneOf(known, name)}`);
}

function checkChildren(element: XmlElement, words: string, problems: Problems): void {
  const isInOrder = !words.startsWith("|");
  const order = split(words.replaceAll("|", ""));
  let last = 0;
  for (const child of element.children) {
    if (child.namespace !== SCL_NAMESPACE || everywhere.has(child.name)) continue;
    const at = order.indexOf(child.name);
    if (at < 0) {
      const found = order.length === 0 ? `it has no elements; found ${child.name}` : expectedOneOf(order, child.name);
      problems.warn(child, `${element.name}: ${found}`);
    } else if (isInOrder && at < last)
      problems.warn(child, `${element.name}: ${child.name} stands after ${order[last]}`);
    else last = at;
  }
}
