/**
 * What a CID says of a meter, as the section of its configuration. What it says as the meter has it already stays as it is written, so that a
 * CID that was made of the meter changes nothing. A CID that has what the meter has not is refused with all of that.
 */
import {
  nodeName,
  type GooseControl,
  type Ied,
  type LogicalDevice,
  type LogicalNode,
  type ReportControl,
} from "#protocol/iec61850/model/ied.ts";
import { LeafIndex, leavesOf, type LeafPlace } from "#protocol/iec61850/model/references.ts";
import { TEMPLATE } from "#protocol/iec61850/scl/write.ts";
import { same } from "#quantity/same.ts";
import {
  fieldWords,
  triggerWords,
  type DataSetSettings,
  type GooseSettings,
  type Iec61850Configuration,
  type ReportSettings,
} from "./configuration.ts";
import { contradictions } from "./contradictions.ts";
import { macText } from "./control-blocks.ts";
import { memberText } from "./members.ts";
import { deadbandOf, type ModelFacts } from "./model-facts.ts";
import { bareIed, jemstarIed } from "./model.ts";
import { controlOf } from "./section-control.ts";

export type Section = { readonly settings: Iec61850Configuration } | { readonly problems: readonly string[] };

/** Problems that are told; then how many more there are. */
const MOST_PROBLEMS = 20;

/** `facts` are the meter's, with the settings that it has. */
export function sectionOf(cid: Ied, facts: ModelFacts): Section {
  const { settings } = facts;
  const [device] = cid.devices;
  const { said: control, problems: general } = generalOf(cid);
  if (device === undefined || general.length > 0) return { problems: firstOf(general) };
  const { name, edition, configVersion } = cid;
  const named = {
    ...settings,
    name,
    device: device.inst,
    edition,
    configVersion,
    control: { ...settings.control, ...control },
  };
  const unknown = unknownIn(cid, new LeafIndex(bareIed({ ...facts, settings: named })));
  if (unknown.length > 0) return { problems: firstOf(unknown) };
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
  const meant: Iec61850Configuration = {
    ...rest,
    configRevision: text("LLN0.NamPlt.configRev") ?? settings.configRevision,
    properties: propertiesOf(text, facts),
    ...deadbandsOf(cid, settings),
    ...withoutUndefined(lists),
  };
  const others = contradictions(cid, new LeafIndex(bareIed({ ...facts, settings: meant })));
  return others.length > 0 ? { problems: firstOf(others) } : { settings: meant };
}

/** What no meter takes, whatever was ordered, and what it says of outputs. */
function generalOf(cid: Ied): ReturnType<typeof controlOf> {
  const { name, devices } = cid;
  const { said, problems } = controlOf(cid);
  const misplacing = devices.flatMap(({ nodes }) => misplaced(nodes));
  return { said, problems: [...notOne(name, devices), ...misnamed(cid), ...misplacing, ...problems] };
}

/** What a CID says, as a configuration has it, whatever meter it is for. */
export function saidBy(cid: Ied): { readonly said: SaidByCid; readonly problems: readonly string[] } {
  const { name, edition, configVersion, devices } = cid;
  const { said: control, problems } = generalOf(cid);
  const leaves = new LeafIndex(cid);
  const inst = devices[0]?.inst ?? "";
  const texts = Object.entries(properties).map(([key, path]) => [key, textAt(leaves, inst, path)] as const);
  const configRevision = textAt(leaves, inst, "LLN0.NamPlt.configRev");
  const said = {
    name,
    device: inst,
    edition,
    configVersion,
    control,
    ...withoutUndefined({ configRevision }),
    properties: withoutUndefined(Object.fromEntries(texts)),
    deadbands: deadbandsIn(cid),
    ...listsOf(cid),
  };
  return { said, problems };
}

type SaidByCid = ReturnType<typeof listsOf> &
  Pick<Iec61850Configuration, "name" | "deadbands"> &
  Readonly<Record<string, unknown>>;

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

function notOne(name: string, devices: readonly LogicalDevice[]): readonly string[] {
  if (devices.length === 1) return [];
  const [, second] = devices;
  const at = second === undefined ? `IED ${name}` : `LDevice ${second.inst}`;
  return [`${at}: expected one logical device, found ${devices.length}`];
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
  const found = deadbandsIn(cid);
  if (found.every(({ of, db }) => deadbandOf(settings, of) === db)) return { deadbands: settings.deadbands };
  const own = found.filter(({ db }) => db !== settings.deadband);
  return { deadbands: own.toSorted((a, b) => (a.of < b.of ? -1 : 1)) };
}

function deadbandsIn(cid: Ied): Iec61850Configuration["deadbands"] {
  return [...leavesOf(cid)].flatMap((place) => {
    const { initial } = place.leaf;
    return place.leaf.name === "db" && typeof initial === "number" ? [{ of: objectOf(place), db: initial }] : [];
  });
}

function objectOf({ node, path }: LeafPlace): string {
  return `${nodeName(node)}.${path.slice(0, path.lastIndexOf("."))}`;
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
