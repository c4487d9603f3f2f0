/** Energies that a meter counts whatever its registers are: those of Appendix D with DLMS, those of MMTR with IEC 61850. */
import { standingEnergies as ofDlms } from "#product/jemstar/dlms/register-table.ts";
import { standingEnergies as ofIec61850 } from "#product/jemstar/iec61850/object-table.ts";
import { measureName } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";

const byOption = { DLMS: ofDlms, IEC: ofIec61850 } as const;

/** Each once. */
export function standingEnergies({ options }: Pick<Ordered, "options">): readonly Measure[] {
  const all = Object.entries(byOption).flatMap(([option, energies]) => (options.has(option) ? energies : []));
  return [...new Map(all.map((one) => [measureName(one), one])).values()];
}
