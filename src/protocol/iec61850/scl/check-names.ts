/** Names of a file: each there once, and what they refer to there (IEC 61850-6; 7-2, 22). */
import { didYouMean } from "#quantity/nearest.ts";
import type { XmlElement } from "#io/xml.ts";
import { all, count, first, given, isTrue } from "./elements.ts";
import type { Problems } from "./problems.ts";

const MOST_DEVICE_NAME = 64;

export function checkNames(root: XmlElement, problems: Problems): void {
  const ieds = all(root, "IED");
  once(ieds, "name", "IED", problems);
  for (const ied of ieds) iedNames(ied, problems);
  references(root, ieds, problems);
  for (const templates of all(root, "DataTypeTemplates")) {
    for (const type of templates.children) once(type.children, "name", `${type.name} ${given(type, "id")}`, problems);
    typesOfSimple(templates, problems);
  }
}

/** A type is there that an attribute names which needs none: one that is whole to the schema of edition 2 (ref2EnumTypeDAType), and no other. */
function typesOfSimple(templates: XmlElement, problems: Problems): void {
  const ids = [...all(templates, "DAType"), ...all(templates, "EnumType")].map((type) => given(type, "id"));
  const known = new Set(ids);
  for (const type of templates.children)
    for (const attribute of [...all(type, "DA"), ...all(type, "BDA")]) {
      const id = attribute.attributes.get("type");
      if (id === undefined || known.has(id) || /^(Struct|Enum)$/.test(given(attribute, "bType"))) continue;
      const where = `${type.name} ${given(type, "id")}: ${attribute.name} ${given(attribute, "name")}`;
      problems.error(attribute, `${where}: there is no DAType or EnumType ${id}${didYouMean(id, ids)}`);
    }
}

function once(elements: readonly XmlElement[], key: string, where: string, problems: Problems): void {
  const seen = new Set<string>();
  for (const element of elements) {
    const name = element.attributes.get(key);
    if (name === undefined) continue;
    if (seen.has(name)) problems.error(element, `${where}: ${element.name} ${name} is there already`);
    seen.add(name);
  }
}

function iedNames(ied: XmlElement, problems: Problems): void {
  const name = given(ied, "name");
  const points = all(ied, "AccessPoint");
  once(points, "name", `IED ${name}`, problems);
  const devices = points.flatMap((point) => all(point, "Server")).flatMap((server) => all(server, "LDevice"));
  once(devices, "inst", `IED ${name}`, problems);
  for (const device of devices) {
    const inst = given(device, "inst");
    if (!device.attributes.has("ldName") && name.length + inst.length > MOST_DEVICE_NAME)
      problems.error(device, `${name}${inst}: names of logical devices have ${MOST_DEVICE_NAME} characters at most`);
    const nodes = new Set<string>();
    for (const node of [...all(device, "LN0"), ...all(device, "LN")]) {
      const full = `${given(node, "prefix")}${given(node, "lnClass")}${given(node, "inst")}`;
      if (nodes.has(full)) problems.error(node, `${inst}: ${full} is there already`);
      nodes.add(full);
      const where = `${inst}/${full}`;
      instancesOnce(node, where, problems);
      once(all(node, "DataSet"), "name", where, problems);
      for (const set of all(node, "DataSet"))
        if (all(set, "FCDA").length === 0) problems.warn(set, `${where}: data set ${given(set, "name")} has no member`);
      once([...all(node, "ReportControl"), ...all(node, "LogControl")], "name", where, problems);
      once([...all(node, "GSEControl"), ...all(node, "SampledValueControl")], "name", where, problems);
      for (const report of all(node, "ReportControl")) instances(report, where, problems);
    }
  }
}

/** Of what is said twice the last would hold. */
function instancesOnce(element: XmlElement, where: string, problems: Problems): void {
  const seen = new Set<string>();
  for (const child of element.children) {
    if (!/^(DOI|SDI|DAI)$/.test(child.name)) continue;
    const name = given(child, "name");
    const ix = child.attributes.get("ix");
    const key = ix === undefined ? name : `${name}(${ix.trim()})`;
    if (seen.has(key)) problems.error(child, `${where}: ${child.name} ${key} is there already`);
    seen.add(key);
    if (child.name !== "DAI") instancesOnce(child, `${where}.${key}`, problems);
  }
}

/** One that is not told by number is one. */
function instances(report: XmlElement, where: string, problems: Problems): void {
  const name = given(report, "name");
  const most = count(first(report, "RptEnabled"), "max", 1);
  if (!isTrue(report, "indexed", true) && most !== 1)
    problems.error(report, `${where}: report ${name}: not indexed, it is one; found max ${most}`);
  if (most < 1 || most > 99) problems.error(report, `${where}: report ${name}: expected max 1 to 99, found ${most}`);
}

/** What the communication section says is of IEDs, access points and control blocks that are there. */
function references(root: XmlElement, ieds: readonly XmlElement[], problems: Problems): void {
  const names = ieds.map((ied) => given(ied, "name"));
  const networks = all(root, "Communication").flatMap((one) => all(one, "SubNetwork"));
  const addresses = new Map<string, string>();
  for (const point of networks.flatMap((network) => all(network, "ConnectedAP"))) {
    const name = given(point, "iedName");
    const ied = ieds.find((one) => given(one, "name") === name);
    if (ied === undefined) {
      problems.error(point, `ConnectedAP: there is no IED ${name}${didYouMean(name, names)}`);
      continue;
    }
    const points = all(ied, "AccessPoint").map((one) => given(one, "name"));
    const apName = given(point, "apName");
    if (!points.includes(apName))
      problems.error(point, `ConnectedAP: IED ${name} has no access point ${apName}${didYouMean(apName, points)}`);
    for (const [kind, block] of [
      ["GSE", "GSEControl"],
      ["SMV", "SampledValueControl"],
    ] as const)
      for (const published of all(point, kind)) {
        const of = `${given(published, "ldInst")}/${given(published, "cbName")}`;
        if (!blocksOf(ied, block).has(of)) problems.error(published, `${kind}: IED ${name} has no ${block} ${of}`);
        const address = all(first(published, "Address"), "P").map((one) => `${given(one, "type")} ${one.text.trim()}`);
        const there = address.filter((part) => /^(MAC-Address|APPID) /.test(part)).join(", ");
        const other = addresses.get(there);
        if (other !== undefined && there.includes("APPID"))
          problems.warn(published, `${kind} ${name} ${of}: ${other} is sent to ${there}, too`);
        addresses.set(there, `${name} ${of}`);
      }
  }
}

function blocksOf(ied: XmlElement, kind: string): ReadonlySet<string> {
  const devices = all(ied, "AccessPoint")
    .flatMap((point) => all(point, "Server"))
    .flatMap((server) => all(server, "LDevice"));
  return new Set(
    devices.flatMap((device) =>
      all(device, "LN0").flatMap((node) =>
        all(node, kind).map((block) => `${given(device, "inst")}/${given(block, "name")}`),
      ),
    ),
  );
}
