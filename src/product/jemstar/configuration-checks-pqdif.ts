/** What no schema can say of PQDIF files: what was not ordered cannot go into them. */
import { needed } from "#revenue/settings/power-quality.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import type { RevenueFile } from "./configuration-schema.ts";

const orders = ["ML", ...needed] as const;

export function checkPqdif({ pqdif: { measurementLog } }: RevenueFile, { options }: Ordered): string[] {
  if (measurementLog === "off" || orders.some((one) => options.has(one))) return [];
  return [`pqdif.measurementLog: it is option ${orders.join(" or ")}, which was not ordered`];
}
