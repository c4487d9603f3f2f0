/** Configurations that somebody applies: what that takes of him, and what is wrong with it. */
import type { Outcome, Refused } from "#quantity/authority.ts";
import type { Origin } from "#quantity/log.ts";
import { FileError } from "#product/file-error.ts";
import { doneBy, refused, type Commanded } from "./commanded.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import { granting, lacksAdministrator } from "./granting.ts";
import { lacking, notLoggedIn, powerless, sealed, type Asker } from "./hindrances.ts";

/** Applies a configuration, or says what is in the way, which changes nothing. */
export function configure(site: Commanded, text: string, { user, origin }: Asker): Outcome {
  if (user === undefined) return notLoggedIn();
  const given = read(site, text);
  if ("refused" in given) return given;
  const { users } = site.file;
  const next = { ...given, users: site.passwords.changed(given.users) };
  const found = site.differences(next);
  const barred =
    lacking(user, found.privileges) ??
    sealed(site, found.privileges) ??
    granting(user, users, next.users) ??
    lacksAdministrator(users, next.users) ??
    powerless(site);
  if (barred !== undefined) return barred;
  // What means the same changes nothing, and leaves nothing in the log.
  if (found.sections.length > 0) site.change(found, origin);
  return { done: true, consequences: found.words };
}

/** What applying a configuration would do; changes nothing. */
export function checkConfiguration(site: Commanded, text: string): Outcome {
  const given = read(site, text);
  if ("refused" in given) return given;
  const lacks = lacksAdministrator(site.file.users, given.users);
  return lacks ?? { ...doneBy(), consequences: site.differences(given).words };
}

function read(site: Commanded, text: string): RevenueFile | Refused {
  try {
    return site.read(text);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return refused("invalid", ...error.problems);
  }
}

/** Sets the transformers' ratios at the front panel: what they rescale takes no other privilege than theirs. */
export function setRatios(
  site: Commanded,
  ratios: { readonly pt: number; readonly ct: number },
  origin: Origin,
): undefined {
  const found = site.differences(site.withRatios(ratios));
  if (found.sections.includes("primary")) site.change(found, origin);
}
