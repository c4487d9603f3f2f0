/** What a store's journal holds, taken in at the start: all numbers, and the records that are not in the SQLite files yet. */
import type { Complaints } from "./complaints.ts";
import type { Disk } from "./disk.ts";
import { EntryReader } from "./journal-entry.ts";
import { segmentFile, segmentsIn } from "./journal.ts";
import { headIn, isBlank, readSegment } from "./read-segment.ts";
import type { SegmentHead } from "./segment-format.ts";
import type { Facts } from "./record-file.ts";
import type { StoredNumbers } from "./store.ts";

/** The store that the newest segment with a head is of; undefined where there is none. */
export function storeOfJournal(disk: Disk, folder: string): bigint | undefined {
  for (const number of segmentsIn(folder, disk).toReversed()) {
    const head = headIn(disk, segmentFile(folder, number));
    if (head !== undefined) return head.store;
  }
  return undefined;
}

export interface TakenIn {
  readonly numbers: Map<string, StoredNumbers>;
  /** Number of the last record. */
  readonly sequence: number;
  /** Segments that are kept, oldest first. */
  readonly segments: readonly number[];
}

export interface TakeInOptions {
  readonly disk: Disk;
  readonly folder: string;
  /** Goes into the name of a segment that is put aside. */
  readonly stamp: string;
  readonly complaints: Complaints;
  /** What the SQLite files say. */
  readonly facts: Facts;
  /** Takes a named record that they do not have. */
  readonly record: (meter: string, key: string, bytes: Uint8Array | undefined) => void;
}

export function takeIn({ disk, folder, stamp, complaints, facts, record }: TakeInOptions): TakenIn {
  const numbers = new Map<string, StoredNumbers>();
  const segments: number[] = [];
  let sequence = 0;
  let hasAll = false;
  const reader = new EntryReader({
    whole: (meter, found) => void numbers.set(meter, found),
    numbers: (meter) => numbers.get(meter),
    record: (meter, key, bytes) => {
      if (sequence > facts.sequence) record(meter, key, bytes);
    },
    all: () => void (hasAll = true),
  });
  let run: bigint | undefined;
  const all = segmentsIn(folder, disk);
  for (const number of all) {
    const name = segmentFile(folder, number);
    const damaged = (): void =>
      complaints.add(
        `the journal ${name} is damaged: changes of one commit or more are lost where nothing later says the same`,
      );
    let foreign = false;
    const read = readSegment(disk, name, {
      begin: (head: SegmentHead) => {
        foreign = head.store !== facts.store;
        if (!foreign && head.run !== run) reader.begin();
        if (!foreign) ({ run } = head);
        return !foreign;
      },
      record: (next, entries) => {
        const before = sequence === 0 ? facts.sequence : sequence;
        // Where the files are lost, too, nobody knows what came before the first segment.
        const isGap = next > 1 + before && (before > 0 || number === 1);
        sequence = next;
        hasAll = false;
        try {
          reader.read(entries);
        } catch {
          damaged();
        }
        // Nothing was in those that are missing: records are filed, and this one has all numbers.
        if (isGap && !(hasAll && next <= 1 + facts.sequence)) damaged();
      },
      damaged,
      unfinished: () =>
        complaints.add(
          `the end of the journal ${name} is no record: one that was being written when everything ended, or that is damaged`,
        ),
      cut: () =>
        complaints.add(
          `the journal ${name} does not end as it was left: it was cut, or its end is damaged; if anything was written behind, it is lost`,
        ),
    });
    if (read) segments.push(number);
    // It was made, and everything ended before its first record.
    else if (!foreign && number > facts.segment && isBlank(disk, name)) disk.remove(name);
    else {
      const aside = `${name}.unreadable-${stamp}`;
      disk.rename(name, aside);
      const why = foreign ? "belongs to another store" : "could not be read";
      complaints.add(`the journal ${name} ${why}; it is kept as ${aside}`);
    }
  }
  if (facts.segment > 0 && !all.includes(facts.segment))
    complaints.add(
      `the journal ${segmentFile(folder, facts.segment)} is not there any more: what it alone held is lost`,
    );
  else if (sequence < facts.sequence)
    complaints.add(`the journal of the store ${folder} ends before the last record that was written`);
  return { numbers, sequence: Math.max(sequence, facts.sequence), segments };
}
