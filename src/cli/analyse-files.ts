/** The recordings that words of `analyse` are of. */
import path from "node:path";
import { isRecordingName, partOfRecording } from "#fleet/recording-file.ts";
import { type FoundFile, foundFiles } from "#io/found-files.ts";

export interface NamedRecordings {
  readonly files: readonly FoundFile[];
  /** Files of folders and patterns that are of no recording by their names. */
  readonly others: readonly string[];
  /** One file that was named itself, and nothing else. */
  readonly isOne: boolean;
}

export function namedRecordings(names: readonly string[]): NamedRecordings {
  const all = foundFiles(names);
  const whole = new Set(all.map(({ file }) => path.resolve(file)));
  // The data of a header that is there, too, are not a recording of their own.
  const apart = all.filter(({ file }) => !whole.has(path.resolve(partOfRecording(file) ?? ".")));
  return {
    files: apart.filter(({ file, isNamed }) => isNamed || isRecordingName(file)),
    others: apart.flatMap(({ file, isNamed }) => (isNamed || isRecordingName(file) ? [] : [file])),
    isOne: names.length === 1 && all.length === 1 && all[0]?.isNamed === true,
  };
}
