/** What is different between two models of IEDs, by meaning: how their files are written, and what their types are called, is not looked at. */
import {
  nodeName,
  type EthernetAddress,
  type Ied,
  type Leaf,
  type LogicalNode,
  type Member,
} from "#protocol/iec61850/model/ied.ts";
import { leavesOf } from "#protocol/iec61850/model/references.ts";
import { textOf } from "./value-text.ts";

/** Things by name, each with its facts in words by name. */
type Facts = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** A line each: "+ thing", "- thing", "thing: fact: one -> other"; none where they mean the same. */
export function differences(one: Ied, other: Ied): readonly string[] {
  const [before, after] = [factsOf(one), factsOf(other)];
  const lines: string[] = [...memberDifferences(membersOf(one), membersOf(other))];
  for (const [name, facts] of before) {
    const others = after.get(name);
    if (others === undefined) lines.push(`- ${name}`);
    else
      for (const [fact, value] of Object.entries(facts)) {
        const now = others[fact] ?? "";
        if (now !== value) lines.push(`${name}: ${fact}: ${value || "none"} -> ${now || "none"}`);
      }
  }
  for (const name of after.keys()) if (!before.has(name)) lines.push(`+ ${name}`);
  return lines;
}

/** Members of the data sets, by the reference of the set: "MTR/LLN0.Inst". */
function membersOf({ devices }: Ied): ReadonlyMap<string, readonly string[]> {
  const all = devices.flatMap(({ inst, nodes }) =>
    nodes.flatMap((node) =>
      node.dataSets.map(({ name, members }) => [`${inst}/${nodeName(node)}.${name}`, members.map(memberText)] as const),
    ),
  );
  return new Map(all);
}

function* memberDifferences(
  before: ReadonlyMap<string, readonly string[]>,
  after: ReadonlyMap<string, readonly string[]>,
): Generator<string> {
  for (const [set, members] of before) {
    const now = after.get(set);
    if (now === undefined) continue;
    const [gone, come] = [new Set(members).difference(new Set(now)), new Set(now).difference(new Set(members))];
    for (const member of gone) yield `data set ${set}: - ${member}`;
    for (const member of come) yield `data set ${set}: + ${member}`;
    const isOther = gone.size + come.size === 0 && members.join(" ") !== now.join(" ");
    if (isOther) yield `data set ${set}: its members are in another order, or there more than once`;
  }
}

function factsOf(ied: Ied): Facts {
  const { name, edition, manufacturer, type, configVersion, devices } = ied;
  const facts = new Map<string, Readonly<Record<string, string>>>();
  facts.set("IED", { name, edition, manufacturer, type, "configuration version": configVersion });
  // A name of the IED is not different everywhere that it is in.
  for (const { inst, domain, nodes } of devices) {
    facts.set(`logical device ${inst}`, { name: domain === `${name}${inst}` ? "" : domain });
    for (const node of nodes) {
      const where = `${inst}/${nodeName(node)}`;
      facts.set(`logical node ${where}`, {});
      for (const { name } of node.dataSets) facts.set(`data set ${where}.${name}`, {});
      for (const [kind, name, of] of blocksOf(node)) facts.set(`${kind} ${where}.${name}`, of);
    }
  }
  for (const { device, node, path, leaf } of leavesOf(ied))
    facts.set(`attribute ${device.inst}/${nodeName(node)}.${path}[${leaf.fc}]`, leafFacts(leaf));
  return facts;
}

function leafFacts(leaf: Leaf): Readonly<Record<string, string>> {
  const { type, triggers, enumeration, initial, writable } = leaf;
  return {
    type: enumeration === undefined ? type : `${type} ${JSON.stringify(enumeration.words)}`,
    triggers: words(triggers),
    value: textOf(initial, leaf) ?? "",
    "who may write": writable ? "clients" : "",
  };
}

type Block = readonly [kind: string, name: string, facts: Readonly<Record<string, string>>];

function* blocksOf({ reports, gooses }: LogicalNode): Generator<Block> {
  for (const { name, triggers, fields, ...report } of reports) {
    yield [
      "report",
      name,
      {
        kind: report.buffered ? "buffered" : "unbuffered",
        "data set": report.dataSet ?? "",
        id: report.rptId ?? "",
        revision: String(report.configRevision),
        "buffer time": `${report.bufferMs} ms`,
        "integrity period": `${report.integrityMs} ms`,
        triggers: words(triggers),
        fields: words(fields),
        instances: `${report.instances}${report.indexed ? "" : ", not by number"}`,
      },
    ];
  }
  for (const { name, ...goose } of gooses) {
    yield [
      "GOOSE",
      name,
      {
        id: goose.goId,
        "data set": goose.dataSet,
        revision: String(goose.configRevision),
        "fixed offsets": String(goose.fixedOffsets),
        address: goose.address === undefined ? "" : addressText(goose.address),
        times: `${goose.minMs} to ${goose.maxMs} ms`,
      },
    ];
  }
}

/** Names of what is true. */
function words(of: object): string {
  const all = Object.entries(of).flatMap(([name, is]) => (is === true ? [name] : []));
  return all.join(" ");
}

/** "MTR/MMXU1.PhV.phsA.cVal.mag.f[MX]". */
export function memberText({ ldInst, prefix, lnClass, lnInst, doName, daName, fc }: Member): string {
  const path = [nodeName({ prefix, lnClass, inst: lnInst }), doName, daName].filter((part) => part !== undefined);
  return `${ldInst}/${path.join(".")}[${fc}]`;
}

/** "01-0C-CD-01-00-01 APPID 0001 VLAN 0 priority 4". */
export function addressText({ mac, appId, vlan }: EthernetAddress): string {
  const hexadecimal = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, "0");
  const octets = [...mac].map((octet) => hexadecimal(octet, 2)).join("-");
  const tag = vlan === undefined ? "" : ` VLAN ${vlan.id} priority ${vlan.priority}`;
  return `${octets} APPID ${hexadecimal(appId, 4)}${tag}`;
}
