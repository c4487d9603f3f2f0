/** What the history of a configuration says of one that is applied. */
import type { ConfigurationHistory } from "#product/configuration-history.ts";
import type { KeyChange } from "#quantity/configuration-history.ts";
import type { Origin } from "#quantity/log.ts";
import type { RevenueMeter } from "#revenue/revenue-meter.ts";
import { changesBetween } from "./configuration-changes.ts";
import type { RevenueFile } from "./configuration-schema.ts";

export interface Noted {
  /** Users who have another password. */
  readonly passwords: readonly string[];
  readonly consequences?: readonly string[] | undefined;
  readonly undoes?: number | undefined;
}

/** A meter that has another configuration now. */
interface Configured {
  readonly history: ConfigurationHistory;
  readonly file: RevenueFile;
  readonly meter: Pick<RevenueMeter, "clock">;
}

/** What changes nothing is no entry. */
export function noteConfiguration(
  { history, file, meter }: Configured,
  before: RevenueFile,
  by: Origin,
  { passwords, consequences, undoes }: Noted,
): void {
  const secrets = passwords.map((name): KeyChange => ({ key: `users[name ${name}].password`, secret: true }));
  const changes = [...changesBetween(before, file), ...secrets];
  if (changes.length > 0)
    history.add({ at: meter.clock.stamp(), by, before, after: file, changes, consequences, undoes });
}
