/** WRITE (IEEE 1815 clause 4.4.3): the time, directly or as of a recorded instant, and the restart bit. */
import { functions } from "#protocol/dnp3/application/functions.ts";
import { indications } from "#protocol/dnp3/application/indications.ts";
import type { ObjectHeader } from "#protocol/dnp3/application/object-header.ts";
import { Reader, WireError } from "#wire/cursor.ts";
import type { DnpProcess } from "./dnp-process.ts";
import type { ObjectMeaning } from "./implemented.ts";
import { done, type MasterState, type Reply } from "./master-state.ts";
import { nextObject } from "./request-objects.ts";

/** The bit of the internal indications that may be written, and what it may be written to. */
const RESTART_BIT = 7;

/** Objects of one request, at most: the time, and the restart bit, once each. */
const MOST_OBJECTS = 2;

const wrong: Reply = { iin: indications.parameterError };

/** Everything is read before anything is done. The time of a broadcast is taken where that is configured. */
export function write(process: DnpProcess, master: MasterState, request: Uint8Array, broadcast: boolean): Reply {
  const deeds: (() => Reply)[] = [];
  const reader = new Reader(request);
  reader.skip(2);
  try {
    while (reader.left > 0) {
      const object = nextObject(reader, functions.write, request);
      if ("iin" in object) return { iin: object.iin };
      if (broadcast && !process.settings.globalTimeSet && isTime(object.means)) return wrong;
      const deed = deedOf(process, master, object, reader);
      if (deed === undefined || deeds.length === MOST_OBJECTS) return wrong;
      deeds.push(deed);
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return wrong;
  }
  if (deeds.length === 0) return wrong;
  for (const deed of deeds) {
    const reply = deed();
    if (reply.iin !== 0) return reply;
  }
  return done;
}

function isTime(means: ObjectMeaning): boolean {
  return "is" in means && means.is !== "indications";
}

function deedOf(
  process: DnpProcess,
  master: MasterState,
  { means, header }: { readonly means: ObjectMeaning; readonly header: ObjectHeader },
  reader: Reader,
): (() => Reply) | undefined {
  if (!("is" in means) || header.count !== 1) return undefined;
  if (means.is === "indications") {
    if (header.first !== RESTART_BIT || (reader.u8() & 1) !== 0) return undefined;
    return () => {
      master.restarted = false;
      return done;
    };
  }
  const utc = reader.u32(true) + reader.u16(true) * 2 ** 32;
  return means.is === "time" ? () => setTime(process, utc) : () => setRecorded(process, master, utc);
}

function setTime(process: DnpProcess, utc: number): Reply {
  switch (process.host.setTime(utc)) {
    case "done":
      process.timeWasTold();
      return done;
    case "refused":
      return wrong;
    case "unsupported":
      return { iin: indications.objectUnknown };
  }
}

/** The time that it was when RECORD_CURRENT_TIME came; each record is good for one write. */
function setRecorded(process: DnpProcess, master: MasterState, utc: number): Reply {
  const { recordedAt } = master;
  if (recordedAt === undefined) return wrong;
  // A clock that runs is between two milliseconds.
  const reply = setTime(process, Math.round(utc + process.elapsed() - recordedAt));
  if (reply.iin === 0) master.recordedAt = undefined;
  return reply;
}
