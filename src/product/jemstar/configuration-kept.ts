/**
 * What a meter is configured with at its start. The site file's configuration counts at the first start and when it means
 * something else than it did when it was read last; otherwise what was applied since.
 */
import type { Ordered } from "#revenue/settings/model-number.ts";
import type { Applied } from "#revenue/revenue-options.ts";
import type { MeterStore } from "#store/store.ts";
import { same } from "#quantity/same.ts";
import { FileError } from "#product/file-error.ts";
import { appliedOf, differences } from "./configuration-changes.ts";
import type { Noted } from "./configuration-noted.ts";
import { parseRevenueFile, parseStored } from "./configuration-file.ts";
import { checkRevenue } from "./configuration-checks.ts";
import { canonicalText, type Section } from "./configuration-meaning.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import { isFactoryTransient } from "./factory.ts";
import { ofFile } from "./password-work.ts";
import { Passwords, withoutPasswords } from "./passwords.ts";
import { sealedOf } from "./sealed-sections.ts";

/** Where the configuration is kept that was applied last, and what the site file's meant then. */
export const KEY = "configuration";
export const FILE_KEY = "configuration-file";

export interface Starting {
  /** Without passwords, as it is kept. */
  readonly file: RevenueFile;
  readonly passwords: Passwords;
  /** What the site file's changes of what was applied last; undefined where it changes nothing. */
  readonly applied: Applied | undefined;
  /** What its history says of that. */
  readonly noted: Noted;
  /** What it was configured with before; undefined at the first start. */
  readonly before: RevenueFile | undefined;
  /** Whether there was one before. */
  readonly again: boolean;
  /** What the site file's means, to be kept when the meter has it. */
  readonly meant: Uint8Array;
  /** What is lost of it, in words; undefined where nothing is. */
  readonly lost: string | undefined;
  /** Sections that the metering key keeps as they were, though the site file's are others. */
  readonly sealed: readonly string[];
}

export interface StartingOptions {
  readonly name: string;
  readonly store: MeterStore;
  readonly ordered: Ordered;
  /** What is kept means something else now. */
  readonly foreign: boolean;
  /** The metering key is installed. */
  readonly sealed: boolean;
}

const LOST =
  "its configuration is lost with records of the store; it goes on with the site file's, its users' passwords as well";

const meanings = new WeakMap<RevenueFile, Uint8Array>();
const texts = new WeakMap<RevenueFile, Uint8Array>();

function meaningOf(file: RevenueFile): Uint8Array {
  return madeOnce(meanings, file, canonicalText);
}

/** A configuration as it is kept: the very same bytes of all meters that have it. */
export function keptOf(file: RevenueFile): Uint8Array {
  return madeOnce(texts, file, (one) => JSON.stringify(one));
}

function madeOnce(
  known: WeakMap<RevenueFile, Uint8Array>,
  file: RevenueFile,
  textOf: (file: RevenueFile) => string,
): Uint8Array {
  let bytes = known.get(file);
  if (bytes === undefined) known.set(file, (bytes = new TextEncoder().encode(textOf(file))));
  return bytes;
}

/** What was found in a store, and found to be alike: another meter has both again. */
const alike = new WeakMap<Uint8Array, Uint8Array>();

function isAlike(there: Uint8Array, bytes: Uint8Array): boolean {
  if (there === bytes || alike.get(there) === bytes) return true;
  if (there.length !== bytes.length || !there.every((byte, k) => byte === bytes[k])) return false;
  alike.set(there, bytes);
  return true;
}

/** Puts what is not there already. */
export function putOther(store: MeterStore, key: string, bytes: Uint8Array): void {
  const there = store.get(key);
  if (there === undefined || !isAlike(there, bytes)) store.put(key, bytes);
}

