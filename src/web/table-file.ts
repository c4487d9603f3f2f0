/** Tables as files that a browser keeps: CSV as it is made, row by row, or a workbook, which a thread beside makes. */
import type { Context } from "hono";
import type { Site } from "#fleet/site.ts";
import { SHEET_ROWS, type WorkbookPiece } from "#headend/workbook.ts";
import { NoPlaceError, SideThread, ThreadError } from "#io/side-thread.ts";
import { asCsv } from "#quantity/csv-text.ts";
import { limits } from "#quantity/limits.ts";
import { problem } from "#web/api/problem.ts";
import { SetUpAnewError, type TableInPieces } from "./table-pieces.ts";
import { cut } from "./whence.ts";

const WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** What a workbook would have too many of, in words. */
class TooLargeError extends Error {}

/** In a checkout a source, in the package beside what was made of this one. */
const entry = new URL(`workbook-thread${/\.\w+$/.exec(import.meta.url)?.[0] ?? ""}`, import.meta.url);

/** The files of a site: its workbooks are made by one thread. */
export class TableFiles {
  readonly #site: Site;
  readonly #thread: SideThread<WorkbookPiece>;

  constructor(site: Site) {
    this.#site = site;
    const { heapMb, waiting, idleMs } = limits.web.workbook;
    this.#thread = new SideThread(entry, { heapMb, waiting, idleMs, elapsed: () => site.real.elapsed() });
  }

  /** A thread that has nothing to do is ended. */
  sweep(): void {
    this.#thread.sweep();
  }

  stop(): void {
    this.#thread.stop();
  }

  /** What a browser keeps under `name`: a workbook, where the path asks for one. */
  async answer(context: Context, name: string, table: TableInPieces): Promise<Response> {
    const isWorkbook = context.req.path.endsWith("/xlsx");
    const file = encodeURIComponent(`${name}.${isWorkbook ? "xlsx" : "csv"}`);
    const headers = {
      "Content-Type": isWorkbook ? WORKBOOK : "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename*=UTF-8''${file}`,
    };
    // Who asks for the headers alone has nothing made.
    if (context.req.method === "HEAD") return context.body(null, 200, headers);
    if (!isWorkbook) return context.body(this.#csv(context, table), 200, headers);
    const whole = await this.#workbook(context, table);
    return whole instanceof Response ? whole : context.body(whole, 200, headers);
  }

  /** Rows as they are asked for; what breaks off ends the connection, so that it is not taken for the whole. */
  #csv(context: Context, { heads, pieces }: TableInPieces): ReadableStream<Uint8Array> {
    const text = new TextEncoder();
    async function* lines(): AsyncGenerator<Uint8Array> {
      yield text.encode(asCsv([heads]));
      for await (const rows of pieces) yield text.encode(asCsv(rows));
    }
    const made = lines();
    const next = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      const { done, value } = await made.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    };
    const broken = (error: unknown): Promise<void> => {
      const why = error instanceof Error ? error.message : String(error);
      this.#site.tell({ level: "warn", words: `a CSV broke off: ${why}` });
      if (!cut(context)) throw error;
      // Its connection cancels it as it closes.
      return new Promise(() => {});
    };
    return new ReadableStream(
      {
        pull: (controller) => next(controller).catch(broken),
        cancel: async () => void (await made.return(undefined)),
      },
      // Nothing is made ahead.
      { highWaterMark: 0 },
    );
  }

  async #workbook(context: Context, table: TableInPieces): Promise<Uint8Array<ArrayBuffer> | Response> {
    try {
      return await this.#thread.work(piecesOf(table), context.req.raw.signal);
    } catch (error) {
      const { pathname, search } = new URL(context.req.url);
      const instead = `ask for less time, or for ${pathname.replace(/xlsx$/, "csv")}${search}`;
      if (error instanceof TooLargeError) return problem(context, 422, `${error.message}: ${instead}`);
      if (error instanceof NoPlaceError) return problem(context, 503, "too many workbooks are being made; try again");
      if (error instanceof SetUpAnewError) return problem(context, 503, `${error.message}; try again`);
      if (!(error instanceof ThreadError)) throw error;
      this.#site.tell({ level: "error", words: `a workbook came to nothing: ${error.message}` });
      return problem(context, 503, `the workbook came to nothing, the site's log says why: ${instead}`);
    }
  }
}

/** Pieces for the thread, as long as they are no more than a workbook may have. */
async function* piecesOf({ heads, right, pieces }: TableInPieces): AsyncGenerator<WorkbookPiece> {
  const { cells } = limits.web.workbook;
  yield { heads, right, rows: [] };
  let count = 1;
  for await (const rows of pieces) {
    count += rows.length;
    if (count > SHEET_ROWS) throw new TooLargeError(`a sheet has ${SHEET_ROWS} rows at most, this one would have more`);
    if (count * heads.length > cells)
      throw new TooLargeError(`a workbook has ${cells} cells at most, this one would have more`);
    yield { rows };
  }
}
