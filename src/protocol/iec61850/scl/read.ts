/**
 * SCL files as models of IEDs: ICD, IID, CID, SCD of the schemas 1.7 (2003), 2007A, 2007B and 2007B4 (IEC 61850-6). Files of others are
 * taken as they are: what is not as it should be is a problem with its line, and the rest is read.
 */
import { limits } from "#quantity/limits.ts";
import { parseXml, XmlError, type XmlElement } from "#io/xml.ts";
import {
  nodeName,
  type Edition,
  type Ied,
  type LogicalDevice,
  type LogicalNode,
} from "#protocol/iec61850/model/ied.ts";
import { checkMembers, type NodeSets } from "./check-members.ts";
import { checkNames } from "./check-names.ts";
import { checkStructure } from "./check-structure.ts";
import { collapsed } from "./collapse.ts";
import { dataSetsOf, goosesOf, Publishing, reportsOf } from "./control-blocks.ts";
import { all, first, given, SCL_NAMESPACE } from "./elements.ts";
import { Instance } from "./instance.ts";
import { Problems, type Problem } from "./problems.ts";
import { Templates, TooMuch } from "./templates.ts";

/** An IED of a file. One without a server has no devices: it only asks others. */
export interface SclIed {
  readonly ied: Ied;
  readonly description: string;
  /** What a client needs to reach it (P of its access points): "IP", "OSI-TSEL". */
  readonly address: ReadonlyMap<string, string>;
  readonly line: number;
}

export interface SclFile {
  /** Undefined where the file is no SCL at all. */
  readonly root: XmlElement | undefined;
  /** "1.7" is taken for what says nothing; "2007B4". */
  readonly schema: string;
  readonly header: { readonly id: string; readonly version: string; readonly revision: string };
  readonly ieds: readonly SclIed[];
  readonly problems: readonly Problem[];
}

const nothing = { root: undefined, schema: "", header: { id: "", version: "", revision: "" }, ieds: [] };

/** Of a file, or of its text. Never throws: what cannot be read at all has one problem. */
export function readScl(document: Uint8Array | string): SclFile {
  const problems = new Problems();
  try {
    const root = collapsed(parseXml(document, limits.scl));
    if (root.name !== "SCL" || root.namespace !== SCL_NAMESPACE) {
      problems.error(root, `expected SCL of the namespace ${SCL_NAMESPACE}, found ${root.name}`);
      return { ...nothing, problems: problems.list() };
    }
    checkStructure(root, problems);
    checkNames(root, problems);
    return { ...fileOf(root, problems), root, problems: problems.list() };
  } catch (error) {
    if (error instanceof XmlError) problems.error(error, error.message);
    else if (error instanceof TooMuch) problems.error(error.at, error.message);
    else throw error;
    return { ...nothing, problems: problems.list() };
  }
}

function fileOf(root: XmlElement, problems: Problems): Omit<SclFile, "root" | "problems"> {
  const header = first(root, "Header");
  const templates = new Templates(first(root, "DataTypeTemplates"), problems);
  const communication = first(root, "Communication");
  const ofFile = editionOf(root);
  return {
    schema: `${given(root, "version") || "1.7"}${given(root, "revision")}${given(root, "release")}`,
    header: { id: given(header, "id"), version: given(header, "version"), revision: given(header, "revision") },
    ieds: all(root, "IED").map((element) => iedOf(element, { templates, communication, ofFile, problems })),
  };
}

interface File {
  readonly templates: Templates;
  readonly communication: XmlElement | undefined;
  readonly ofFile: Edition;
  readonly problems: Problems;
}

/** By the schema that a file is of, or that an IED's own file was of. */
export function editionOf(element: XmlElement, prefix: "" | "originalScl" = ""): Edition {
  const part = (name: string): string =>
    given(element, prefix === "" ? name : `${prefix}${name.replace(/^./, (letter) => letter.toUpperCase())}`);
  if (!(Number(part("version")) >= 2007)) return "1";
  return part("revision") >= "C" || (part("revision") === "B" && Number(part("release")) >= 4) ? "2.1" : "2";
}

function iedOf(element: XmlElement, file: File): SclIed {
  const { templates, communication, problems } = file;
  const name = given(element, "name");
  templates.leaves = 0;
  const publishing = new Publishing(communication, name);
  const servers = all(element, "AccessPoint").flatMap((point) => all(point, "Server"));
  const sets: NodeSets[] = [];
  const devices = servers
    .flatMap((server) => all(server, "LDevice"))
    .map((device) => deviceOf(device, { ...file, publishing, ied: name, sets }));
  checkMembers(devices, sets, problems);
  return {
    ied: {
      name,
      edition: element.attributes.has("originalSclVersion") ? editionOf(element, "originalScl") : file.ofFile,
      manufacturer: given(element, "manufacturer"),
      type: given(element, "type"),
      configVersion: given(element, "configVersion"),
      devices,
      leaves: templates.leaves,
    },
    description: given(element, "desc"),
    address: addressOf(communication, name),
    line: element.line,
  };
}

function addressOf(communication: XmlElement | undefined, ied: string): ReadonlyMap<string, string> {
  const parts = all(communication, "SubNetwork")
    .flatMap((network) => all(network, "ConnectedAP"))
    .filter((point) => given(point, "iedName") === ied)
    .flatMap((point) => all(first(point, "Address"), "P"));
  return new Map(parts.toReversed().map((part) => [given(part, "type"), part.text.trim()]));
}

interface Within extends File {
  readonly ied: string;
  readonly publishing: Publishing;
  readonly sets: NodeSets[];
}

function deviceOf(element: XmlElement, within: Within): LogicalDevice {
  const inst = given(element, "inst");
  const nodes = [...all(element, "LN0"), ...all(element, "LN")].map((node) => nodeOf(node, inst, within));
  if (nodes[0]?.lnClass !== "LLN0") within.problems.error(element, `${inst}: expected LN0 with lnClass LLN0`);
  return { inst, domain: given(element, "ldName", `${within.ied}${inst}`), nodes };
}

function nodeOf(element: XmlElement, ldInst: string, within: Within): LogicalNode {
  const { templates, problems, publishing } = within;
  const facts = {
    prefix: given(element, "prefix"),
    lnClass: given(element, "lnClass"),
    inst: given(element, "inst"),
  };
  const where = `${ldInst}/${nodeName(facts)}`;
  const instances = new Instance(element);
  const objects = templates.objects(element, where, instances);
  for (const one of instances.unasked())
    problems.warn(one, `${where}: its type has no ${given(one, "name")}, which ${one.name} speaks of`);
  const sets = dataSetsOf(element, ldInst, where, problems);
  const node: LogicalNode = {
    ...facts,
    objects,
    dataSets: sets.map(({ set }) => set),
    reports: reportsOf(element),
    gooses: goosesOf(element, ldInst, { publishing, where, problems }),
  };
  within.sets.push({ where, element, node, sets });
  return node;
}
