/**
 * What a CID says of a meter, as the section of its configuration. What it says as the meter has it already stays as it is written, so that a
 * CID that was made of the meter changes nothing. A CID that has what the meter has not is refused with all of that.
 */
import {
  nodeName,
  type GooseControl,
  type Ied,
  type Leaf,
  type LogicalDevice,
  type LogicalNode,
  type ReportControl,
} from "#protocol/iec61850/model/ied.ts";
import { LeafIndex, leavesOf, type LeafPlace } from "#protocol/iec61850/model/references.ts";
import { textOf } from "#protocol/iec61850/scl/value-text.ts";
import { TEMPLATE } from "#protocol/iec61850/scl/write.ts";
import { same } from "#quantity/same.ts";
import {
  controlModels,
  fieldWords,
  triggerWords,
  type ControlWord,
  type DataSetSettings,
  type GooseSettings,
  type Iec61850Configuration,
  type ReportSettings,
} from "./configuration.ts";
import { macText } from "./control-blocks.ts";
import { memberText } from "./members.ts";
import { deadbandOf, type ModelFacts } from "./model-facts.ts";
import { bareIed, jemstarIed } from "./model.ts";

export type Section = { readonly settings: Iec61850Configuration } | { readonly problems: readonly string[] };

/** Problems that are told; then how many more there are. */
const MOST_PROBLEMS = 20;

/** `facts` are the meter's, with the settings that it has. */
export function sectionOf(cid: Ied, facts: ModelFacts): Section {
  const { settings } = facts;
  const [device] = cid.devices;
  if (device === undefined || cid.devices.length > 1)
    return { problems: [`IED ${cid.name}: expected one logical device, found ${cid.devices.length}`] };
  const control = controlOf(cid, settings);
  if (typeof control === "string") return { problems: [control] };
  const { name, edition, configVersion } = cid;
  const named = { ...settings, name, device: device.inst, edition, configVersion, control };
  const own = new LeafIndex(bareIed({ ...facts, settings: named }));
  const problems = [...misnamed(cid), ...misplaced(device.nodes), ...unknownIn(cid, own)];
  if (problems.length > 0) return { problems: firstOf(problems) };
  const leaves = new LeafIndex(cid);
  // As the meter would have them under that name and of that edition.
  const before = jemstarIed({ ...facts, settings: named }).devices[0]?.nodes.find(isRoot);
  const root = device.nodes.find(isRoot);
  const said = listsOf(cid);
  const lists = {
    dataSets: same(root?.dataSets, before?.dataSets) ? settings.dataSets : said.dataSets,
    reports: same(root?.reports, before?.reports) ? settings.reports : said.reports,
    goose: same(said.goose, goosesOf(before, device)) ? settings.goose : said.goose,
  };
  const text = (path: string): string | undefined => textAt(leaves, device.inst, path);
  const { dataSets: _dataSets, reports: _reports, goose: _goose, ...rest } = named;
  const next = {
    ...rest,
    configRevision: text("LLN0.NamPlt.configRev") ?? settings.configRevision,
    properties: propertiesOf(text, facts),
    ...deadbandsOf(cid, settings),
    ...withoutUndefined(lists),
  };
  const contrary = contraryTo(new LeafIndex(bareIed({ ...facts, settings: next })), cid);
  return contrary.length > 0 ? { problems: firstOf(contrary) } : { settings: next };
}

/** What a CID says of data sets and control blocks, as a configuration has it. */
export function listsOf(
  cid: Ied,
): Required<{ [K in "dataSets" | "reports" | "goose"]: NonNullable<Iec61850Configuration[K]> }> {
  const [device] = cid.devices;
  const root = device?.nodes.find(isRoot);
  return {
    dataSets: root?.dataSets.map(setOf) ?? [],
    reports: root?.reports.map(reportOf) ?? [],
    goose: goosesOf(root, device),
  };
}

/** What is left out is left out. */
function withoutUndefined<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}

function isRoot({ lnClass }: LogicalNode): boolean {
  return lnClass === "LLN0";
}

function firstOf(problems: readonly string[]): readonly string[] {
  const more = problems.length - MOST_PROBLEMS;
  return more > 0 ? [...problems.slice(0, MOST_PROBLEMS), `and ${more} more`] : problems;
}

/** A domain is called by the IED and its device: the meter has no names of its own for it. */
function misnamed({ name, devices }: Ied): readonly string[] {
  return devices.flatMap(({ inst, domain }) =>
    domain === `${name}${inst}` ? [] : [`LDevice ${inst}: its ldName is ${domain}; expected ${name}${inst}`],
  );
}

/** Data sets and control blocks stand in LLN0. */
function misplaced(nodes: readonly LogicalNode[]): readonly string[] {
  return nodes
    .filter((one) => !isRoot(one) && one.dataSets.length + one.reports.length + one.gooses.length > 0)
    .map((one) => `${nodeName(one)}: its data sets and control blocks are not in LLN0`);
}

/** What the meter has not, or has of another type; told once an object. */
function unknownIn(cid: Ied, own: LeafIndex): string[] {
  const problems = new Map<string, string>();
  for (const { device, node, path, leaf } of leavesOf(cid)) {
    const at = `${nodeName(node)}.${path}`;
    const there = own.find(device.inst, at, leaf.fc)?.leaf;
    const object = `${nodeName(node)}.${path.split(".")[0] ?? ""}`;
    if (there === undefined) problems.set(object, `${at}[${leaf.fc}]: this meter has none`);
    else if (there.type !== leaf.type)
      problems.set(object, `${at}[${leaf.fc}]: expected ${there.type}, found ${leaf.type}`);
  }
  return [...problems.values()];
}

