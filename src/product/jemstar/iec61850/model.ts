/** A JEMStar II as an IED (Appendix E): its logical nodes, by how it is connected and what was ordered. */
import { iedOf, type NodePlan, type ObjectPlan } from "#protocol/iec61850/model/make-ied.ts";
import { namespaceOf, namespaces } from "#protocol/iec61850/model/logical-node-classes.ts";
import type { Edition, Ied } from "#protocol/iec61850/model/ied.ts";
import { controlModels } from "./configuration.ts";
import { factoryGoose, factoryReports, factorySets } from "./factory-sets.ts";
import { gooseOf, reportOf } from "./control-blocks.ts";
import { described, energyObjects, harmonicObjects, measuredObjects, statisticObjects } from "./measured-plans.ts";
import { memberOf } from "./members.ts";
import { channelsOf, type ModelFacts } from "./model-facts.ts";

/** Half a minute, as libraries of clients take it. */
const OPERATE_MS = 30_000;

/** The model with its data sets and control blocks. Members that there are not are left out: who checks a configuration has told of them. */
export function jemstarIed(facts: ModelFacts): Ied {
  const bare = bareIed(facts);
  const { settings } = facts;
  const sets = settings.dataSets ?? factorySets(bare);
  const reports = settings.reports ?? factoryReports(sets);
  const gooses = settings.goose ?? factoryGoose(sets);
  const dataSets = sets.map(({ name, members }) => ({
    name,
    members: members.flatMap((text) => {
      const found = memberOf(text, bare);
      return "wrong" in found ? [] : [found];
    }),
  }));
  const reference = (kind: "RP" | "BR" | "GO", name: string): string =>
    `${settings.name}${settings.device}/LLN0$${kind}$${name}`;
  return {
    ...bare,
    devices: bare.devices.map((device) => ({
      ...device,
      nodes: device.nodes.map((node) =>
        node.lnClass === "LLN0"
          ? {
              ...node,
              dataSets,
              reports: reports.map(reportOf),
              gooses: gooses.map((one) => gooseOf(one, reference("GO", one.name))),
            }
          : node,
      ),
    })),
  };
}

/** The same without data sets and control blocks. */
export function bareIed(facts: ModelFacts): Ied {
  const { settings, identity } = facts;
  const { name, device, edition, configVersion, properties } = settings;
  const isLater = edition !== "1";
  const nodes: readonly (NodePlan | undefined)[] = [
    { lnClass: "LLN0", objects: rootObjects(facts) },
    { lnClass: "LPHD", inst: "1", objects: physicalObjects(facts) },
    node("MMXU", facts, [...described(measuredObjects("MMXU", facts)), ...(isLater ? signs : [])]),
    facts.energies ? node("MMTR", facts, energyObjects()) : undefined,
    node("MSTA", facts, statisticObjects(facts)),
    isWhole("MSQI", facts) ? node("MSQI", facts, described(measuredObjects("MSQI", facts))) : undefined,
    node("MHAI", facts, [...described(measuredObjects("MHAI", facts)), ...harmonicObjects(facts)]),
    isLater && isWhole("MFLK", facts) ? node("MFLK", facts, described(measuredObjects("MFLK", facts))) : undefined,
    isLater && facts.voltageEvents ? node("QVVR", facts, variationObjects()) : undefined,
    ...recorders(facts),
    inputs(facts),
    outputs(facts),
    isLater ? node("LTMS", facts, clockObjects) : undefined,
  ];
  return iedOf({
    name,
    edition,
    manufacturer: properties.manufacturer ?? identity.manufacturer,
    type: properties.modelType ?? identity.title,
    configVersion,
    devices: [{ inst: device, nodes: nodes.filter((one) => one !== undefined) }],
  });
}

/** A class of which what is mandatory is measured: sequences, flicker. */
function isWhole(lnClass: "MSQI" | "MFLK", facts: ModelFacts): boolean {
  const names = measuredObjects(lnClass, facts).map(({ name }) => name);
  return names.some((name) => (lnClass === "MSQI" ? name.startsWith("Seq") : true));
}

const mode: ObjectPlan = { name: "Mod", cdc: "ENC", of: "BehaviourModeKind", control: 0 };
const behaviour: ObjectPlan = { name: "Beh", cdc: "ENS", of: "BehaviourModeKind" };
const health: ObjectPlan = { name: "Health", cdc: "ENS", of: "HealthKind" };

function node(
  lnClass: string,
  facts: ModelFacts,
  objects: readonly ObjectPlan[],
  { prefix = "", inst = "1", d = lnClass } = {},
): NodePlan {
  const lnNs = namespaceOf(lnClass, facts.settings.edition);
  return {
    prefix,
    lnClass,
    inst,
    objects: [namePlate(facts, { d: nodeTitles[lnClass] ?? d, lnNs }), behaviour, health, mode, ...objects],
  };
}

const nodeTitles: Readonly<Record<string, string>> = {
  MMXU: "Measuring for operative purpose",
  MMTR: "Metering for commercial purpose",
  MSTA: "Metering Statistics",
  MSQI: "Sequence components",
  MHAI: "Harmonics",
  MFLK: "Flicker",
  QVVR: "Sags, swells and interruptions",
  RDRE: "Disturbance recorder",
  LTMS: "Time source",
};

