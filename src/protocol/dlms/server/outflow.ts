/**
 * Bytes of an answer that are made as they are sent: the members of a profile's buffer, of a list of objects, of a list of attributes.
 * What is kept is what a block leaves over, however long the whole is.
 */
import { Writer } from "#wire/cursor.ts";
import { accessResults, isDenied, type Denied, type Rows } from "#protocol/dlms/cosem/object.ts";
import { tags, type Data } from "#protocol/dlms/data/data.ts";
import { writeData } from "#protocol/dlms/data/encode.ts";
import { writeLength } from "#protocol/dlms/data/length.ts";

/** What an attribute gives to who asks for it. */
export type Found = Data | Rows | Denied;

/** A member that was counted is there no more: it has been overwritten meanwhile. */
export class RowsGone extends Error {}

/** Choices of Get-Data-Result. */
const DATA = 0;
const RESULT = 1;

/** What several values are put into: a list of results, or a structure, in which what is denied is null-data. */
type Around = "nothing" | "list" | "structure";

export class Outflow {
  readonly #out = new Writer(256);
  readonly #finds: readonly (() => Found)[];
  readonly #around: Around;
  #find = 0;
  #rows: Rows | undefined;
  #row = 0;

  /** Of one value: its bytes as they are. */
  static of(found: Data | Rows): Outflow {
    return new Outflow([() => found], "nothing");
  }

  /** Of several results, each asked for when its turn comes: SEQUENCE OF Get-Data-Result. */
  static ofList(finds: readonly (() => Found)[]): Outflow {
    return new Outflow(finds, "list");
  }

  /** Of all attributes of an object: a structure. */
  static ofStructure(finds: readonly (() => Found)[]): Outflow {
    return new Outflow(finds, "structure");
  }

  private constructor(finds: readonly (() => Found)[], around: Around) {
    this.#finds = finds;
    this.#around = around;
    if (around === "structure") this.#out.u8(tags.structure);
    if (around !== "nothing") writeLength(this.#out, finds.length);
  }

  /** Everything has been made and taken. */
  get ended(): boolean {
    return this.#out.at === 0 && this.#made;
  }

  get #made(): boolean {
    return this.#rows === undefined && this.#find === this.#finds.length;
  }

  /** The next bytes, `most` at most; fewer only where these are the last. Throws RowsGone. */
  take(most: number): Uint8Array {
    // One more than is taken, so that what takes the last byte knows that it does.
    while (this.#out.at <= most && !this.#made) this.#make();
    const made = this.#out.done();
    this.#out.at = 0;
    if (made.length <= most) return made;
    this.#out.bytes(made.subarray(most));
    return made.subarray(0, most);
  }

  /** What was taken last goes before the rest again. */
  putBack(bytes: Uint8Array): void {
    const rest = this.#out.done();
    this.#out.at = 0;
    this.#out.bytes(bytes).bytes(rest);
  }

  #make(): void {
    if (this.#rows === undefined) this.#begin();
    else this.#makeRow(this.#rows);
  }

  #begin(): void {
    const found = this.#finds[this.#find++]?.();
    if (found === undefined) return;
    if (isDenied(found)) {
      if (this.#around === "list") this.#out.u8(RESULT).u8(accessResults[found.denied]);
      else this.#out.u8(tags["null-data"]);
      return;
    }
    if (this.#around === "list") this.#out.u8(DATA);
    if (found.type !== "rows") {
      writeData(this.#out, found);
      return;
    }
    writeLength(this.#out.u8(tags.array), found.count);
    this.#row = 0;
    this.#rows = found.count > 0 ? found : undefined;
  }

  #makeRow(rows: Rows): void {
    const row = rows.row(this.#row++);
    if (row === undefined) throw new RowsGone(`row ${this.#row - 1} of ${rows.count}`);
    writeData(this.#out, row);
    if (this.#row === rows.count) this.#rows = undefined;
  }
}
