/** Static objects of an answer, written as far as a fragment has room. */
import { qualifiers } from "#protocol/dnp3/application/object-header.ts";
import { pointFlags, type OutstationSettings, type PointImage } from "./host.ts";
import { staticKinds, variationOf, type StaticKind, type Variation } from "./kinds.ts";
import type { Octets } from "./octets.ts";
import { blank, isPlain, pointsOf, show, writeShown } from "./shown.ts";

/** A run of points of one kind; octets that are an answer as they stand. */
export type StaticPiece =
  | {
      readonly kind: StaticKind;
      /** 0: as it is configured, with a flag where there is something to flag. */
      readonly variation: number;
      /** From one index to another, both included. */
      readonly first: number;
      readonly last: number;
      /** Points one by one instead, answered in kind. */
      readonly list?: { readonly indices: readonly number[]; readonly wide: boolean };
    }
  | { readonly octets: Uint8Array };

/** Where an answer has come to. */
export interface StaticPlace {
  piece: number;
  /** Points of it that are written. */
  done: number;
}

/** What is needed of an outstation to show its points. */
export interface Showing {
  readonly image: PointImage;
  readonly variations: OutstationSettings["variations"];
}

const scratch = blank();

/** Writes what there is room for, from a place on, which is moved. False when something is left. */
export function writePieces(
  octets: Octets,
  showing: Showing,
  pieces: readonly StaticPiece[],
  place: StaticPlace,
): boolean {
  for (let piece = pieces[place.piece]; piece !== undefined; piece = pieces[++place.piece]) {
    if ("octets" in piece) {
      if (!octets.put(piece.octets)) return false;
    } else {
      const points = piece.list?.indices.length ?? piece.last - piece.first + 1;
      while (place.done < points) {
        const written = writeRun(octets, showing, piece, place.done, points);
        if (written === 0) return false;
        place.done += written;
      }
    }
    place.done = 0;
  }
  return true;
}

type PointPiece = Extract<StaticPiece, { kind: StaticKind }>;

function indexOf(piece: PointPiece, position: number): number {
  return piece.list === undefined ? piece.first + position : (piece.list.indices[position] ?? 0);
}

/** The variation of a point: what was asked for, or what is configured unless the point has more to say than that can. */
function variationAt({ image, variations }: Showing, piece: PointPiece, position: number): Variation {
  const { group, flagged } = staticKinds[piece.kind];
  if (piece.variation !== 0) return variationOf(group, piece.variation);
  const usual = variations[piece.kind];
  const withFlag = flagged[usual];
  const variation = variationOf(group, usual);
  if (withFlag === undefined) return variation;
  show(image, piece.kind, indexOf(piece, position), scratch);
  return isPlain(variation, scratch) ? variation : variationOf(group, withFlag);
}

/** Writes one object header and the points behind it; how many there were, 0 where there is no room. */
function writeRun(octets: Octets, showing: Showing, piece: PointPiece, from: number, points: number): number {
  const variation = variationAt(showing, piece, from);
  const { list } = piece;
  const header = list === undefined ? 7 : 5;
  const each = list === undefined ? variation.size : (list.wide ? 2 : 1) + (variation.packed ? 1 : variation.size);
  const room = octets.left - header;
  const fits = each === 0 ? room * 8 : Math.floor(room / each);
  const most = Math.min(points - from, fits, list?.wide === false ? 0xff : 0xffff);
  if (most <= 0) return 0;
  // What is asked for by its variation is all of it.
  let count = piece.variation === 0 ? 1 : most;
  while (count < most && variationAt(showing, piece, from + count) === variation) count++;
  if (list !== undefined) {
    octets.header(variation, list.wide ? qualifiers.indices16 : qualifiers.indices8);
    if (list.wide) octets.u16(count);
    else octets.u8(count);
  } else {
    const first = piece.first + from;
    const last = first + count - 1;
    const isWide = last > 0xff;
    octets.header(variation, isWide ? qualifiers.range16 : qualifiers.range8);
    if (isWide) {
      octets.u16(first);
      octets.u16(last);
    } else {
      octets.u8(first);
      octets.u8(last);
    }
    if (variation.packed) {
      writePacked(octets, showing.image, piece, { from, count });
      return count;
    }
  }
  for (let position = from; position < from + count; position++) {
    const index = indexOf(piece, position);
    if (list !== undefined) {
      if (list.wide) octets.u16(index);
      else octets.u8(index);
    }
    show(showing.image, piece.kind, index, scratch);
    if (variation.packed) octets.u8(scratch.flags >> 7);
    else octets.at = writeShown(octets.view, octets.at, variation, scratch);
  }
  return count;
}

function writePacked(
  octets: Octets,
  image: PointImage,
  piece: PointPiece,
  run: { readonly from: number; readonly count: number },
): void {
  let packed = 0;
  for (let k = 0; k < run.count; k++) {
    show(image, piece.kind, indexOf(piece, run.from + k), scratch);
    if ((scratch.flags & pointFlags.state) !== 0) packed |= 1 << (k & 7);
    if ((k & 7) === 7 || k === run.count - 1) {
      octets.u8(packed);
      packed = 0;
    }
  }
}

/** Everything of some kinds that have points. */
export function wholeOf(image: PointImage, kinds: readonly StaticKind[]): StaticPiece[] {
  return kinds.flatMap((kind) => {
    const points = pointsOf(image, kind);
    return points === 0 ? [] : [{ kind, variation: 0, first: 0, last: points - 1 }];
  });
}
