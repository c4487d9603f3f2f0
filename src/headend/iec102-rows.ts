/** Answers to one question over as many lines as it takes: what breaks off goes on behind the last answer that came. */
import { LinkFailure } from "#protocol/iec102/frame/primary.ts";
import type { Body } from "#protocol/iec102/asdu/body.ts";
import type { TimeA } from "#protocol/iec102/asdu/time.ts";
import type { TotalObject } from "#protocol/iec102/asdu/totals.ts";
import type { Iec102Client, Question } from "#protocol/iec102/reader/client.ts";
import { plainOf } from "./iec102-local.ts";
import { Iec102Error } from "#protocol/iec102/reader/failing.ts";

/** So often a line is opened again before another answer has come. */
const ATTEMPTS = 3;

/** How a question goes on after a line broke: what comes from `from` on is told anew, in the order in which it was. */
export interface Rest {
  readonly question: Question;
  /** By the meter's wall; undefined of all that there is. */
  readonly from?: Temporal.PlainDateTime | undefined;
}

/** What one body tells, with its times as far as they are known. */
function timesOf(body: Body): readonly (Temporal.PlainDateTime | undefined)[] {
  if (body.kind === "events") return body.events.map(({ at }) => plainOf(at));
  return [body.kind === "totals" ? plainOf(body.at) : undefined];
}

function isFrom(time: Temporal.PlainDateTime | undefined, from: Temporal.PlainDateTime | undefined): boolean {
  return time === undefined || from === undefined || Temporal.PlainDateTime.compare(time, from) >= 0;
}

/** Without what `isOld` says of the times of what it tells, in their order; undefined of nothing. */
function withoutOld(body: Body, isOld: (time: Temporal.PlainDateTime | undefined) => boolean): Body | undefined {
  const old = timesOf(body).map(isOld);
  if (body.kind !== "events") return old[0] === true ? undefined : body;
  const events = body.events.filter((_, k) => old[k] !== true);
  return events.length === 0 ? undefined : { kind: "events", events };
}

/** A meter whose session is begun anew where its line breaks. */
export class LastingSession {
  readonly #again: () => Promise<Iec102Client>;
  client: Iec102Client;

  constructor(client: Iec102Client, again: () => Promise<Iec102Client>) {
    this.client = client;
    this.#again = again;
  }

  /**
   * `rest` says how it goes on behind the last time that has come. What has come is counted, not known by its time: where the clock was set back
   * times are there twice.
   */
  async *all(question: Question, rest: (last: Temporal.PlainDateTime | undefined) => Rest): AsyncGenerator<Body, void> {
    let asked: Rest = { question };
    const seen: (Temporal.PlainDateTime | undefined)[] = [];
    let old = 0;
    for (let left = ATTEMPTS; ;) {
      try {
        for await (const body of this.client.all(asked.question)) {
          const here = withoutOld(body, (time) => !isFrom(time, asked.from) || old-- > 0);
          if (here === undefined) continue;
          seen.push(...timesOf(here));
          left = ATTEMPTS;
          yield here;
        }
        return;
      } catch (error) {
        if (!breaksOff(error) || left-- <= 0) throw error;
        await this.#reopen(error, left);
        asked = seen.length === 0 ? { question } : rest(seen.at(-1));
        old = seen.filter((time) => isFrom(time, asked.from)).length;
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
