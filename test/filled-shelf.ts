/** A shelf that tests fill by hand: files of the manual's names, whose bytes count up from their number. */
import type { Shelf } from "#product/jemstar/files/shelf.ts";
import type { ShelvedFile } from "#quantity/file-shelf.ts";

/** As the manual lists them, and one in each of two folders. */
export const NAMES = [
  "154800417_1578578162_100772_06.pqd",
  "154800417_1578578162_116528_01.pqd",
  "154800417_1578587851_700958_07.pqd",
  "hsrms/154800417_1578578162_100772.cff",
  "wfc/154800417_1578578162_100772.cff",
] as const;

export const FOLDERS = ["hsrms", "pqcomms", "wfc"] as const;

/** 2020-01-09 13:56:13 UTC. */
const WRITTEN = Date.UTC(2020, 0, 9, 13, 56, 13);

/** The bytes of the file of a number. */
export function bytesOf(k: number, length = 14_131): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at + k) % 251);
}

export interface FilledShelf extends Shelf {
  put(name: string, bytes: Uint8Array, utc?: number): void;
}

export function filledShelf(names: readonly string[] = NAMES): FilledShelf {
  const files = new Map<string, { readonly file: ShelvedFile; readonly bytes: Uint8Array }>();
  const shelf: FilledShelf = {
    folders: FOLDERS,
    list: () => [...files.values()].map(({ file }) => file),
    read: (name) => files.get(name)?.bytes,
    remove: (name) => files.delete(name),
    put(name, bytes, utc = WRITTEN) {
      const at = { utc, offsetMinutes: 0, daylightSaving: false, synchronised: true };
      files.set(name, { file: { name, at, size: bytes.length }, bytes });
    },
  };
  names.forEach((name, k) => shelf.put(name, bytesOf(k), WRITTEN + 1000 * k));
  return shelf;
}
