/** Opening the two SQLite files of a store: which of them is right, and what becomes of the other. */
import { draft, forbidden, install, isOneBitOff, look, putAside, type Look } from "./database-file.ts";
import { earlierFacts, earlierRecords } from "./earlier-records.ts";
import type { Packed } from "./packing.ts";
import { FORMAT, type Facts, type RecordFile } from "./record-file.ts";
import { lose, merged, RecordPair, type PairPlace } from "./record-pair.ts";
import { reasonOf, StoreLater } from "./trouble.ts";

/** What the journal says of the store, for when its files do not. */
export interface Witness {
  /** The mark of the store that its newest segment bears; undefined where there is none. */
  readonly store: bigint | undefined;
  /** The mark of a new one. */
  readonly mark: () => bigint;
}

type Readable = Look & { readonly kind: "readable" };

/** Throws StoreBusy, StoreLater and StoreForbidden before anything is changed. */
export function openRecords(at: PairPlace, witness: Witness): RecordPair {
  const looks: Look[] = [];
  try {
    for (const place of at.places) looks.push(look(at.disk, place));
    refuseLater(looks, at);
  } catch (error) {
    for (const one of looks) if (one.kind !== "none") one.close();
    throw error;
  }
  try {
    return choose(at, looks, witness);
  } catch (error) {
    for (const one of looks) closeQuietly(one);
    throw forbidden(at.places[0], error);
  }
}

function closeQuietly(one: Look): void {
  try {
    if (one.kind !== "none") one.close();
  } catch {
    // It was closed before.
  }
}

function refuseLater(looks: readonly Look[], { places }: PairPlace): void {
  for (const [k, one] of looks.entries()) {
    if (one.kind !== "later") continue;
    // One bit that is turned in one of them is damage: the other says so.
    if (isOneBitOff(one.version) && looks[1 - k]?.kind === "readable") continue;
    throw new StoreLater(
      `the store ${places[k]} is of a later version: its format is ${one.version}, this one knows ${FORMAT}; nothing of it has been changed: start the version that made it, or give the site another store`,
    );
  }
}

function choose(at: PairPlace, looks: readonly Look[], witness: Witness): RecordPair {
  const { places, complaints } = at;
  const sound = looks.filter((one) => one.kind === "readable").filter(isSound);
  const best = bestOf(sound, witness);
  if (best !== undefined) return withOther(at, looks, best.file);
  const readable = looks.filter((one) => one.kind === "readable");
  // The journal goes on from the one that has not come as far.
  const known = readable.map(({ file }) => file.facts).filter((one) => one !== undefined);
  const [facts] = known.toSorted((a, b) => a.sequence - b.sequence);
  if (facts !== undefined) return rescued(at, looks, facts);
  const earlier = looks.find((one) => one.kind === "earlier");
  if (earlier?.kind === "earlier") {
    const records = earlierRecords(earlier.database, places[0], complaints);
    const facts = earlierFacts(earlier.database, witness.mark);
    return anew(at, looks, { facts, records });
  }
  for (const [k, one] of looks.entries()) {
    if (one.kind === "none") continue;
    const aside = `it is kept as ${putAside(at.disk, places[k] ?? "", at.stamp)}, and a new one is begun: records that its journal does not hold are lost`;
    closeQuietly(one);
    complaints.add(`the store ${places[k]} ${whyNot(one)}; ${aside}`);
  }
  if (complaints.count === 0 && witness.store !== undefined)
    complaints.add(
      `the store ${places[0]} is not there any more; what its journal holds is gone on from, and other records are lost`,
    );
  const none = { store: witness.store ?? witness.mark(), sequence: 0, previous: 0, segment: 0 };
  return anew(at, [{ kind: "none" }, { kind: "none" }], { facts: none, records: [] });
}

function isSound({ file, verified: { bad, isWhole } }: Readable): boolean {
  return file.facts !== undefined && isWhole && bad.length === 0;
}

/** The one of this store that goes furthest. */
function bestOf(sound: readonly Readable[], { store }: Witness): Readable | undefined {
  const ours = sound.filter(({ file }) => store === undefined || file.facts?.store === store);
  // A journal of another store beside two files that agree is what does not belong there.
  const all = ours.length > 0 ? ours : sound;
  const far = ({ file: { facts } }: Readable): readonly [number, number] => [facts?.sequence ?? 0, facts?.segment ?? 0];
  return all.toSorted((a, b) => far(b)[0] - far(a)[0] || far(b)[1] - far(a)[1])[0];
}

