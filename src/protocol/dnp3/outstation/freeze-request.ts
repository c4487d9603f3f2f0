/**
 * Freezes (IEEE 1815 clause 4.4.6). The meter freezes its registers as a whole: a range names points that must be there, and freezes all of
 * them.
 */
import { indications } from "#protocol/dnp3/application/indications.ts";
import { Reader, WireError } from "#wire/cursor.ts";
import type { DnpProcess } from "./dnp-process.ts";
import { done, type Reply } from "./master-state.ts";
import { nextObject } from "./request-objects.ts";
import { pointsOf } from "./shown.ts";

const wrong: Reply = { iin: indications.parameterError };

export function freeze(process: DnpProcess, request: Uint8Array, code: number, clear: boolean): Reply {
  const refusal = refusalOf(process, request, code);
  if (refusal !== undefined) return refusal;
  switch (process.host.freeze(clear)) {
    case "done":
      return done;
    case "refused":
      return wrong;
    case "unsupported":
      return { iin: indications.noFunction };
  }
}

function refusalOf({ host }: DnpProcess, request: Uint8Array, code: number): Reply | undefined {
  const reader = new Reader(request);
  reader.skip(2);
  if (reader.left === 0) return wrong;
  const points = pointsOf(host.image(), "counter");
  try {
    while (reader.left > 0) {
      const object = nextObject(reader, code, request);
      if ("iin" in object) return { iin: object.iin };
      if (points === 0) return { iin: indications.objectUnknown };
      const { first, count } = object.header;
      if (count === 0 || (count !== Infinity && first + count > points)) return wrong;
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return wrong;
  }
  return undefined;
}
