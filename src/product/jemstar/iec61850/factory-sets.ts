/**
 * The data sets that a meter starts with (Appendix E: Meter Status, Instantaneous, Energy, Statistics, Sequence, Power Quality, Disturbance,
 * I/O), what GOOSE sends, and twelve report control blocks of each kind.
 */
import { nodeName, type Ied, type LogicalNode } from "#protocol/iec61850/model/ied.ts";
import { usualFields, type DataSetSettings, type GooseSettings, type ReportSettings } from "./configuration.ts";

/** Those of which there is something. */
export function factorySets(ied: Ied): readonly DataSetSettings[] {
  const nodes = new Map(ied.devices.flatMap((device) => device.nodes.map((one) => [nodeName(one), one] as const)));
  const of = (name: string, matches: (object: string) => boolean, tail: string): string[] =>
    (nodes.get(name)?.objects ?? [])
      .filter((one) => matches(one.name))
      .flatMap((one) =>
        one.objects.length === 0 || tail === "[ST]"
          ? [`${name}.${one.name}${tail}`]
          : one.objects.map((part) => `${name}.${one.name}.${part.name}${tail}`),
      );
  const own = (name: string) => (object: string) => !common.has(object) && !name.includes(` ${object} `);
  const sets: readonly DataSetSettings[] = [
    {
      name: "Status",
      members: [
        ...["Mod", "Beh", "Health"].map((one) => `LLN0.${one}[ST]`),
        ...["PhyHealth", "NumPwrUp", "PwrSupAlm"].map((one) => `LPHD1.${one}[ST]`),
      ],
    },
    { name: "Inst", members: of("MMXU1", own(" ClcTotVA PFSign "), "[MX]") },
    { name: "Energy", members: of("MMTR1", own(""), "[ST]") },
    { name: "Stat", members: of("MSTA1", own(""), "[MX]") },
    { name: "Seq", members: of("MSQI1", own(""), "[MX]") },
    {
      name: "PQ",
      members: [...of("MHAI1", (one) => /^Thd(A|PhV|PPV)$/.test(one), "[MX]"), ...of("MFLK1", own(""), "[MX]")],
    },
    { name: "Dist", members: [...disturbed(nodes), ...of("QVVR1", (one) => one.endsWith("Str"), "[ST]")] },
    {
      name: "IO",
      members: ["IN_GGIO1", "Out_GGIO2"].flatMap((node) => of(node, (one) => one.startsWith("Ind"), "[ST]")),
    },
    {
      name: "DI",
      members: of("IN_GGIO1", (one) => one.startsWith("Ind"), "").flatMap((one) => [
        `${one}.stVal[ST]`,
        `${one}.q[ST]`,
      ]),
    },
  ];
  return sets.filter(({ members }) => members.length > 0);
}

const common = new Set(["NamPlt", "Beh", "Health", "Mod"]);

function disturbed(nodes: ReadonlyMap<string, LogicalNode>): string[] {
  const recorded = [...nodes.keys()].filter((name) => /^R[AB]DR/.test(name));
  return [
    ...(nodes.has("RDRE1") ? ["RDRE1.RcdMade[ST]", "RDRE1.FltNum[ST]"] : []),
    ...recorded.map((name) => `${name}.ChTrg[ST]`),
  ];
}

const INTEGRITY_MS = 5000;
const INSTANCES = 3;

/** By data set: which are buffered. */
// prettier-ignore
const blocks: readonly (readonly [name: string, dataSet: string, buffered: boolean])[] = [
  ["urcbStatus", "Status", false],
  ["urcbInst",   "Inst",   false],
  ["urcbEnergy", "Energy", false],
  ["urcbStat",   "Stat",   false],
  ["brcbIO",     "IO",     true],
  ["brcbSeq",    "Seq",    true],
  ["brcbPQ",     "PQ",     true],
  ["brcbDist",   "Dist",   true],
];

/** A block whose data set there is not has none: a client gives it one. */
export function factoryReports(sets: readonly DataSetSettings[]): readonly ReportSettings[] {
  return blocks.map(([name, dataSet, buffered]) => ({
    name,
    buffered,
    ...(sets.some((one) => one.name === dataSet) ? { dataSet } : {}),
    configRevision: 1,
    bufferMs: 0,
    integrityMs: buffered ? 0 : INTEGRITY_MS,
    triggers: ["dataChange", "qualityChange", "integrity", "generalInterrogation"],
    fields: usualFields(buffered),
    instances: INSTANCES,
    indexed: true,
  }));
}

/** The inputs. */
export function factoryGoose(sets: readonly DataSetSettings[]): readonly GooseSettings[] {
  if (!sets.some(({ name }) => name === "DI")) return [];
  return [
    {
      name: "gcbDI",
      dataSet: "DI",
      configRevision: 1,
      needsCommissioning: false,
      fixedOffsets: false,
      mac: "01-0C-CD-01-00-01",
      appId: 1,
      vlan: { id: 0, priority: 4 },
      minMs: 4,
      maxMs: 1000,
    },
  ];
}
