/**
 * Models of IEDs as SCL files (IEC 61850-6): what an IED can do (ICD), or how one is set up (CID). Models of the editions 2 and 2.1 are
 * written by the schema 2007B4, of the first by 1.7. Nothing private is written.
 */
import { xmlDocument, type XmlNode } from "#io/xml.ts";
import type {
  Edition,
  EthernetAddress,
  GooseControl,
  Ied,
  LogicalDevice,
  LogicalNode,
  Member,
  ReportControl,
} from "#protocol/iec61850/model/ied.ts";
import { SCL_NAMESPACE } from "./elements.ts";
import { valuesOf } from "./instance-values.ts";
import { TypeTemplates } from "./type-templates.ts";

/** What a server can be asked and told, as configuration tools want to know it (Services). */
export interface SclServices {
  /** Associations at once. */
  readonly clients: number;
  /** Data sets in the file, and those that clients may make; members of one. */
  readonly dataSets: { readonly configured: number; readonly dynamic: number; readonly members: number };
  readonly reports: number;
  readonly gooses: number;
}

export interface SclOptions {
  /** Of an ICD the IED's name is TEMPLATE: it is given one when it gets its place. */
  readonly kind: "icd" | "cid";
  readonly services: SclServices;
  readonly header?: { readonly id?: string; readonly version?: string; readonly revision?: string };
  readonly description?: string;
  /** What a client needs to reach it (P): "IP", "OSI-TSEL". */
  readonly address?: ReadonlyMap<string, string>;
  readonly accessPoint?: string;
  readonly subNetwork?: string;
  /** Clients show a password (ACSE). */
  readonly password?: boolean;
}

/** How the manual's meter is: eight data sets of 50 members, 12 reports of each kind (Appendix E). */
export const usualServices: SclServices = {
  clients: 1,
  dataSets: { configured: 8, dynamic: 8, members: 50 },
  reports: 24,
  gooses: 1,
};

/** The IED of an ICD. */
export const TEMPLATE = "TEMPLATE";
const SERVER_TIMEOUT_S = 30;

export function writeScl(ied: Ied, options: SclOptions): string {
  const { header = {}, kind, description } = options;
  const isFirst = ied.edition === "1";
  const name = kind === "icd" ? TEMPLATE : ied.name;
  const types = new TypeTemplates(ied);
  const access = serverOf(ied, types, options);
  return xmlDocument({
    name: "SCL",
    attributes: { xmlns: SCL_NAMESPACE, ...(isFirst ? {} : { version: "2007", revision: "B", release: 4 }) },
    content: [
      {
        name: "Header",
        attributes: {
          id: header.id ?? name,
          version: header.version ?? "1",
          revision: header.revision ?? "0",
          toolID: "Polyphase",
          nameStructure: "IEDName",
        },
      },
      communication(ied, name, options),
      {
        name: "IED",
        attributes: {
          name,
          desc: description || undefined,
          type: ied.type,
          manufacturer: ied.manufacturer,
          configVersion: ied.configVersion,
          ...originalSchemas[ied.edition],
        },
        content: [services(options.services, isFirst), access],
      },
      types.document(),
    ],
  });
}

/** The schema of the file that a meter of an edition is described by. */
const originalSchemas: Readonly<Record<Edition, Readonly<Record<string, string | number>>>> = {
  "1": {},
  "2": { originalSclVersion: "2007", originalSclRevision: "B", originalSclRelease: 1 },
  "2.1": { originalSclVersion: "2007", originalSclRevision: "B", originalSclRelease: 4 },
};

const empty = (...names: readonly string[]): readonly XmlNode[] => names.map((name) => ({ name }));

function services({ clients, dataSets, reports, gooses }: SclServices, isFirst: boolean): XmlNode {
  const members = dataSets.members;
  const later = <T>(one: T): T | undefined => (isFirst ? undefined : one);
  return {
    name: "Services",
    attributes: { nameLength: later(64) },
    content: [
      { name: "DynAssociation", attributes: { max: later(clients) } },
      ...empty("GetDirectory", "GetDataObjectDefinition", "DataObjectDirectory", "GetDataSetValue", "DataSetDirectory"),
      { name: "ConfDataSet", attributes: { max: dataSets.configured, maxAttributes: members, modify: true } },
      dataSets.dynamic === 0
        ? undefined
        : { name: "DynDataSet", attributes: { max: dataSets.dynamic, maxAttributes: members } },
      ...empty("ReadWrite"),
      { name: "ConfReportControl", attributes: { max: reports, bufMode: later("both") } },
      ...empty("GetCBValues"),
      {
        name: "ReportSettings",
        attributes: {
          cbName: "Conf",
          datSet: "Dyn",
          rptID: "Dyn",
          optFields: "Dyn",
          bufTime: "Dyn",
          trgOps: "Dyn",
          intgPd: "Dyn",
          resvTms: later(true),
        },
      },
      { name: "GSESettings", attributes: { cbName: "Conf", datSet: "Conf", appID: "Conf" } },
      { name: "GOOSE", attributes: { max: gooses } },
      ...empty("FileHandling"),
      { name: "ConfLNs", attributes: { fixPrefix: true, fixLnInst: true } },
    ],
  };
}

function serverOf(ied: Ied, types: TypeTemplates, { accessPoint = "AP1", password }: SclOptions): XmlNode {
  const devices = ied.devices.map((device) => deviceOf(ied, device, types));
  const authentication = { name: "Authentication", attributes: { none: true, password } };
  const server = { name: "Server", attributes: { timeout: SERVER_TIMEOUT_S }, content: [authentication, ...devices] };
  return { name: "AccessPoint", attributes: { name: accessPoint }, content: [server] };
}

