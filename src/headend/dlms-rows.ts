/** Rows of a profile over as many lines as it takes: what breaks off goes on behind the last row that came. */
import { DlmsError } from "#protocol/dlms/client/failing.ts";
import { NoSelection, profileRows, type Row, type Rows } from "#protocol/dlms/client/profile.ts";
import { instantOf, type DateTime } from "#protocol/dlms/data/date-time.ts";
import { encodeData } from "#protocol/dlms/data/encode.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import type { DlmsMeter } from "./dlms-meter.ts";

/** So often a line is opened again before another row has come. */
const ATTEMPTS = 3;

export interface RowsAsked {
  readonly profile: LogicalName;
  readonly rows: Rows;
  /** By which rows are chosen. */
  readonly clock: LogicalName;
  readonly timeOf: (row: Row) => DateTime | undefined;
  /** Told what somebody should know. */
  readonly note: (text: string) => void;
}

/** A meter that is associated with anew where its line breaks. */
export class LastingMeter {
  readonly #again: () => Promise<DlmsMeter>;
  #meter: DlmsMeter;

  constructor(meter: DlmsMeter, again: () => Promise<DlmsMeter>) {
    this.#meter = meter;
    this.#again = again;
  }

  async *rows({ profile, rows: asked, clock, timeOf, note }: RowsAsked): AsyncGenerator<Row, void> {
    let rows = asked;
    const last = new Behind();
    for (let left = ATTEMPTS; ;) {
      try {
        for await (const row of profileRows(this.#meter.client, profile, rows, clock)) {
          if (!last.isNew(row, timeOf(row))) continue;
          left = ATTEMPTS;
          yield row;
        }
        return;
      } catch (error) {
        if (error instanceof NoSelection) {
          if (rows.by === "all") throw error;
          note("the meter does not choose rows: all that it has are read");
          rows = { by: "all" };
          last.beginAnew();
          continue;
        }
        // What the meter itself breaks off is asked for again, as what a line does.
        if (left-- <= 0 || (error instanceof DlmsError && error.reason !== "aborted")) throw error;
        await this.#reopen(error, left);
        rows = last.rest(rows);
      }
    }
  }

  async #reopen(cause: unknown, left: number): Promise<void> {
    await this.#meter.close().catch(() => {});
    for (let tries = left; ; tries--) {
      try {
        this.#meter = await this.#again();
        return;
      } catch (error) {
        if (error instanceof DlmsError) throw error;
        if (tries <= 0) throw cause;
      }
    }
  }

  async close(): Promise<void> {
    await this.#meter.close();
  }
}

/** Which rows have come: what is asked for again begins with rows that had come. */
class Behind {
  #time: DateTime | undefined;
  /** Rows of that time. */
  #same: Row[] = [];
  /** Steps to later rows less those to earlier ones: some buffers have the newest first, and clocks are set back now and then. */
  #later = 0;
  #count = 0;
  #skip = 0;

  isNew(row: Row, time: DateTime | undefined): boolean {
    if (this.#skip > 0) {
      this.#skip--;
      return false;
    }
    const [at, before] = [time, this.#time].map((one) => (one === undefined ? undefined : localOf(one)));
    const isSame = at !== undefined && at === before;
    if (at !== undefined && before !== undefined) this.#later += Math.sign(at - before);
    if (isSame && this.#same.some((one) => bytesOf(one) === bytesOf(row))) return false;
    if (isSame) this.#same.push(row);
    else this.#same = [row];
    this.#time = time;
    this.#count++;
    return true;
  }

  beginAnew(): void {
    this.#skip = this.#count;
  }

  /** What is to be asked for after a line broke. */
  rest(rows: Rows): Rows {
    if (rows.by === "range" && this.#time !== undefined)
      return this.#later < 0 ? { ...rows, to: this.#time } : { ...rows, from: this.#time };
    if (rows.by === "entry") {
      const { from, to } = rows;
      const begin = from + this.#count;
      this.#count = 0;
      return { by: "entry", from: begin, to };
    }
    // What cannot be chosen comes from the beginning again.
    this.beginAnew();
    return rows;
  }
}

function bytesOf(row: Row): string {
  return encodeData({ type: "structure", value: row }).toHex();
}

/** Local time as one number, for comparing; undefined of what names no instant. */
export function localOf(time: DateTime): number | undefined {
  return instantOf({ ...time, deviation: 0 }, () => 0);
}
