/** What a master does with an outstation: reads it, freezes its counters, gives it the time, starts it anew. */
import { functions } from "#protocol/dnp3/application/functions.ts";
import { indicated, indications, type Indication } from "#protocol/dnp3/application/indications.ts";
import { indicationText, refusals } from "#protocol/dnp3/application/indication-words.ts";
import type { Association } from "./association.ts";
import { DnpError } from "./failing.ts";
import { Points } from "./points.ts";
import { readObjects, restartSeen, type ReadHeader, type Which } from "./requests.ts";

/** Objects of a request that every outstation takes: fragments of 249 octets. */
const MOST_OBJECTS = 240;

/** What an outstation has said, and what of it was refused. */
export interface Read {
  readonly iin: number;
  /** Why something is not there, in words. */
  readonly refused: readonly Refused[];
}

interface Refused {
  readonly header: ReadHeader;
  readonly why: string;
  readonly iin: number;
}

/** Reads into `points`. What an outstation does not take together it is asked one by one, so that what it has is had. */
export async function read(association: Association, headers: readonly ReadHeader[], points: Points): Promise<Read> {
  let iin = 0;
  const refused: Refused[] = [];
  for (const together of parts(headers)) {
    const answer = await ask(association, together, points);
    iin = answer;
    if ((answer & refusals) === 0) continue;
    if (together.length === 1) refused.push(...together.map((header) => refusedOf(header, answer)));
    else
      for (const header of together) {
        const alone = await ask(association, [header], points);
        iin = alone;
        if ((alone & refusals) !== 0) refused.push(refusedOf(header, alone));
      }
  }
  return { iin, refused };
}

async function ask(association: Association, headers: readonly ReadHeader[], points: Points): Promise<number> {
  const { iin } = await association.ask({
    code: functions.read,
    objects: readObjects(headers),
    take: points.take,
  });
  return iin;
}

function refusedOf(header: ReadHeader, iin: number): Refused {
  return { header, why: refusalText(iin), iin };
}

function refusalText(iin: number): string {
  return indicationText(iin & refusals);
}

/** As many headers at once as go into the shortest fragment. */
function parts(headers: readonly ReadHeader[]): readonly (readonly ReadHeader[])[] {
  const all: ReadHeader[][] = [];
  let octets = Infinity;
  for (const header of headers) {
    const own = readObjects([header]).length;
    if (octets + own > MOST_OBJECTS) {
      all.push([]);
      octets = 0;
    }
    all.at(-1)?.push(header);
    octets += own;
  }
  return all;
}

/** Does what has no objects in its answer; rejects where the outstation says that it has not done it. */
export async function command(
  association: Association,
  code: number,
  objects?: Uint8Array,
  points = new Points(),
): Promise<number> {
  const { iin } = await association.ask({
    code,
    take: points.take,
    ...(objects === undefined ? {} : { objects }),
  });
  if ((iin & refusals) !== 0)
    throw new DnpError(`${association.peer} did not do it: ${refusalText(iin)}`, "refused", iin);
  return iin;
}

/** Counters of a request to freeze: the variation is of no account. */
const COUNTERS = { group: 20, variation: 0 } as const;

export interface Freezing {
  /** Those that count begin anew from 0. */
  readonly clear?: boolean;
  /** All of them unless said. */
  readonly which?: Which;
  /** Nothing is answered, whatever becomes of it. */
  readonly unanswered?: boolean;
}

/** Freezes counters: object 21 has what object 20 showed at that moment. */
export async function freeze(association: Association, options: Freezing = {}): Promise<void> {
  const { clear = false, which = "all", unanswered = false } = options;
  const objects = readObjects([{ ...COUNTERS, which }]);
  const code = clear
    ? unanswered
      ? functions.freezeClearNoResponse
      : functions.freezeClear
    : unanswered
      ? functions.freezeNoResponse
      : functions.freeze;
  if (unanswered) await association.tell(code, objects);
  else await command(association, code, objects);
}

/** Milliseconds until it answers again, where it says so. */
export async function restart(association: Association, how: "cold" | "warm"): Promise<number | undefined> {
  const points = new Points();
  await command(association, how === "cold" ? functions.coldRestart : functions.warmRestart, undefined, points);
  return points.delayMs;
}

/** Lets the outstation know that somebody has seen that it has restarted. */
export async function clearRestart(association: Association): Promise<void> {
  await command(association, functions.write, restartSeen());
}

/** Events of some classes are told unasked, or no longer. */
export async function unsolicited(association: Association, on: boolean, which: readonly ReadHeader[]): Promise<void> {
  await command(association, on ? functions.enableUnsolicited : functions.disableUnsolicited, readObjects(which));
}

const eventClasses: Readonly<Partial<Record<Indication, 1 | 2 | 3>>> = { class1: 1, class2: 2, class3: 3 };

/** Classes of which there are more events. */
export function waitingClasses(iin: number): readonly (1 | 2 | 3)[] {
  return indicated(iin).flatMap((one) => eventClasses[one] ?? []);
}

export function isRestarted(iin: number): boolean {
  return (iin & indications.deviceRestart) !== 0;
}
