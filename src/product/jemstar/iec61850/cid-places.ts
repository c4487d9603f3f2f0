/** Where in a CID stands what a meter does not take of it: problems are told by the keys of a configuration, which nobody has who has a CID. */
import { all, first, given } from "#protocol/iec61850/scl/elements.ts";
import type { Problem } from "#protocol/iec61850/scl/problems.ts";
import type { SclFile } from "#protocol/iec61850/scl/read.ts";
import { placeOfValue } from "#protocol/iec61850/scl/value-place.ts";
import { properties } from "./section.ts";

type XmlElement = NonNullable<SclFile["root"]>;

/** A problem as a configuration has it, "iec61850.reports[3].instances: expected …", or of a logical node: "MMXU1.PhV.q[MX]: …". */
type Told = string;

/** What lists of a configuration are called, and how each is called in a file. */
const kinds = { dataSets: "DataSet", reports: "ReportControl", goose: "GSEControl" } as const;
type List = keyof typeof kinds;

/** Keys of a configuration by what SCL calls them; those that are no attribute of the block have the element that they stand in. */
const called: Readonly<Record<string, { readonly as: string; readonly element?: string }>> = {
  dataSet: { as: "datSet" },
  rptId: { as: "rptID" },
  configRevision: { as: "confRev" },
  bufferMs: { as: "bufTime" },
  integrityMs: { as: "intgPd" },
  instances: { as: "RptEnabled max", element: "RptEnabled" },
  goId: { as: "appID" },
  mac: { as: "MAC-Address", element: "P MAC-Address" },
  appId: { as: "APPID", element: "P APPID" },
  "vlan.id": { as: "VLAN-ID", element: "P VLAN-ID" },
  "vlan.priority": { as: "VLAN-PRIORITY", element: "P VLAN-PRIORITY" },
  minMs: { as: "MinTime", element: "MinTime" },
  maxMs: { as: "MaxTime", element: "MaxTime" },
};

/** The lists of a configuration, as far as there are any. */
type Lists = Readonly<Partial<Record<List, readonly { readonly name: string }[]>>> & {
  readonly deadbands?: readonly { readonly of: string }[];
};

/** The elements of one IED of a file; `lists` are what became of it as a configuration. */
export class CidPlaces {
  readonly #root: XmlElement;
  readonly #ied: XmlElement;
  readonly #devices: readonly XmlElement[];
  readonly #nodes: readonly XmlElement[];
  readonly #lists: Lists;

  constructor(root: XmlElement, name: string, lists: Lists) {
    this.#root = root;
    this.#ied = all(root, "IED").find((one) => given(one, "name") === name) ?? root;
    this.#devices = all(this.#ied, "AccessPoint")
      .flatMap((point) => all(point, "Server"))
      .flatMap((server) => all(server, "LDevice"));
    this.#nodes = this.#devices.flatMap((device) => [...all(device, "LN0"), ...all(device, "LN")]);
    this.#lists = lists;
  }

  problem(told: Told): Problem {
    const { at, words } = this.#found(told);
    return { line: at.line, column: at.column, kind: "error", words };
  }

  #found(told: Told): { readonly at: XmlElement; readonly words: string } {
    const [, list, index, key = "", rest = ""] =
      /^iec61850\.(dataSets|reports|goose)(?:\[(\d+)\])?\.?([\w.]*)(.*)$/s.exec(told) ?? [];
    const [, band, of = ""] = /^iec61850\.deadbands\[(\d+)\]\.(?:of|db)(: .*)$/s.exec(told) ?? [];
    const banded = this.#lists.deadbands?.[Number(band)];
    if (banded !== undefined) return this.#found(`${banded.of}.db${of}`);
    const [, property = "", why = ""] = /^iec61850\.properties\.(\w+)(: .*)$/s.exec(told) ?? [];
    if (Object.hasOwn(properties, property)) {
      const path = properties[property as keyof typeof properties];
      return { at: this.#of(path), words: `${path}${why}` };
    }
    if (list === undefined) return { at: this.#of(told), words: told.replace(/^iec61850\./, "") };
    const kind = kinds[list as List];
    const name = this.#lists[list as List]?.[Number(index)]?.name;
    const block = this.#nodes.flatMap((node) => all(node, kind)).find((one) => given(one, "name") === name);
    if (block === undefined) return { at: this.#nodeNamed("LLN0") ?? this.#ied, words: `${kind}${key}${rest}` };
    const where = `${kind} ${name}: `;
    const member = /^\[(\d+)\](.*)$/s.exec(rest);
    if (key === "members" && member !== null)
      return { at: all(block, "FCDA")[Number(member[1])] ?? block, words: `${where}FCDA${member[2]}` };
    const { as = key, element = "" } = Object.hasOwn(called, key) ? (called[key] ?? {}) : {};
    return { at: this.#within(block, element) ?? block, words: `${where}${as}${rest}` };
  }

  /** What is said of an attribute, "LPHD1.PhyNam.location: …", where it has its value; of a logical device, or of nothing in particular. */
  #of(told: Told): XmlElement {
    const [, inst] = /^LDevice (\w+): /.exec(told) ?? [];
    if (inst !== undefined) return this.#devices.find((one) => given(one, "inst") === inst) ?? this.#ied;
    const [, node = "", path = ""] = /^(\w+)\.([\w.()]*)/.exec(told) ?? [];
    const at = this.#nodeNamed(/^\w+(?=:)/.exec(told)?.[0] ?? node);
    return at === undefined ? this.#ied : (placeOfValue(this.#root, at, path) ?? at);
  }

  #nodeNamed(name: string): XmlElement | undefined {
    const nameOf = (node: XmlElement): string =>
      `${given(node, "prefix")}${given(node, "lnClass")}${given(node, "inst")}`;
    return this.#nodes.find((node) => nameOf(node) === name);
  }

  /** What a control block has within it, or where it is published. */
  #within(block: XmlElement, element: string): XmlElement | undefined {
    if (element === "RptEnabled") return first(block, element);
    const published = all(first(this.#root, "Communication"), "SubNetwork")
      .flatMap((network) => all(network, "ConnectedAP"))
      .filter((point) => given(point, "iedName") === given(this.#ied, "name"))
      .flatMap((point) => all(point, "GSE"))
      .find((one) => given(one, "cbName") === given(block, "name"));
    const [name = "", type] = element.split(" ");
    return type === undefined
      ? first(published, name)
      : all(first(published, "Address"), name).find((one) => given(one, "type") === type);
  }
}
