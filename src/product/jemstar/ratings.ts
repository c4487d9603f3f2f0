/** What the Primary and Secondary Settings come to (Appendix A, Primary Configuration). */
import type { Nameplate } from "#quantity/meter-api.ts";
import { nominalOf } from "#revenue/settings/trigger-levels.ts";
import type { RevenueFile } from "./configuration-schema.ts";

export function ratingsOf({
  pt,
  ct,
  ptSecondary,
  ctSecondary,
  ...nominal
}: RevenueFile["primary"]): Nameplate["ratings"] {
  const elements = nominal.connection.startsWith("4 wire") ? 3 : 2;
  return {
    pt: { primary: pt * ptSecondary, secondary: ptSecondary },
    ct: { primary: ct * ctSecondary, secondary: ctSecondary },
    transformerFactor: pt * ct,
    fullScaleWatts: elements * nominalOf("V", nominal) * nominal.nominalCurrent,
  };
}