/** What says how values are to be taken and what the meter does; the rest describes a device, and each says its own. */
const binding: readonly string[] = ["CF", "SP", "SG", "SE", "CO"];

/** What the meter has otherwise, and would go on to have: nobody is to believe a file that says so. */
function contraryTo(own: LeafIndex, cid: Ied): string[] {
  return [...leavesOf(cid)].flatMap(({ device, node, path, leaf }) => {
    if (leaf.initial === undefined || !binding.includes(leaf.fc)) return [];
    const at = `${nodeName(node)}.${path}`;
    const there = own.find(device.inst, at, leaf.fc)?.leaf;
    if (there?.initial === undefined || same(rounded(there), rounded(leaf))) return [];
    return [`${at}[${leaf.fc}]: expected ${textOf(there.initial, there)}, found ${textOf(leaf.initial, leaf)}`];
  });
}

/** A value as it is on the wire. */
function rounded({ type, initial }: Leaf): Leaf["initial"] {
  return type === "FLOAT32" && typeof initial === "number" ? Math.fround(initial) : initial;
}

function textAt(leaves: LeafIndex, device: string, path: string): string | undefined {
  const value = leaves.find(device, path)?.leaf.initial;
  return typeof value === "string" ? value : undefined;
}

/** IED properties by where the model has them. */
export const properties = {
  manufacturer: "LPHD1.PhyNam.vendor",
  modelType: "LPHD1.PhyNam.model",
  stationId: "LPHD1.PhyNam.location",
  deviceId: "LPHD1.PhyNam.name",
  firmware: "LPHD1.PhyNam.swRev",
  identification: "LPHD1.PhyNam.d",
} as const satisfies Readonly<Record<keyof Iec61850Configuration["properties"], string>>;

/** What the meter says of itself, or is set to say already, is not said again. */
function propertiesOf(
  text: (path: string) => string | undefined,
  facts: ModelFacts,
): Iec61850Configuration["properties"] {
  const { settings } = facts;
  const now = shownBy(facts);
  const plain = shownBy({ ...facts, settings: { ...settings, properties: {} } });
  const given = Object.entries(properties).map(([name, path]) => {
    const key = name as keyof typeof properties;
    const value = text(path);
    if (value === undefined || value === now(path)) return [key, settings.properties[key]] as const;
    return [key, value === plain(path) ? undefined : value] as const;
  });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function shownBy(facts: ModelFacts): (path: string) => string | undefined {
  const leaves = new LeafIndex(bareIed(facts));
  return (path) => textAt(leaves, facts.settings.device, path);
}

/** Those that are not what all have. */
function deadbandsOf(cid: Ied, settings: Iec61850Configuration): Pick<Iec61850Configuration, "deadbands"> {
  const found = [...leavesOf(cid)].flatMap((place) => {
    const { initial } = place.leaf;
    return place.leaf.name === "db" && typeof initial === "number" ? [{ of: objectOf(place), db: initial }] : [];
  });
  if (found.every(({ of, db }) => deadbandOf(settings, of) === db)) return { deadbands: settings.deadbands };
  const own = found.filter(({ db }) => db !== settings.deadband);
  return { deadbands: own.toSorted((a, b) => (a.of < b.of ? -1 : 1)) };
}

function objectOf({ node, path }: LeafPlace): string {
  return `${nodeName(node)}.${path.slice(0, path.lastIndexOf("."))}`;
}

/** All outputs are controlled alike; what is wrong with that, in words. */
function controlOf(cid: Ied, settings: Iec61850Configuration): Iec61850Configuration["control"] | string {
  const outputs = [...leavesOf(cid)].filter(({ object }) => /^SPCSO\d/.test(object.name));
  const values = (name: string): readonly Leaf["initial"][] => [
    ...new Set(outputs.filter(({ leaf }) => leaf.name === name).map(({ leaf }) => leaf.initial)),
  ];
  const [model, ...others] = values("ctlModel").filter((one) => one !== undefined);
  const [timeout] = values("sboTimeout").filter((one) => typeof one === "number");
  if (others.length > 0) return "SPCSO: expected one ctlModel for all outputs";
  const word = Object.entries(controlModels).find(([, ordinal]) => ordinal === model)?.[0] as ControlWord | undefined;
  return {
    model: word ?? settings.control.model,
    selectSeconds: timeout === undefined ? settings.control.selectSeconds : Math.max(1, Math.round(timeout / 1000)),
  };
}

function setOf({ name, members }: LogicalNode["dataSets"][number]): DataSetSettings {
  return { name, members: members.map(memberText) };
}

function reportOf({ triggers, fields, dataSet, rptId, ...rest }: ReportControl): ReportSettings {
  return {
    ...rest,
    ...(dataSet === undefined ? {} : { dataSet }),
    ...(rptId === undefined ? {} : { rptId }),
    triggers: triggerWords.filter((one) => triggers[one]),
    fields: fieldWords.filter((one) => fields[one]),
  };
}

function goosesOf(root: LogicalNode | undefined, device: LogicalDevice | undefined): readonly GooseSettings[] {
  return root?.gooses.map((one) => gooseOf(one, [device?.domain, `${TEMPLATE}${device?.inst}`])) ?? [];
}

/** A GoID that is the control block's reference is nobody's choice; nor is one that an ICD has, made before the IED had a name. */
function gooseOf({ goId, address, ...rest }: GooseControl, domains: readonly (string | undefined)[]): GooseSettings {
  const isOwn = domains.some((domain) => goId === `${domain}/LLN0$GO$${rest.name}`);
  return {
    ...rest,
    ...(isOwn ? {} : { goId }),
    ...(address === undefined ? {} : { mac: macText(address.mac) }),
    appId: address?.appId ?? 1,
    ...(address?.vlan === undefined ? {} : { vlan: address.vlan }),
  };
}
