/** Tables of a meter whose rows come piece by piece, each in a turn of the event loop: a year of them holds nobody up. */
import { setImmediate } from "node:timers/promises";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Profile } from "#quantity/profile.ts";
import { profileColumns, profileRow, type TableColumns } from "#quantity/profile-table.ts";
import { profileOf, type ProfileQuery } from "./meter-view.ts";

export type Rows = readonly (readonly string[])[];

/** Can be read once. */
export interface TableInPieces extends TableColumns {
  readonly pieces: AsyncIterable<Rows>;
}

/** Rows that are made in one turn, some milliseconds; records and entries that are looked at for them. */
export const PIECE = 100;
export const LOOKED = 1000;

/** The meter was set up anew while a table of it was made: what was read of before is void. */
export class SetUpAnewError extends Error {
  constructor() {
    super("the meter has been set up anew meanwhile");
  }
}

/** Records of a profile that are there now; in words what is wrong with the question. */
export function profilePieces(surface: MeterSurface, profile: Profile, query: ProfileQuery): TableInPieces | string {
  const { epoch } = surface;
  const { next: end } = profile;
  // Days are counted from one moment, also where midnight passes meanwhile.
  const now = surface.now();
  const viewFrom = (since: number | undefined, most: number): ReturnType<typeof profileOf> =>
    profileOf(profile, () => now, { ...query, since, most: Math.min(PIECE, most), looked: LOOKED });
  let left = query.most ?? Infinity;
  const first = viewFrom(query.since, left);
  if (typeof first === "string") return first;
  async function* pieces(): AsyncGenerator<Rows> {
    for (let view: typeof first | string = first; typeof view !== "string"; view = viewFrom(view.next, left)) {
      const records = view.records.filter(({ sequence }) => sequence < end);
      if (records.length > 0) yield records.map(profileRow);
      left -= records.length;
      if (view.more === undefined || view.next >= end || left <= 0) return;
      await setImmediate();
      if (surface.epoch !== epoch) throw new SetUpAnewError();
    }
  }
  return { ...profileColumns(first), pieces: pieces() };
}

/** Rows that are there, in pieces. */
export async function* inPieces<T>(all: readonly T[], rowOf: (one: T) => readonly string[]): AsyncGenerator<Rows> {
  for (let at = 0; at < all.length; at += PIECE) {
    await setImmediate();
    yield all.slice(at, at + PIECE).map(rowOf);
  }
}