function deviceOf(ied: Ied, { inst, domain, nodes }: LogicalDevice, types: TypeTemplates): XmlNode {
  const ldName = domain === `${ied.name}${inst}` ? undefined : domain;
  const content = nodes.map((node, k) => nodeOf(node, k === 0, ied.edition, types));
  return { name: "LDevice", attributes: { inst, ldName }, content };
}

function nodeOf(node: LogicalNode, isFirst: boolean, edition: Edition, types: TypeTemplates): XmlNode {
  const { prefix, lnClass, inst, objects, dataSets, reports, gooses } = node;
  return {
    name: isFirst ? "LN0" : "LN",
    attributes: { prefix: prefix || undefined, lnClass, inst, lnType: types.nodeType(node) },
    content: [
      ...dataSets.map(({ name, members }) => ({
        name: "DataSet",
        attributes: { name },
        content: members.map(memberOf),
      })),
      ...reports.map((report) => reportOf(report, edition)),
      ...objects.map(valuesOf),
      ...gooses.map((goose) => gooseOf(goose, edition)),
    ],
  };
}

function memberOf({ ldInst, prefix, lnClass, lnInst, doName, daName, fc }: Member): XmlNode {
  const attributes = { ldInst, prefix: prefix || undefined, lnClass, lnInst: lnInst || undefined, doName, daName, fc };
  return { name: "FCDA", attributes };
}

/** What the first schema has no word for is written only where it is not as every reader takes it. */
function reportOf(report: ReportControl, edition: Edition): XmlNode {
  const { triggers, fields, buffered } = report;
  const unless = (value: boolean, usual: boolean): boolean | undefined =>
    edition === "1" && value === usual ? undefined : value;
  return {
    name: "ReportControl",
    attributes: {
      name: report.name,
      rptID: report.rptId,
      datSet: report.dataSet,
      confRev: report.configRevision,
      buffered,
      bufTime: report.bufferMs,
      intgPd: report.integrityMs,
      indexed: unless(report.indexed, true),
    },
    content: [
      {
        name: "TrgOps",
        attributes: {
          dchg: triggers.dataChange,
          qchg: triggers.qualityChange,
          dupd: triggers.dataUpdate,
          period: triggers.integrity,
          gi: unless(triggers.generalInterrogation, true),
        },
      },
      {
        name: "OptFields",
        attributes: {
          seqNum: fields.sequenceNumber,
          timeStamp: fields.timeStamp,
          dataSet: fields.dataSet,
          reasonCode: fields.reason,
          dataRef: fields.dataReference,
          entryID: fields.entryId,
          configRef: fields.configRevision,
          bufOvfl: unless(fields.bufferOverflow, buffered),
        },
      },
      { name: "RptEnabled", attributes: { max: report.instances } },
    ],
  };
}

function gooseOf({ name, dataSet, configRevision, goId, fixedOffsets }: GooseControl, edition: Edition): XmlNode {
  return {
    name: "GSEControl",
    attributes: {
      name,
      datSet: dataSet,
      confRev: configRevision,
      appID: goId,
      type: "GOOSE",
      fixedOffs: edition === "1" && !fixedOffsets ? undefined : fixedOffsets,
    },
  };
}

function communication(
  { devices }: Ied,
  iedName: string,
  { address = new Map(), accessPoint: apName = "AP1", subNetwork = "StationBus" }: SclOptions,
): XmlNode | undefined {
  const published = devices.flatMap(({ inst, nodes }) =>
    nodes.flatMap(({ gooses }) => gooses.map((goose) => publishedOf(inst, goose))),
  );
  if (published.length === 0 && address.size === 0) return undefined;
  const content = [address.size === 0 ? undefined : addressNode([...address]), ...published];
  const point = { name: "ConnectedAP", attributes: { iedName, apName }, content };
  const network = { name: "SubNetwork", attributes: { name: subNetwork, type: "8-MMS" }, content: [point] };
  return { name: "Communication", content: [network] };
}

function addressNode(parts: readonly (readonly [type: string, text: string])[]): XmlNode {
  return { name: "Address", content: parts.map(([type, content]) => ({ name: "P", attributes: { type }, content })) };
}

function publishedOf(ldInst: string, { name: cbName, address, minMs, maxMs }: GooseControl): XmlNode {
  const time = (name: string, ms: number): XmlNode => ({
    name,
    attributes: { unit: "s", multiplier: "m" },
    content: String(ms),
  });
  return {
    name: "GSE",
    attributes: { ldInst, cbName },
    content: [
      address === undefined ? undefined : addressNode(ethernetParts(address)),
      time("MinTime", minMs),
      time("MaxTime", maxMs),
    ],
  };
}

function ethernetParts({ mac, appId, vlan }: EthernetAddress): readonly (readonly [type: string, text: string])[] {
  const hexadecimal = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, "0");
  return [
    ["MAC-Address", [...mac].map((octet) => hexadecimal(octet, 2)).join("-")],
    ["APPID", hexadecimal(appId, 4)],
    ...(vlan === undefined
      ? []
      : ([
          ["VLAN-ID", hexadecimal(vlan.id, 3)],
          ["VLAN-PRIORITY", String(vlan.priority)],
        ] as const)),
  ];
}
