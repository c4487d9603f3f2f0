/**
 * What a meter is configured with at its start. The site file's configuration counts at the first start and when it means
 * something else than it did when it was read last; otherwise what was applied since.
 */
import type { Ordered } from "#revenue/settings/model-number.ts";
import type { Applied } from "#revenue/revenue-options.ts";
import type { MeterStore } from "#store/store.ts";
import { FileError } from "#product/file-error.ts";
import { appliedOf, differences } from "./configuration-changes.ts";
import { parseStored } from "./configuration-file.ts";
import { canonicalText } from "./configuration-meaning.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import { filled, hashed, type Hashing } from "./configuration-users.ts";

/** Where the configuration is kept that was applied last, and what the site file's meant then. */
export const KEY = "configuration";
export const FILE_KEY = "configuration-file";

export interface Starting {
  readonly file: RevenueFile;
  /** What the site file's changes of what was applied last; undefined where it changes nothing. */
  readonly applied: Applied | undefined;
  /** Whether there was one before. */
  readonly again: boolean;
  /** What the site file's means, to be kept when the meter has it. */
  readonly meant: string;
}

export interface StartingOptions {
  readonly name: string;
  readonly store: MeterStore;
  readonly ordered: Ordered;
  readonly hashing: Hashing;
  /** What is kept means something else now. */
  readonly foreign: boolean;
}

export function startingWith(fromFile: RevenueFile, options: StartingOptions): Starting {
  const { name, store, ordered, hashing, foreign } = options;
  const keptText = foreign ? undefined : textOf(store.get(KEY));
  const kept =
    keptText === undefined ? undefined : parseStored(`the stored configuration of ${name}`, keptText, ordered);
  const said = saidBefore(fromFile, kept, options);
  const meant = withUsers(fromFile, hashed(fromFile.users, said?.users ?? kept?.users ?? [], hashing));
  const common = { applied: undefined, meant: canonicalText(meant) };
  if (kept === undefined) return { ...common, file: withUsers(meant, filled(meant.users, [])), again: false };
  const again = { ...common, file: kept, again: true };
  if (said === undefined || differences(said, meant).sections.length === 0) return again;
  const users = filled(hashed(fromFile.users, kept.users, hashing), kept.users);
  const found = differences(kept, withUsers(fromFile, users));
  return found.sections.length === 0
    ? again
    : { ...again, file: found.next, applied: appliedOf(found, { by: "the site file" }) };
}

/** What the site file's configuration meant when it was read last; undefined at the first start. */
function saidBefore(
  fromFile: RevenueFile,
  kept: RevenueFile | undefined,
  { store, ordered, hashing }: StartingOptions,
): RevenueFile | undefined {
  const text = textOf(store.get(FILE_KEY));
  if (text === undefined || text === canonicalText(fromFile)) return text === undefined ? undefined : fromFile;
  try {
    const said = parseStored("what the site file said", text, ordered);
    // Earlier versions kept the file as it was written, passwords and all.
    return withUsers(said, hashed(said.users, kept?.users ?? [], hashing));
  } catch (error) {
    // What can no longer be read is not what is there now.
    if (!(error instanceof FileError)) throw error;
    return kept;
  }
}

function withUsers(file: RevenueFile, users: RevenueFile["users"]): RevenueFile {
  return users === file.users ? file : { ...file, users };
}

export function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
