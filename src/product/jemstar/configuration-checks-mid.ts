/** What a MID meter must have (section MID Billing Registers). */
import { isMeasured } from "#revenue/settings/configuration.ts";
import type { Measure } from "#quantity/measure.ts";
import { midRegisters } from "./factory.ts";
import type { RevenueFile } from "./configuration-schema.ts";

/** A MID meter has the registers and channels of the directive, whatever else it has. */
export function checkMid({ registers, profiles }: RevenueFile): string[] {
  const problems: string[] = [];
  const same = (a: Measure, b: Measure): boolean =>
    a.quantity === b.quantity && a.phase === b.phase && a.direction === b.direction && !a.compensated;
  for (const wanted of midRegisters.normal) {
    const name = `${wanted.quantity} ${wanted.direction}`;
    for (const list of ["normal", "alternate"] as const) {
      const storage = midRegisters.storages[list];
      const there = registers[list].some(
        (one) => isMeasured(one) && same(one.measure, wanted) && one.storage === storage && one.tariff === "total",
      );
      if (!there) problems.push(`registers.${list}: a MID meter has ${name}, ${storage}`);
    }
    if (!(profiles[0]?.channels ?? []).some(({ measure }) => same(measure, wanted)))
      problems.push(`profiles[0].channels: a MID meter has ${name}`);
  }
  if (!registers.alternate.some(({ type }) => type === "lastBillingReset"))
    problems.push("registers.alternate: a MID meter has the time of the last billing period reset");
  return problems;
}
