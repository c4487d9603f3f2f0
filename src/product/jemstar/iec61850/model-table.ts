/** The model as tables of a document: a line for each data object, and a line for each common data class with what it has of it here. */
import { nodeName, type Attribute, type DataObject, type Ied } from "#protocol/iec61850/model/ied.ts";
import { energyRows, measuredRows, statisticRows } from "./object-table.ts";

/** What is no measurement, in words. */
const words: Readonly<Record<string, string>> = {
  Mod: "on; nobody writes it",
  Beh: "on",
  Health: "ok; warning: a condition wants looking after; alarm: diagnostics have found a failure",
  PhyHealth: "as Health",
  PhyNam: "IED properties",
  Proxy: "false",
  NumPwrUp: "outages since it was made",
  PwrSupAlm: "auxiliary power is lost",
  ClcTotVA: "vector sum",
  PFSign: "IEC: that of active power",
  VaStr: "any of the following",
  DipStr: "a trigger that records sags is in alarm",
  SwlStr: "the same of swells",
  IntrStr: "the same of interruptions",
  AffPhs: "of the last of them that has ended",
  VVa: "its least volts, of a swell its largest",
  VVaTm: "how long it lasted",
  RcdMade: "there are recordings on the shelf",
  FltNum: "how many",
  ChNum1: "the channel's number",
  ChTrg: "a trigger that looks at the channel is in alarm",
  HA: "harmonics of the last block, by order from 0",
  HPhV: "the same of the volts",
  HPPV: "the same of the volts",
  TmSrc: "what keeps the clock: ntp, crystal, line",
  TmSrcTyp: "SNTP, or unknown",
  TmSyn: "global while a time server keeps it, else internal",
};

const statistics: Readonly<Record<string, string>> = { Av: "average", Max: "largest", Min: "least" };

function whatIs(node: string, { name, objects }: DataObject): string {
  const lnClass = /([A-Z]{4})\d*$/.exec(node)?.[1] ?? "";
  const measures = measuredRows(true)
    .filter(
      (row) => row[0] === lnClass && row[1] === name && (row[2] === "" || objects.some((one) => one.name === row[2])),
    )
    .map(([, , , measure]) => `\`${measure}\``);
  if (measures.length > 0) return measures.join(" ");
  const energy = energyRows.find(([one]) => one === name);
  if (energy !== undefined) return `\`${energy[1]}\``;
  const [, kind = "", of] = /^(Av|Max|Min)(.+)$/.exec(name) ?? [];
  const statistic = lnClass === "MSTA" ? statisticRows.find(([one]) => one === of) : undefined;
  if (statistic !== undefined) return `${statistics[kind]} of \`${statistic[1]}\``;
  const [, what, channel] = /^(Ind|SPCSO)(\d)$/.exec(name) ?? [];
  if (what !== undefined) return `${what === "Ind" ? "channel" : "operates channel"} ${channel}`;
  return words[name] ?? "";
}

/** Those that every node has are told once. */
const common = new Set(["NamPlt", "Beh", "Health", "Mod"]);

export function modelTable(ied: Ied): readonly string[] {
  const lines = ied.devices.flatMap(({ nodes }) =>
    nodes.flatMap((node) => {
      const name = nodeName(node);
      const own = node.objects.filter((one) => node.lnClass === "LLN0" || !common.has(one.name));
      return own.map((one) => `| ${name} | ${one.name} | ${one.cdc} | ${partsOf(one)} | ${whatIs(name, one)} |`);
    }),
  );
  return ["| node | data object | class | parts | is |", "|---|---|---|---|---|", ...lines];
}

function partsOf({ objects, attributes }: DataObject): string {
  const arrays = attributes.flatMap((one) =>
    one.kind === "array" && one.fc === "MX" ? [`${one.name}[${one.items.length}]`] : [],
  );
  return [...objects.map(({ name }) => name), ...arrays].join(" ");
}

/** Attributes of each class as they are here, by functional constraint; that of an object in another behind it. */
export function classTable(ied: Ied): readonly string[] {
  const found = new Map<string, Map<string, Set<string>>>();
  const take = (object: DataObject): void => {
    const classes = found.get(object.cdc) ?? new Map<string, Set<string>>();
    found.set(object.cdc, classes);
    for (const attribute of object.attributes) {
      if (attribute.kind === "array") continue;
      const names = classes.get(attribute.fc) ?? new Set<string>();
      classes.set(attribute.fc, names);
      for (const name of namesOf(attribute)) names.add(name);
    }
    object.objects.forEach(take);
  };
  for (const { nodes } of ied.devices) for (const { objects } of nodes) objects.forEach(take);
  const lines = [...found]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([cdc, byConstraint]) => {
      const attributes = [...byConstraint].map(([fc, names]) => `${fc}: ${[...names].join(" ")}`);
      return `| ${cdc} | ${attributes.join("; ")} |`;
    });
  return ["| class | attributes |", "|---|---|", ...lines];
}

function namesOf(attribute: Attribute): readonly string[] {
  if (attribute.kind === "leaf") return [attribute.name];
  if (attribute.kind === "array") return [];
  // Whatever is written as a whole is one thing.
  if (attribute.fc === "CO") return [attribute.name];
  return attribute.fields.flatMap((one) => namesOf(one).map((name) => `${attribute.name}.${name}`));
}
