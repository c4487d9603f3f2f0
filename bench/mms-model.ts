/** The model that servers of the comparison have: a JEMStar II as an IED, and a data set of fifty numbers of its own. */
import type { TestContext } from "node:test";
import type { Attribute, DataObject, Ied, LogicalNode, Member } from "#protocol/iec61850/model/ied.ts";
import { nodeName } from "#protocol/iec61850/model/ied.ts";
import { iedMeter } from "../test/iec61850-meter.ts";

const MEMBERS = 50;

/** Each number of an object, by the words of a member of a data set. */
function numbersOf(object: DataObject, path: string): { readonly doName: string; readonly daName: string }[] {
  const doName = path === "" ? object.name : `${path}.${object.name}`;
  const within = (of: Attribute, before: string): string[] => {
    const name = before === "" ? of.name : `${before}.${of.name}`;
    if (of.kind === "structure") return of.fields.flatMap((field) => within(field, name));
    return of.kind === "leaf" && of.type === "FLOAT32" && of.fc === "MX" ? [name] : [];
  };
  return [
    ...object.attributes.flatMap((one) => within(one, "").map((daName) => ({ doName, daName }))),
    ...object.objects.flatMap((one) => numbersOf(one, doName)),
  ];
}

/** As a client names a member: "MMXU1$MX$TotW$mag$f". */
export function itemOf({ prefix, lnClass, lnInst, fc, doName = "", daName = "" }: Member): string {
  return [`${prefix}${lnClass}${lnInst}`, fc, ...doName.split("."), ...daName.split(".")].join("$");
}

export function benchIed(): { readonly ied: Ied; readonly domain: string; readonly members: readonly Member[] } {
  const nothing = { after() {} } as unknown as TestContext;
  const { ied } = iedMeter(nothing).host;
  const [device, ...others] = ied.devices;
  const [lln0, ...nodes] = device?.nodes ?? [];
  if (device === undefined || lln0 === undefined) throw new Error("a model without a logical device");
  const members = nodes
    .filter(({ lnClass }) => lnClass === "MMXU")
    .flatMap(({ prefix, lnClass, inst, objects }) =>
      objects
        .flatMap((one) => numbersOf(one, ""))
        .map((names): Member => ({ ldInst: device.inst, prefix, lnClass, lnInst: inst, ...names, fc: "MX" })),
    )
    .slice(0, MEMBERS);
  if (members.length < MEMBERS) throw new Error(`${members.length} numbers in MMXU`);
  const first: LogicalNode = { ...lln0, dataSets: [...lln0.dataSets, { name: "Fifty", members }] };
  return {
    ied: { ...ied, devices: [{ ...device, nodes: [first, ...nodes] }, ...others] },
    domain: device.domain,
    members,
  };
}

/** The same, with unbuffered reports of all those fifty ten times a second, for as many clients. */
export function reportingIed(clients: number): Ied {
  const { ied } = benchIed();
  const devices = ied.devices.map((device) => ({
    ...device,
    nodes: device.nodes.map((node, k) => ({
      ...node,
      reports: node.reports
        .filter(({ buffered }) => !buffered)
        .slice(0, k === 0 ? 1 : 0)
        .map((one) => ({
          ...one,
          name: "urcb",
          dataSet: "Fifty",
          instances: clients,
          integrityMs: 100,
          triggers: { ...one.triggers, dataChange: false, qualityChange: false },
        })),
    })),
  }));
  return { ...ied, devices };
}

/** The same for a program that makes its model node by node; controls, and objects by number, are left out. */
export function plainModel({ ied, members }: ReturnType<typeof benchIed>): string {
  const attribute = (of: Attribute): unknown => {
    if (of.kind === "leaf") return { name: of.name, fc: of.fc, type: of.type };
    if (of.kind === "array") return undefined;
    return { name: of.name, fc: of.fc, fields: of.fields.flatMap((field) => attribute(field) ?? []) };
  };
  const object = ({ name, attributes, objects }: DataObject): unknown => ({
    name,
    objects: objects.map(object),
    attributes: attributes.filter(({ fc }) => fc !== "CO").flatMap((one) => attribute(one) ?? []),
  });
  return JSON.stringify({
    name: ied.name,
    devices: ied.devices.map((device) => ({
      inst: device.inst,
      nodes: device.nodes.map((node) => ({ name: nodeName(node), objects: node.objects.map(object) })),
    })),
    fifty: members.map(itemOf),
  });
}
