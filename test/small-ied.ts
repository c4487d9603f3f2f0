/** A model that fits on a page: one logical device "JEM01MTR" with a measurement, an array, an indication and what can be set. */
import type { BasicType } from "#protocol/iec61850/model/basic-type.ts";
import type { FunctionalConstraint } from "#protocol/iec61850/model/functional-constraint.ts";
import type {
  Attribute,
  DataObject,
  DataSet,
  Ied,
  Leaf,
  LogicalNode,
  Structure,
} from "#protocol/iec61850/model/ied.ts";

export function smallIed(): Ied {
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
  const structure = (name: string, fc: FunctionalConstraint, fields: readonly Attribute[]): Structure => ({
    kind: "structure",
    name,
    fc,
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
  const magnitude = (): Structure => ({
    ...structure("mag", "MX", [leaf("f", "MX", "FLOAT32")]),
    triggers: { dataChange: true },
  });
  const node = (lnClass: string, inst: string, objects: readonly DataObject[]): LogicalNode => ({
    prefix: "",
    lnClass,
    inst,
    objects,
    dataSets: [],
    reports: [],
    gooses: [],
  });
  const measured = object("TotW", "MV", [
    magnitude(),
    leaf("q", "MX", "Quality", { triggers: { qualityChange: true } }),
    leaf("t", "MX", "Timestamp"),
    structure("units", "CF", [leaf("SIUnit", "CF", "Enum"), leaf("multiplier", "CF", "Enum")]),
    leaf("db", "CF", "INT32U", { writable: true }),
    leaf("zeroDb", "CF", "INT32U", { writable: true }),
    leaf("d", "DC", "VisString255", { writable: true }),
  ]);
  const harmonics = object("HA", "HWYE", [
    {
      kind: "array",
      name: "phsAHar",
      fc: "MX",
      triggers: {},
      items: [0, 1, 2, 3].map(() => structure("phsAHar", "MX", [magnitude(), leaf("q", "MX", "Quality")])),
    },
  ]);
  const member = { ldInst: "MTR", prefix: "", lnClass: "MMXU", lnInst: "1", doName: "TotW", fc: "MX" } as const;
  const dataSets: readonly DataSet[] = [
    {
      name: "Power",
      members: [
        { ...member, daName: "mag.f" },
        { ...member, daName: "q" },
      ],
    },
    { name: "All", members: [member] },
  ];
  const nodes = [
    { ...node("LLN0", "", [object("Beh", "ENS", [leaf("stVal", "ST", "Enum")])]), dataSets },
    node("MMXU", "1", [measured]),
    node("MHAI", "1", [harmonics]),
    node("GGIO", "1", [
      object("Ind1", "SPS", [
        leaf("stVal", "ST", "BOOLEAN", { triggers: { dataChange: true } }),
        leaf("q", "ST", "Quality"),
      ]),
    ]),
  ];
  return {
    name: "JEM01",
    edition: "2.1",
    manufacturer: "example",
    type: "small",
    configVersion: "1",
    devices: [{ inst: "MTR", domain: "JEM01MTR", nodes }],
    leaves,
  };
}

/** Numbers of the leaves. */
export const leafOf = { power: 0, powerQuality: 1, powerTime: 2, firstHarmonic: 8, ind1: 17 } as const;