function namePlate(
  { settings: { properties }, identity }: ModelFacts,
  {
    d,
    lnNs,
    root,
  }: {
    readonly d: string;
    readonly lnNs?: string | undefined;
    readonly root?: readonly [edition: Edition, revision: string];
  },
): ObjectPlan {
  const values = {
    vendor: properties.manufacturer ?? identity.manufacturer,
    swRev: properties.firmware ?? identity.firmware,
    d,
  };
  if (root !== undefined) {
    const [edition, configRev] = root;
    return {
      name: "NamPlt",
      cdc: "LPL",
      has: ["ldNs", "d", "configRev"],
      values: { ...values, configRev, ldNs: namespaces[edition] },
    };
  }
  return {
    name: "NamPlt",
    cdc: "LPL",
    has: ["d", ...(lnNs === undefined ? [] : ["lnNs"])],
    values: { ...values, lnNs },
  };
}

function rootObjects(facts: ModelFacts): readonly ObjectPlan[] {
  const { settings, identity } = facts;
  const d = settings.properties.identification ?? identity.title;
  return [namePlate(facts, { d, root: [settings.edition, settings.configRevision] }), behaviour, health, mode];
}

/** IED Properties (Appendix E): the station is the location, the device the name, where the edition has one. */
function physicalObjects({ settings: { properties, edition }, identity }: ModelFacts): readonly ObjectPlan[] {
  const later = edition === "1" ? [] : ["name"];
  return [
    {
      name: "PhyNam",
      cdc: "DPL",
      has: ["swRev", "serNum", "model", "location", "d", ...later],
      values: {
        vendor: properties.manufacturer ?? identity.manufacturer,
        swRev: properties.firmware ?? identity.firmware,
        serNum: identity.serial,
        model: properties.modelType ?? identity.modelNumber,
        location: properties.stationId ?? identity.location,
        name: properties.deviceId ?? "",
        d: properties.identification ?? identity.title,
      },
    },
    { name: "PhyHealth", cdc: "ENS", of: "HealthKind" },
    { name: "Proxy", cdc: "SPS" },
    { name: "NumPwrUp", cdc: "INS" },
    { name: "PwrSupAlm", cdc: "SPS" },
  ];
}

/** Apparent power is the vector sum; a power factor has the sign of active power. */
const signs: readonly ObjectPlan[] = [
  { name: "ClcTotVA", cdc: "ENG", of: "STotalCalcMethodKind", values: { setVal: 1 } },
  { name: "PFSign", cdc: "ENG", of: "PFSignKind", values: { setVal: 1 } },
];

function variationObjects(): readonly ObjectPlan[] {
  const plain = ["VaStr", "DipStr", "SwlStr", "IntrStr"].map((name): ObjectPlan => ({ name, cdc: "SPS" }));
  const values = (siUnit: number) => ({ "units.SIUnit": siUnit, "units.multiplier": 0 });
  return [
    ...plain,
    { name: "AffPhs", cdc: "ENS", of: "AffectedPhasesKind" },
    { name: "VVa", cdc: "MV", has: ["units"], values: values(VOLT) },
    { name: "VVaTm", cdc: "MV", has: ["units"], values: values(SECOND) },
  ];
}

const VOLT = 29;
const SECOND = 4;

/** The recorder, a node for each analogue channel that it records, and for each input. */
function recorders(facts: ModelFacts): readonly NodePlan[] {
  const { recorded, io } = facts;
  if (recorded.length === 0) return [];
  const numbered = (lnClass: string, titles: readonly string[]): readonly NodePlan[] =>
    titles.map((d, k) =>
      node(
        lnClass,
        facts,
        [
          { name: "ChNum1", cdc: "ING", values: { setVal: k + 1 } },
          { name: "ChTrg", cdc: "SPS" },
        ],
        { inst: String(k + 1), d },
      ),
    );
  return [
    node("RDRE", facts, [
      { name: "RcdMade", cdc: "SPS" },
      { name: "FltNum", cdc: "INS" },
    ]),
    ...numbered("RADR", recorded),
    ...numbered(
      "RBDR",
      channelsOf(io, "input").map((one) => `Channel ${one}`),
    ),
  ];
}

/** Ind7 is channel 7: which of the eight are inputs, and which outputs, the configuration says. */
function inputs(facts: ModelFacts): NodePlan | undefined {
  const channels = channelsOf(facts.io, "input");
  const objects = channels.map((one): ObjectPlan => ({
    name: `Ind${one}`,
    cdc: "SPS",
    has: ["d"],
    values: { d: `Channel ${one}` },
  }));
  return objects.length === 0 ? undefined : node("GGIO", facts, objects, { prefix: "IN_", d: "Digital Inputs" });
}

function outputs(facts: ModelFacts): NodePlan | undefined {
  const { control } = facts.settings;
  const channels = channelsOf(facts.io, "output");
  if (channels.length === 0) return undefined;
  const described = (one: number) => ({ d: `Channel ${one}` });
  return node(
    "GGIO",
    facts,
    [
      ...channels.map((one): ObjectPlan => ({ name: `Ind${one}`, cdc: "SPS", has: ["d"], values: described(one) })),
      ...channels.map((one): ObjectPlan => ({
        name: `SPCSO${one}`,
        cdc: "SPC",
        has: ["d"],
        control: controlModels[control.model],
        values: {
          ...described(one),
          ...untouched,
          sboTimeout: control.selectSeconds * 1000,
          sboClass: 0,
          operTimeout: OPERATE_MS,
        },
      })),
    ],
    { prefix: "Out_", inst: "2", d: "Digital Outputs" },
  );
}

/** Nobody has controlled it yet. */
const untouched = { "origin.orCat": 0, "origin.orIdent": new Uint8Array(0), ctlNum: 0, stSeld: false };

const clockObjects: readonly ObjectPlan[] = [
  { name: "TmSrc", cdc: "VSS" },
  { name: "TmSrcTyp", cdc: "ENS", of: "ClockSourceKind" },
  { name: "TmSyn", cdc: "ENS", of: "ClockSyncKind" },
];
