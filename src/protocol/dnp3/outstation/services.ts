/** Functions of the application layer besides READ and CONFIRM (IEEE 1815 clause 4.4): who may, and what becomes of them. */
import { functions } from "#protocol/dnp3/application/functions.ts";
import { indications } from "#protocol/dnp3/application/indications.ts";
import { qualifiers } from "#protocol/dnp3/application/object-header.ts";
import type { DnpRights } from "#protocol/dnp3/link/master-line.ts";
import { Reader, WireError } from "#wire/cursor.ts";
import type { DnpProcess } from "./dnp-process.ts";
import { freeze } from "./freeze-request.ts";
import type { EventClass } from "./host.ts";
import { done, type MasterState, type Reply } from "./master-state.ts";
import { nextObject } from "./request-objects.ts";
import type { Unsolicited } from "./unsolicited.ts";
import { write } from "./write-request.ts";

export interface Serving {
  readonly process: DnpProcess;
  readonly master: MasterState;
  readonly rights: DnpRights;
  readonly unsolicited: Unsolicited | undefined;
  readonly broadcast?: boolean;
}

export interface ServedReply extends Reply {
  /** What is to be done when the answer has gone. */
  readonly after?: () => void;
}

/** How long it takes until a process that begins anew answers, milliseconds: both restarts are one. */
const RESTART_MS = 500;

const unsupported: Reply = { iin: indications.noFunction };
const wrong: Reply = { iin: indications.parameterError };

/** One time delay, fine (g52v2). */
function delay(ms: number): Uint8Array {
  return Uint8Array.of(52, 2, qualifiers.count8, 1, ms & 0xff, (ms >> 8) & 0xff);
}

type Service = (serving: Serving, request: Uint8Array, code: number) => ServedReply;

const services = new Map<number, Service>([
  [functions.write, ({ process, master, broadcast }, request) => write(process, master, request, broadcast === true)],
  [functions.freeze, ({ process }, request, code) => frozen(process, request, code, false)],
  [functions.freezeNoResponse, ({ process }, request, code) => frozen(process, request, code, false)],
  [functions.freezeClear, ({ process }, request, code) => frozen(process, request, code, true)],
  [functions.freezeClearNoResponse, ({ process }, request, code) => frozen(process, request, code, true)],
  [functions.coldRestart, restart],
  [functions.warmRestart, restart],
  [functions.enableUnsolicited, enable],
  [functions.disableUnsolicited, enable],
  [functions.delayMeasure, delayMeasure],
  [functions.recordCurrentTime, record],
]);

/** Functions by which everybody may be asked. */
const forEverybody: ReadonlySet<number> = new Set([
  functions.write,
  functions.freeze,
  functions.freezeNoResponse,
  functions.freezeClear,
  functions.freezeClearNoResponse,
  functions.coldRestart,
  functions.warmRestart,
  functions.recordCurrentTime,
]);

export function isForEverybody(code: number): boolean {
  return forEverybody.has(code);
}

/** Who may only read may measure the delay, too; who may nothing is answered that there is no such function. */
export function served(serving: Serving, request: Uint8Array, code: number): ServedReply {
  const { rights } = serving;
  const isAllowed = rights === "write" || (rights === "read" && code === functions.delayMeasure);
  const service = isAllowed ? services.get(code) : undefined;
  return service === undefined ? unsupported : service(serving, request, code);
}

/** A freeze that was asked for is looked for at once: its response says that there are events. */
function frozen(process: DnpProcess, request: Uint8Array, code: number, clear: boolean): ServedReply {
  const reply = freeze(process, request, code, clear);
  if (reply.iin === 0) process.lookNow();
  return reply;
}

function restart({ process }: Serving, request: Uint8Array): ServedReply {
  if (request.length > 2) return wrong;
  return { iin: 0, objects: delay(RESTART_MS), after: () => process.restart() };
}

function delayMeasure({ master }: Serving, request: Uint8Array): Reply {
  return request.length > 2 ? wrong : { iin: 0, objects: delay(Math.min(0xffff, Math.round(master.line.delayMs))) };
}

function record({ process, master }: Serving, request: Uint8Array): Reply {
  if (request.length > 2) return wrong;
  master.recordedAt = process.elapsed();
  return done;
}

/** Classes 1 to 3 of unsolicited responses, where there are any. */
function enable({ unsolicited }: Serving, request: Uint8Array, code: number): Reply {
  if (unsolicited === undefined) return unsupported;
  const classes: EventClass[] = [];
  const reader = new Reader(request);
  reader.skip(2);
  try {
    while (reader.left > 0) {
      const object = nextObject(reader, code, request);
      if ("iin" in object) return { iin: object.iin };
      const { means } = object;
      if ("class" in means && means.class !== "all" && means.class !== 0) classes.push(means.class);
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return wrong;
  }
  if (classes.length === 0) return wrong;
  unsolicited.enable(classes, code === functions.enableUnsolicited);
  return done;
}
