/** What the metering key keeps of a configuration when its file is another at the next start. */
import { isSealed } from "#revenue/people/security.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import { checkRevenue } from "./configuration-checks.ts";
import { privilegesFor } from "./configuration-file.ts";
import type { RevenueFile } from "./configuration-schema.ts";

/** The new file with the sections that the key bars as they were, and their names; all of the old one where these do not go together. */
export function sealedOf(
  before: RevenueFile,
  after: RevenueFile,
  ordered: Ordered,
): { readonly file: RevenueFile; readonly kept: readonly string[] } {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof RevenueFile)[];
  const only = (name: keyof RevenueFile): RevenueFile => ({ ...before, [name]: after[name] });
  const kept = names.filter((name) => privilegesFor(before, only(name)).some(isSealed));
  const file = Object.fromEntries([
    ...Object.entries(after).filter(([name]) => !(kept as string[]).includes(name)),
    ...Object.entries(before).filter(([name]) => (kept as string[]).includes(name)),
  ]) as RevenueFile;
  return checkRevenue(file, ordered).length === 0 ? { file, kept } : { file: before, kept: ["everything"] };
}
