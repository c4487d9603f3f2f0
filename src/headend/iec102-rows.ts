/** Answers to one question over as many lines as it takes: what breaks off goes on behind the last period that came. */
import { LinkFailure } from "#protocol/iec102/frame/primary.ts";
import type { Body } from "#protocol/iec102/asdu/body.ts";
import type { TimeA } from "#protocol/iec102/asdu/time.ts";
import type { TotalObject } from "#protocol/iec102/asdu/totals.ts";
import type { Iec102Client, Question } from "#protocol/iec102/reader/client.ts";
import { Iec102Error } from "#protocol/iec102/reader/failing.ts";

/** So often a line is opened again before another answer has come. */
const ATTEMPTS = 3;

/** How a question goes on after a line broke. */
export interface Rest {
  readonly question: Question;
  /** What of an answer has not come before; undefined of nothing. */
  readonly unseen: (body: Body) => Body | undefined;
}

/** A meter whose session is begun anew where its line breaks. */
export class LastingSession {
  readonly #again: () => Promise<Iec102Client>;
  client: Iec102Client;

  constructor(client: Iec102Client, again: () => Promise<Iec102Client>) {
    this.client = client;
    this.#again = again;
  }

  /** `rest` says how it goes on behind the last answer that has come, of so many. */
  async *all(question: Question, rest: (last: Body, count: number) => Rest): AsyncGenerator<Body, void> {
    let { question: asked, unseen }: Rest = { question, unseen: (body) => body };
    let count = 0;
    let last: Body | undefined;
    for (let left = ATTEMPTS; ;) {
      try {
        for await (const body of this.client.all(asked)) {
          const here = unseen(body);
          if (here === undefined) continue;
          count++;
          last = here;
          left = ATTEMPTS;
          yield here;
        }
        return;
      } catch (error) {
        if (!breaksOff(error) || left-- <= 0) throw error;
        await this.#reopen(error, left);
        if (last !== undefined) ({ question: asked, unseen } = rest(last, count));
      }
    }
  }

  async #reopen(cause: unknown, left: number): Promise<void> {
    await this.client.close();
    for (let tries = left; ; tries--) {
      try {
        this.client = await this.#again();
        return;
      } catch (error) {
        if (error instanceof Iec102Error) throw error;
        if (tries <= 0) throw cause;
      }
    }
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}

/** A line that broke, or a station that fell silent. */
function breaksOff(error: unknown): boolean {
  return error instanceof LinkFailure || (error instanceof Iec102Error && error.reason === "silence");
}

/** Totals of one period: an ASDU may have room for some of them only. */
export interface PeriodRead {
  readonly totals: readonly TotalObject[];
  readonly at: TimeA;
}

/** To the minute, and with all that is said beside it. */
export function isSameTime(one: TimeA, other: TimeA): boolean {
  return (Object.keys(one) as (keyof TimeA)[]).every((key) => one[key] === other[key]);
}

export async function* periodsOf(bodies: AsyncGenerator<Body, void>): AsyncGenerator<PeriodRead, void> {
  let before: PeriodRead | undefined;
  for await (const body of bodies) {
    if (body.kind !== "totals") continue;
    const { totals, at } = body;
    const objects = new Set(before?.totals.map(({ object }) => object));
    if (before !== undefined && isSameTime(before.at, at) && !totals.some(({ object }) => objects.has(object))) {
      before = { totals: [...before.totals, ...totals], at };
      continue;
    }
    if (before !== undefined) yield before;
    before = { totals, at };
  }
  if (before !== undefined) yield before;
}
