/** A model for reports and controls: four indications, a counter and a text that can be long, and an output of each way to be controlled. */
import type { BasicType } from "#protocol/iec61850/model/basic-type.ts";
import type { FunctionalConstraint } from "#protocol/iec61850/model/functional-constraint.ts";
import type {
  Attribute,
  DataObject,
  Edition,
  Ied,
  Leaf,
  LogicalNode,
  Member,
  ReportControl,
  Structure,
} from "#protocol/iec61850/model/ied.ts";

export interface ReportIedOptions {
  readonly edition?: Edition;
  readonly reports?: readonly (Partial<ReportControl> & { readonly name: string })[];
}

const control: ReportControl = {
  name: "",
  buffered: false,
  dataSet: "IO",
  rptId: undefined,
  configRevision: 1,
  bufferMs: 0,
  integrityMs: 0,
  triggers: {
    dataChange: true,
    qualityChange: true,
    dataUpdate: true,
    integrity: true,
    generalInterrogation: true,
  },
  fields: {
    sequenceNumber: true,
    timeStamp: true,
    reason: true,
    dataSet: true,
    dataReference: false,
    bufferOverflow: true,
    entryId: true,
    configRevision: true,
  },
  instances: 2,
  indexed: true,
};

export const usualReports = [{ name: "urcb" }, { name: "brcb", buffered: true }] as const;

const changes = { triggers: { dataChange: true } } as const;

export function reportIed({ edition = "2", reports = usualReports }: ReportIedOptions = {}): Ied {
  let leaves = 0;
  const leaf = (name: string, fc: FunctionalConstraint, type: BasicType, more: Partial<Leaf> = {}): Leaf => ({
    kind: "leaf",
    name,
    fc,
    type,
    triggers: {},
    index: leaves++,
    ...more,
  });
  const structure = (name: string, fields: readonly Attribute[]): Structure => ({
    kind: "structure",
    name,
    fc: "CO",
    triggers: {},
    fields,
  });
  const object = (name: string, cdc: string, attributes: readonly Attribute[]): DataObject => ({
    kind: "object",
    name,
    cdc,
    attributes,
    objects: [],
  });
  const quality = (): Leaf => leaf("q", "ST", "Quality", { triggers: { qualityChange: true } });
  const status = (): Attribute[] => [leaf("stVal", "ST", "BOOLEAN", changes), quality(), leaf("t", "ST", "Timestamp")];
  const operated = (name: string): Structure =>
    structure(name, [
      leaf("ctlVal", "CO", "BOOLEAN"),
      structure("origin", [leaf("orCat", "CO", "Enum"), leaf("orIdent", "CO", "Octet64")]),
      leaf("ctlNum", "CO", "INT8U"),
      leaf("T", "CO", "Timestamp"),
      leaf("Test", "CO", "BOOLEAN"),
      ...(name === "Cancel" ? [] : [leaf("Check", "CO", "Check")]),
    ]);
  const output = (number: number): DataObject =>
    object(`SPCSO${number}`, "SPC", [
      ...status(),
      leaf("ctlModel", "CF", "Enum", { initial: number }),
      leaf("sboTimeout", "CF", "INT32U", { initial: 5000 }),
      leaf("sboClass", "CF", "Enum"),
      leaf("operTimeout", "CF", "INT32U", { initial: 2000 }),
      ...(number === 2 ? [leaf("SBO", "CO", "VisString129")] : []),
      ...(number === 4 ? [operated("SBOw")] : []),
      operated("Oper"),
      operated("Cancel"),
    ]);
  const node = (lnClass: string, objects: readonly DataObject[], more: Partial<LogicalNode> = {}): LogicalNode => ({
    prefix: "",
    lnClass,
    inst: "1",
    objects,
    dataSets: [],
    reports: [],
    gooses: [],
    ...more,
  });
  const member = (lnClass: string, doName: string, daName?: string): Member => ({
    ldInst: "MTR",
    prefix: "",
    lnClass,
    lnInst: "1",
    doName,
    daName,
    fc: "ST",
  });
  const indications = [1, 2, 3, 4].map((number) => `Ind${number}`);
  const all: ReportControl[] = reports.map((one) => ({ ...control, ...one }));
  const dataSets = [
    { name: "IO", members: indications.map((name) => member("GGIO", name)) },
    { name: "States", members: indications.map((name) => member("GGIO", name, "stVal")) },
    { name: "Energy", members: [member("MMTR", "TotWh")] },
    {
      name: "Long",
      members: ["Text1", "Text2", "Text3", "Text4"].map((name) => member("GGIO", name)),
    },
  ];
  const nodes = [
    node("LLN0", [object("Beh", "ENS", [leaf("stVal", "ST", "Enum")])], { inst: "", dataSets, reports: all }),
    node("MMTR", [
      object("TotWh", "BCR", [
        leaf("actVal", "ST", "INT64", changes),
        leaf("frVal", "ST", "INT64", { triggers: { dataUpdate: true } }),
        leaf("frTm", "ST", "Timestamp"),
        quality(),
      ]),
    ]),
    node("GGIO", [
      ...indications.map((name) => object(name, "SPS", status())),
      ...["Text1", "Text2", "Text3", "Text4"].map((name) =>
        object(name, "VSS", [leaf("stVal", "ST", "VisString255", changes), leaf("t", "ST", "Timestamp")]),
      ),
      ...[1, 2, 3, 4].map(output),
    ]),
  ];
  return {
    name: "JEM01",
    edition,
    manufacturer: "example",
    type: "reports",
    configVersion: "1",
    devices: [{ inst: "MTR", domain: "JEM01MTR", nodes }],
    leaves,
  };
}

/** The number of a leaf, "GGIO1.Ind1.stVal". */
export function leafNumber(ied: Ied, path: string): number {
  const [nodeOf, object, ...names] = path.split(".");
  const found = ied.devices
    .flatMap(({ nodes }) => nodes)
    .find(({ prefix, lnClass, inst }) => `${prefix}${lnClass}${inst}` === nodeOf)
    ?.objects.find(({ name }) => name === object)
    ?.attributes.find(({ name }) => name === names.join("."));
  if (found?.kind !== "leaf") throw new Error(`no leaf ${path}`);
  return found.index;
}