/** Goes on with one that is sound; the other is as it should be, or made anew from it. */
function withOther(at: PairPlace, looks: readonly Look[], best: RecordFile): RecordPair {
  const { disk, folder, places, stamp, complaints } = at;
  const facts = best.facts ?? { store: 0n, sequence: 0, previous: 0, segment: 0 };
  const files = looks.map((one, k): RecordFile | undefined => {
    if (one.kind === "readable" && one.file === best) return best;
    if (one.kind === "readable" && isSound(one) && isSame(one.file.facts, facts)) return one.file;
    const place = places[k] ?? "";
    const why = whyNot(one, facts);
    if (why !== undefined) sayWhatIsWrong(at, place, one, why);
    const sources = one.kind === "readable" && isSame(one.file.facts, facts) ? [best, one.file] : [best];
    try {
      draft(disk, place, { facts, records: merged(sources, (...name) => lose(at, ...name)) });
      if (one.kind !== "none") {
        // What only has not come as far is nothing to keep.
        const kept = why === undefined ? undefined : putAside(disk, place, stamp);
        closeQuietly(one);
        if (kept !== undefined)
          complaints.add(
            `the store ${place} ${why}; it is kept as ${kept}, and made anew from the other file of the store`,
          );
      } else if (why !== undefined)
        complaints.add(`the store ${place} ${why}; it is made anew from the other file of the store`);
      return install(disk, folder, place);
    } catch (error) {
      closeQuietly(one);
      // It is made with the next filing, when that can be.
      complaints.add(
        `the store ${place} ${why ?? "is not whole"}, and could not be made anew yet (${reasonOf(error)})`,
      );
      return undefined;
    }
  });
  return new RecordPair(at, [files[0], files[1]], { facts, isEmpty: best.isEmpty });
}

function isSame(one: Facts | undefined, other: Facts): boolean {
  return one?.store === other.store && one.sequence === other.sequence && one.segment === other.segment;
}

/** Undefined where nothing is wrong: everything ended between the one and the other, or before there was a second one. */
function whyNot(one: Look, facts?: Facts): string | undefined {
  if (one.kind === "none") return facts?.sequence === 0 ? undefined : "is not there any more";
  if (one.kind === "unreadable") return `could not be read (${one.why})`;
  if (one.kind === "later") return `could not be read (its format reads as ${one.version})`;
  if (one.kind === "earlier") return undefined;
  const { file, verified } = one;
  if (file.facts === undefined) return "could not be read (it does not say whose it is)";
  if (!verified.isWhole && verified.bad.length === 0) return "is damaged (there are records missing, or too many)";
  if (verified.bad.length > 0) return `is damaged (${countOf(verified.bad.length)})`;
  if (facts === undefined) return undefined;
  if (file.facts.store !== facts.store) return "belongs to another store";
  return file.facts.sequence === facts.previous || file.facts.sequence === facts.sequence
    ? undefined
    : "is of an earlier time, or was cut";
}

function countOf(count: number): string {
  return count === 1 ? "1 record is not what was written" : `${count} records are not what was written`;
}

function sayWhatIsWrong({ complaints }: PairPlace, place: string, one: Look, why: string): void {
  if (one.kind !== "readable" || !why.startsWith("is damaged")) return;
  for (const [meter, key] of one.verified.bad)
    complaints.add(`the record ${key} of ${place} is damaged; the other file of the store has it`, meter);
}

/** Neither is as it was written: what is sound in one of them is kept, and what is lost is said. */
function rescued(at: PairPlace, looks: readonly Look[], facts: Facts): RecordPair {
  const files = looks
    .filter((one) => one.kind === "readable")
    .map(({ file }) => file)
    .filter((file) => file.facts?.store === facts.store);
  return anew(at, looks, { facts, records: merged(files, (...name) => lose(at, ...name)) });
}

/** Makes both files, of records that may come from what is there. */
function anew(
  at: PairPlace,
  looks: readonly Look[],
  { facts, records }: { readonly facts: Facts; readonly records: Iterable<readonly [string, string, Packed]> },
): RecordPair {
  const { disk, folder, places, stamp, complaints } = at;
  // The second one first: while it is not whole, the first is as it was.
  draft(disk, places[1], { facts, records });
  for (const [k, one] of looks.entries()) {
    if (one.kind === "none") continue;
    const place = places[k] ?? "";
    const why = whyNot(one);
    if (why !== undefined) complaints.add(`the store ${place} ${why}; it is kept as ${putAside(disk, place, stamp)}`);
    closeQuietly(one);
  }
  const second = install(disk, folder, places[1]);
  draft(disk, places[0], { facts, records: merged([second], () => {}) });
  return new RecordPair(at, [install(disk, folder, places[0]), second], { facts, isEmpty: second.isEmpty });
}
