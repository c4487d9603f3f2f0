/** The record of an energy transfer as a file: what the next run finds of the one before. */
import { changeText } from "#io/draft.ts";
import { fileExists, readText } from "#io/file.ts";
import type { TransferRecord } from "./energy-transfer.ts";

/** The record of an earlier run; undefined when there is none. Throws an Error for a file that is something else. */
export function readRecord(file: string): TransferRecord | undefined {
  if (!fileExists(file)) return undefined;
  let record: Partial<TransferRecord>;
  try {
    record = JSON.parse(readText(file)) as Partial<TransferRecord>;
  } catch (error) {
    throw new Error(`${file} is no record of a transfer (${String(error)}); --record names another`, { cause: error });
  }
  const whole =
    record.version === 1 && record.from !== undefined && record.to !== undefined && record.step !== undefined;
  if (!whole) throw new Error(`${file} is no record of a transfer; --record names another`);
  return record as TransferRecord;
}

/** Replaces the file; after a crash it has the old record or the new one. */
export function writeRecord(file: string, record: TransferRecord): Promise<void> {
  return changeText(file, () => `${JSON.stringify(record, undefined, 2)}\n`);
}