export function startingWith(fromFile: RevenueFile, options: StartingOptions): Starting {
  const { name, store, ordered, foreign } = options;
  const keptText = foreign ? undefined : textOf(store.get(KEY));
  const stored =
    keptText === undefined ? undefined : parseStored(`the stored configuration of ${name}`, keptText, ordered);
  const kept = stored === undefined ? undefined : withoutPasswords(stored);
  const passwords = new Passwords(store, "passwords");
  if (stored !== undefined && stored !== kept) passwords.takeOver(stored.users);
  const said = new Passwords(store, "passwords-file");
  const others = saidOtherwise(fromFile, kept, said, options);
  const meant = meaningOf(withoutPasswords(fromFile));
  store.holds(FILE_KEY, () => meant);
  // A meter that has counted before has been configured before.
  const lost = kept === undefined && !foreign && store.numbers !== undefined ? LOST : undefined;
  const unchanged: Noted = { passwords: [] };
  const common = { before: kept, passwords, applied: undefined, noted: unchanged, meant, lost, sealed: [] };
  if (kept === undefined) {
    passwords.copy(said);
    return { ...common, file: withoutPasswords(fromFile), again: false };
  }
  const again = { ...common, file: kept, again: true };
  if (others.length === 0) return again;
  const wished = goingOn(kept, { ...fromFile, users: passwords.changed(fromFile.users, ofFile) }, others, ordered);
  const { file, sections: sealed } = options.sealed ? sealedOf(kept, wished, ordered) : { file: wished, sections: [] };
  const found = differences(kept, file);
  if (found.sections.length === 0) return { ...again, sealed };
  const noted = { passwords: passwords.take(found.next.users, ofFile), consequences: found.words };
  const applied = appliedOf(found, { by: "the site file" });
  return { ...again, file: withoutPasswords(found.next), applied, noted, sealed };
}

/**
 * The file of a meter on which a key has enabled an option means other factory settings than it did before: what it says itself has not changed
 * with that, and counts as read.
 */
export function saidBefore(
  store: MeterStore,
  text: string,
  { before, now }: { readonly before: Ordered; readonly now: RevenueFile },
): void {
  const bytes = store.get(FILE_KEY);
  if (bytes === undefined) return;
  try {
    const said = parseRevenueFile("what the file said before", text, before);
    if (isAlike(bytes, meaningOf(withoutPasswords(said)))) store.put(FILE_KEY, meaningOf(withoutPasswords(now)));
  } catch (error) {
    // It says what only the option has: it has been changed since.
    if (!(error instanceof FileError)) throw error;
  }
}

/** Sections that mean something else in the site file than when it was read last; its passwords are remembered as hashes. */
function saidOtherwise(
  fromFile: RevenueFile,
  kept: RevenueFile | undefined,
  passwords: Passwords,
  { store, ordered }: StartingOptions,
): readonly Section[] {
  const bytes = store.get(FILE_KEY);
  const text = textOf(bytes);
  // Most starts find what they left: that takes no comparing by meaning.
  if (bytes !== undefined && fromFile === withoutPasswords(fromFile) && isAlike(bytes, meaningOf(fromFile))) {
    passwords.take(fromFile.users, ofFile);
    return [];
  }
  const said = text === undefined ? undefined : before(parsedOr(text, ordered) ?? kept, text, fromFile);
  // Earlier versions kept the file as it was written, passwords and all.
  if (said?.users.some(({ password }) => password !== undefined) === true) passwords.take(said.users, ofFile);
  const users = passwords.changed(fromFile.users, ofFile);
  passwords.take(users, ofFile);
  return said === undefined ? [] : differences(withoutPasswords(said), { ...fromFile, users }).sections;
}

/** What the file said to an earlier version, whose factory's triggers had none on transients: that this one's have one is not said by the file. */
function before(said: RevenueFile | undefined, text: string, fromFile: RevenueFile): RevenueFile | undefined {
  if (said === undefined || text.includes('"powerQuality":')) return said;
  const earlier = fromFile.triggers.filter((one) => !isFactoryTransient(one));
  return same(said.triggers, earlier) ? { ...said, triggers: fromFile.triggers } : said;
}

/**
 * What was applied last, with the sections that the file says otherwise than before: what it leaves out, or says as it did, changes
 * nothing that was applied meanwhile or was an earlier version's factory setting. Where the two do not go together the file counts.
 */
function goingOn(kept: RevenueFile, wished: RevenueFile, others: readonly Section[], ordered: Ordered): RevenueFile {
  const file: RevenueFile = { ...kept, ...Object.fromEntries(others.map((one) => [one, wished[one]])) };
  return checkRevenue(file, ordered).length === 0 ? file : wished;
}

/** Undefined of what can no longer be read. */
function parsedOr(text: string, ordered: Ordered): RevenueFile | undefined {
  try {
    return parseStored("what the site file said", text, ordered);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return undefined;
  }
}

const decoded = new WeakMap<Uint8Array, string>();

export function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  let text = decoded.get(bytes);
  if (text === undefined) decoded.set(bytes, (text = new TextDecoder().decode(bytes)));
  return text;
}
