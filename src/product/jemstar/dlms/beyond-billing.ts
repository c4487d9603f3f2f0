/** Billing periods: how many have ended and when the last one did (IC 1), and the registers of each self read as rows (IC 7). */
import { doubleLongUnsigned, longUnsigned, nullData, type Data } from "#protocol/dlms/data/data.ts";
import { clockColumn } from "#protocol/dlms/cosem/capture-object.ts";
import { dataObject } from "#protocol/dlms/cosem/data.ts";
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import { stampData } from "#protocol/dlms/cosem/octet-data.ts";
import { profileGeneric } from "#protocol/dlms/cosem/profile-generic.ts";
import type { SelfRead } from "#quantity/meter-surface.ts";
import { valueIn, type RegisterObject } from "./beyond-registers.ts";
import type { BeyondParts } from "./beyond-settings.ts";
import { statusColumn } from "./beyond-status.ts";
import { guarded } from "./outcomes.ts";

/** "Data of billing period": of B 0, since the manual has its second load profile where electricity has its own. */
const PROFILE = "0.0.98.1.0.255";
const COUNTER = "1.0.0.1.0.255";
const LAST_RESET = "1.0.0.1.2.255";

/** Seconds between two self reads, of those that come by the clock as often. */
const periods: Readonly<Partial<Record<string, number>>> = { hour: 3600, day: 86_400, week: 604_800 };

function profileOf(parts: BeyondParts, registers: readonly RegisterObject[]): CosemObject {
  const { surface, configuration, offsetOf } = parts;
  const marked = new Set(
    Object.values(configuration.registers)
      .flat()
      .filter(({ selfRead }) => selfRead)
      .map(({ id }) => id),
  );
  const kept = registers.filter(({ reading }) => marked.has(reading.id));
  const columns = kept.map(({ object, attribute }) => ({
    classId: object.classId,
    logicalName: object.logicalName,
    attribute,
    dataIndex: 0,
  }));
  const row = ({ at, systemBits, registers: read }: SelfRead): readonly Data[] => [
    stampData(at),
    longUnsigned(systemBits),
    ...kept.map((one) => {
      const found = read.find(({ id }) => id === one.reading.id);
      return found === undefined ? nullData : valueIn(one, found);
    }),
  ];
  return profileGeneric(PROFILE, {
    columns: [clockColumn, statusColumn, ...columns],
    series: () => surface.selfReads,
    row,
    capturePeriod: periods[configuration.selfRead.every] ?? 0,
    capacity: () => surface.selfReads.capacity ?? surface.selfReads.next,
    offsetOf,
  });
}

export function billingObjects(parts: BeyondParts, registers: readonly RegisterObject[]): readonly CosemObject[] {
  const { surface } = parts;
  const resets = () => surface.log("billingReset");
  const last = (): Data => stampData(resets().page(resets().next - 1, 1)[0]?.at);
  return [
    guarded(surface, "registers", dataObject(COUNTER, { value: () => doubleLongUnsigned(resets().next) })),
    guarded(surface, "registers", dataObject(LAST_RESET, { value: last })),
    guarded(surface, "registers", profileOf(parts, registers)),
  ];
}
