/** The energies of a moment in one octet string (IC 62): the clock, the system bits, and the registers of energy that count on. */
import { longUnsigned } from "#protocol/dlms/data/data.ts";
import { clockColumn } from "#protocol/dlms/cosem/capture-object.ts";
import { compactData, type CompactColumn } from "#protocol/dlms/cosem/compact-data.ts";
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import { stampData } from "#protocol/dlms/cosem/octet-data.ts";
import type { RegisterObject } from "./beyond-registers.ts";
import type { BeyondParts } from "./beyond-settings.ts";
import { statusColumn } from "./beyond-status.ts";

const NAME = "0.0.66.0.0.255";
const TEMPLATE = 1;
/** Registers that it has at most: what fits a frame of HDLC without segmentation. */
const MOST = 20;

function columnOf({ object, attribute, reading }: RegisterObject): readonly CompactColumn[] {
  const found = object.attributes.find(({ id }) => id === attribute);
  if (found === undefined || reading.kind !== "consumption" || reading.storage !== "working") return [];
  return [
    {
      captured: { classId: object.classId, logicalName: object.logicalName, attribute, dataIndex: 0 },
      type: "double-long",
      value(asker) {
        const value = found.get(asker);
        return "denied" in value || value.type !== "rows" ? value : { denied: "temporary-failure" };
      },
    },
  ];
}

export function compactObjects({ surface }: BeyondParts, registers: readonly RegisterObject[]): readonly CosemObject[] {
  const energies = registers.flatMap(columnOf).slice(0, MOST);
  if (energies.length === 0) return [];
  const clock: CompactColumn = { captured: clockColumn, type: "octet-string", value: () => stampData(surface.now()) };
  const status: CompactColumn = {
    captured: statusColumn,
    type: "long-unsigned",
    value: () => longUnsigned(surface.status().systemBits ?? 0),
  };
  return [compactData(NAME, TEMPLATE, [clock, status, ...energies])];
}
