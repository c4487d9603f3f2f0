/** Files that a client has open (ISO 9506-2, annex D): each has a number, and a place up to which it has been read. */
import type { Clock, Cancel } from "#clock/clock.ts";
import { limits } from "#quantity/limits.ts";
import { generalizedTime } from "#protocol/iec61850/mms/generalized-time.ts";
import type { FileOpenRequest, FileOpenResponse, FileReadResponse } from "#protocol/iec61850/mms/open-files.ts";
import type { ServiceError } from "#protocol/iec61850/mms/service-error.ts";
import type { FileShelf } from "#quantity/file-shelf.ts";
import { refusals } from "./refusals.ts";
import { shelfName } from "./shelf.ts";

interface OpenFile {
  readonly bytes: Uint8Array;
  at: number;
  /** Closes it when nobody reads on. */
  forget: Cancel;
}

export class OpenFiles {
  readonly #shelf: () => FileShelf;
  readonly #clock: Clock;
  readonly #open = new Map<number, OpenFile>();

  constructor(shelf: () => FileShelf, clock: Clock) {
    this.#shelf = shelf;
    this.#clock = clock;
  }

  open({ name, position }: FileOpenRequest): FileOpenResponse | ServiceError {
    if (this.#open.size >= limits.mms.openFiles) return refusals.fileBusy;
    const own = shelfName(name);
    const shelf = this.#shelf();
    const found = shelf.list().find((file) => file.name === own);
    const bytes = found === undefined ? undefined : shelf.read(own);
    if (found === undefined || bytes === undefined) return refusals.fileMissing;
    if (position < 0 || position > bytes.length) return refusals.filePosition;
    let file = 0;
    while (this.#open.has(file)) file++;
    this.#open.set(file, { bytes, at: position, forget: this.#forgetLater(file) });
    return { service: "fileOpen", file, size: bytes.length, modified: generalizedTime(found.at.utc) };
  }

  /** The next octets, `most` at most. */
  read(file: number, most: number): FileReadResponse | ServiceError {
    const open = this.#open.get(file);
    if (open === undefined) return refusals.fileMissing;
    open.forget();
    open.forget = this.#forgetLater(file);
    const bytes = open.bytes.subarray(open.at, open.at + most);
    open.at += bytes.length;
    return { service: "fileRead", bytes, moreFollows: open.at < open.bytes.length };
  }

  /** False where there is none of the number. */
  close(file: number): boolean {
    this.#open.get(file)?.forget();
    return this.#open.delete(file);
  }

  closeAll(): void {
    for (const file of Array.from(this.#open.keys())) this.close(file);
  }

  #forgetLater(file: number): Cancel {
    return this.#clock.after(limits.mms.openFileMs, () => this.close(file));
  }
}
