/** Objects of a request, each looked up for its function, before anything is done. */
import { indications } from "#protocol/dnp3/application/indications.ts";
import { readObjectHeader, type ObjectHeader } from "#protocol/dnp3/application/object-header.ts";
import { WireError, type Reader } from "#wire/cursor.ts";
import { implementedFor, type ObjectMeaning } from "./implemented.ts";

/** Object headers of one request, at most: more are a parameter error. An answer cannot be made long without bound. */
export const MOST_HEADERS = 128;

export interface RequestObject {
  readonly header: ObjectHeader;
  readonly means: ObjectMeaning;
}

/** What is wrong with an object of a request, as internal indications. */
export interface Wrong {
  readonly iin: number;
  /** Undefined where it cannot be read: nor can what follows. */
  readonly header: ObjectHeader | undefined;
}

/**
 * Reads the next header, and says what it means for a function. What is behind it is left to the caller. Throws WireError on one that is
 * cut, or has a qualifier that is none.
 */
export function nextObject(reader: Reader, code: number, request: Uint8Array): RequestObject | Wrong {
  const [group = 0, variation = 0] = request.subarray(reader.at);
  const known = implementedFor(code, group, variation);
  try {
    const header = readObjectHeader(reader);
    if (known === undefined) return { iin: indications.objectUnknown, header };
    if (!known.qualifiers.has(header.qualifier)) return { iin: indications.parameterError, header };
    return { header, means: known.means };
  } catch (error) {
    if (!(error instanceof WireError) || known !== undefined) throw error;
    return { iin: indications.objectUnknown, header: undefined };
  }
}
