/** Configurations that somebody applies: what that takes of him, and what is wrong with it. */
import type { Done, Outcome, Refused } from "#quantity/authority.ts";
import type { Origin } from "#quantity/log.ts";
import { Desks, type Caller } from "#io/desk.ts";
import { isHash } from "#io/password.ts";
import { atOnce, inTurns, type Steps } from "#io/turn.ts";
import { limits } from "#quantity/limits.ts";
import { unlistedChannels } from "./configuration-checks-dlms.ts";
import { FileError } from "#product/file-error.ts";
import { firstChanges } from "#product/key-changes.ts";
import { changesBetween, differences, withRatios, type Differences } from "./configuration-changes.ts";
import { suggestionsFor } from "./configuration-suggestions.ts";
import type { JemStarCommand } from "./command-shapes.ts";
import { doneBy, refused, type Commanded } from "./commanded.ts";
import { isScl } from "./configuration-sent.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import { granting, lacksAdministrator } from "./granting.ts";
import { lacking, notLoggedIn, powerless, sealed, type Asker } from "./hindrances.ts";
import { hashedAtOnce, workOut } from "./password-work.ts";
import type { PasswordWork } from "./passwords.ts";

/** What was done of a command before it is obeyed. */
export interface Prepared {
  /** What a configuration says, or what is wrong with it; undefined of other commands. */
  readonly given?: RevenueFile | Refused;
  /** Its passwords; undefined of one that is only looked at. */
  readonly work?: PasswordWork;
  /** The passwords that they were compared with (`Passwords.state`). */
  readonly compared?: object;
  /** The configuration that an SCL file was read beside: the rest of what it comes to is of that. */
  readonly beside?: RevenueFile;
}

/** Whatever many send, one is read in a turn. */
const readers = new Desks(limits.configuration.reading);

/** A text that is to be the configuration, and the entry of the history that it takes back. */
export interface Wanted {
  readonly configuration: string;
  readonly check?: boolean | undefined;
  readonly undoes?: number | undefined;
}

type Configuring = Extract<JemStarCommand, { readonly command: "configure" | "undoConfiguration" }>;

export function isConfiguring(told: JemStarCommand | undefined): told is Configuring {
  return told?.command === "configure" || told?.command === "undoConfiguration";
}

/** What a command wants the configuration to be. */
export function wantedBy({ file, history }: Commanded, told: Configuring): Wanted | Refused {
  if (told.command === "configure") return told;
  const { entry = history.next - 1, check } = told;
  const before = history.before(entry, file);
  if (before !== undefined) return { configuration: JSON.stringify(before), check, undoes: entry };
  const { first, next } = history;
  if (next === 0) return refused("invalid", "entry: nothing has been changed that could be taken back");
  return refused("invalid", `entry: expected ${first} to ${next - 1}; found ${entry}`);
}

/** Reads a configuration in a turn of its own, and works out its passwords; changes nothing. */
export async function prepareConfiguration(
  site: Commanded,
  { configuration, check }: Wanted,
  caller: Caller,
): Promise<Prepared | Refused> {
  const beside = site.file;
  const given = await readers.take(caller, () => inTurns(read(site, configuration)));
  if (given === undefined) return refused("lockout", "too many configurations are being read at once; try again");
  if (check === true || "refused" in given) return { given };
  const compared = site.passwords.state;
  const work = await workOut(given.users, site.passwords, caller);
  return work === undefined ? tooMany() : { given, work, compared, beside };
}

export function tooMany(): Refused {
  return refused("lockout", "too many passwords are being worked on at once; try again");
}

/** Applies a configuration, or says what is in the way, which changes nothing. */
export function configure(
  site: Commanded,
  { configuration: text, undoes }: Wanted,
  { user, origin }: Asker,
  {
    given = atOnce(read(site, text)),
    work = hashedAtOnce,
    compared = site.passwords.state,
    beside = site.file,
  }: Prepared = {},
): Outcome {
  if (user === undefined) return notLoggedIn();
  if ("refused" in given) return given;
  const { passwords } = site;
  if (compared !== passwords.state) return refused("invalid", "users have been changed meanwhile: send it again");
  if ((isScl(text) || undoes !== undefined) && beside !== site.file)
    return refused("invalid", "the configuration has been changed meanwhile: send it again");
  const { users } = site.file;
  const next = { ...given, users: passwords.changed(given.users, work) };
  const found = differences(site.file, next);
  const barred =
    lacking(user, found.privileges) ??
    sealed(site, found.privileges) ??
    granting(user, users, next.users) ??
    lacksAdministrator(users, next.users) ??
    powerless(site) ??
    unlisted(site, next);
  if (barred !== undefined) return barred;
  // What means the same changes nothing, and leaves nothing in the log.
  const before = site.file;
  if (found.sections.length > 0) site.change(found, origin, work, undoes);
  return { ...toldOf(before, found), suggestions: suggestionsFor(found.next) };
}

/** What a change is, and what it sets in motion. */
function toldOf(before: RevenueFile, { next, words }: Differences): Done {
  return {
    done: true,
    consequences: words,
    ...firstChanges(changesBetween(before, next), limits.configuration.changes),
  };
}

/** What applying a configuration would do; changes nothing. */
export function checkConfiguration(
  site: Commanded,
  { configuration: text }: Wanted,
  { given = atOnce(read(site, text)) }: Prepared = {},
): Outcome {
  if ("refused" in given) return given;
  const lacks = lacksAdministrator(site.file.users, given.users);
  const barred = lacks ?? unlisted(site, given);
  if (barred !== undefined) return barred;
  const found = differences(site.file, given);
  return { ...toldOf(site.file, found), suggestions: suggestionsFor(found.next) };
}

/** A profile that is to record what DLMS has no name for, of a meter that a listener has speak it (Appendix D, Note 2). */
function unlisted({ file, speaksDlms }: Commanded, next: RevenueFile): Refused | undefined {
  if (!speaksDlms) return undefined;
  const before = unlistedChannels(file);
  const found = unlistedChannels(next).filter((one) => !before.includes(one));
  return found.length === 0 ? undefined : refused("invalid", ...found);
}

/** A hash that somebody sends is no password that anybody types, and must not become one by whoever knows no more than it. */
function* read(site: Commanded, text: string): Steps<RevenueFile | Refused> {
  try {
    const given = yield* site.read(text);
    const hashed = given.users.findIndex(({ password }) => password !== undefined && isHash(password));
    if (hashed < 0) return given;
    return refused("invalid", `users[${hashed}].password: expected a password; hashes count in the site's files only`);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return refused("invalid", ...error.problems);
  }
}

interface Ratios {
  readonly pt: number;
  readonly ct: number;
  /** Asks only what it would do. */
  readonly check?: boolean | undefined;
}

/** Sets the transformers' ratios at the front panel: what they rescale takes no other privilege than theirs. */
export function setRatios(site: Commanded, { pt, ct, check }: Ratios, origin: Origin): Outcome {
  const found = differences(site.file, withRatios(site.file, { pt, ct }));
  // The same ratios leave everything, losses too.
  if (!found.sections.includes("primary")) return doneBy();
  if (check !== true) site.change(found, origin, hashedAtOnce);
  return { done: true, consequences: found.words };
}
