/** What the metering key keeps of a configuration when its file is another at the next start. */
import { isSealed } from "#revenue/people/security.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import { checkRevenue } from "./configuration-checks.ts";
import { differences } from "./configuration-changes.ts";
import type { RevenueFile } from "./configuration-schema.ts";

/** The new file with the sections that the key bars as they were, and their names; all of the old one where these do not go together. */
export function sealedOf(
  before: RevenueFile,
  after: RevenueFile,
  ordered: Ordered,
): { readonly file: RevenueFile; readonly sections: readonly string[] } {
  const sections = differences(before, after).sections.filter((section) =>
    differences(before, { ...before, [section]: after[section] }).privileges.some(isSealed),
  );
  const isKept = ([name]: readonly [string, unknown]): boolean => (sections as readonly string[]).includes(name);
  const file = Object.fromEntries([
    ...Object.entries(after).filter((one) => !isKept(one)),
    ...Object.entries(before).filter(isKept),
  ]) as RevenueFile;
  return checkRevenue(file, ordered).length === 0 ? { file, sections } : { file: before, sections: ["everything"] };
}
