/** Reads a file of an outstation (IEEE 1815 annex A, object 70): opens it, takes it block by block, closes it. */
import { functions } from "#protocol/dnp3/application/functions.ts";
import { refusals, indicationText } from "#protocol/dnp3/application/indication-words.ts";
import { decodeObjects } from "#protocol/dnp3/application/objects.ts";
import { Reader, Writer } from "#wire/cursor.ts";
import type { Association } from "./association.ts";
import { DnpError } from "./failing.ts";
import { sized } from "./requests.ts";

const FILES = 70;
const variations = { command: 3, commandStatus: 4, transport: 5, transportStatus: 6 } as const;

/** Where the name stands in a file command. */
const NAME_AT = 26;
const READING = 1;
/** Of one answer with its headers, within the fragments that every outstation may send. */
const BLOCK = 1024;
/** Of a block's number: it is the last. */
const LAST = 0x8000_0000;

/** Status of a file (IEEE 1815 table 12-3). */
const statuses: Readonly<Record<number, string>> = {
  1: "this master may not",
  2: "it cannot be opened in this way",
  3: "there is no such file",
  4: "another has it",
  5: "too many files are open",
  6: "the handle is none",
  7: "the length of the block is wrong",
  8: "the connection was lost",
  9: "it cannot be aborted",
  16: "it was not open",
  17: "it was closed after a time without a request",
  18: "the buffer is full",
  19: "it broke off",
  20: "a block is out of its order",
};

/** Rejects with DnpError, with a file's status in words. `most` is what is taken of it, octets. */
export async function readFile(association: Association, name: string, most: number): Promise<Uint8Array> {
  const status = statusIn(
    await objectOf(association, functions.openFile, sized(FILES, variations.command, opening(name)), [
      variations.commandStatus,
    ]),
  );
  refuse(association, `open ${name}`, status.code);
  try {
    return await blocks(association, name, status.handle, most);
  } finally {
    const closing = sized(FILES, variations.commandStatus, closingOf(status.handle));
    await association.ask({ code: functions.closeFile, objects: closing }).catch(() => {
      // It closes what nobody asks for.
    });
  }
}

/** No authentication key, no time of creation, no permissions: a file that is there has its own. */
function opening(name: string): Uint8Array {
  const writer = new Writer(NAME_AT + name.length);
  writer.u16(NAME_AT, true).u16(name.length, true);
  writer.u32(0, true).u16(0, true);
  writer.u16(0, true).u32(0, true).u32(0, true);
  writer.u16(READING, true).u16(BLOCK, true).u16(0, true);
  return writer.latin1(name).done();
}

function closingOf(handle: number): Uint8Array {
  return new Writer(13).u32(handle, true).u32(0, true).u16(0, true).u16(0, true).u8(0).done();
}

async function blocks(association: Association, name: string, handle: number, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let octets = 0;
  for (let number = 0; ; number++) {
    const asked = new Writer(8).u32(handle, true).u32(number, true).done();
    const { variation, reader } = await objectOf(
      association,
      functions.read,
      sized(FILES, variations.transport, asked),
      [variations.transport, variations.transportStatus],
    );
    const own = reader.u32(true);
    const said = reader.u32(true);
    if (variation === variations.transportStatus) refuse(association, `read ${name}`, reader.u8());
    if (own !== handle || said % LAST !== number)
      throw new DnpError(
        `${association.peer} sent block ${said % LAST} of a file where ${number} was asked for`,
        "nonsense",
      );
    const piece = reader.bytes(reader.left).slice();
    pieces.push(piece);
    octets += piece.length;
    if (octets > most) throw new DnpError(`${association.peer}: ${name} has more than ${most} octets`, "nonsense");
    if (said >= LAST) break;
    // What has no end and no content would be asked for again and again.
    if (piece.length === 0)
      throw new DnpError(`${association.peer} sent a block of ${name} with nothing in it`, "nonsense");
  }
  const content = new Uint8Array(octets);
  let at = 0;
  for (const piece of pieces) {
    content.set(piece, at);
    at += piece.length;
  }
  return content;
}

interface FileObject {
  readonly variation: number;
  readonly reader: Reader;
}

/** The file object of an answer, of one of some variations. */
async function objectOf(
  association: Association,
  code: number,
  objects: Uint8Array,
  expected: readonly number[],
): Promise<FileObject> {
  let found: FileObject | undefined;
  const { iin } = await association.ask({
    code,
    objects,
    take(fragment, from) {
      for (const { header, objects: own } of decodeObjects(fragment, from, true)) {
        const [object] = own;
        if (header.group !== FILES || !expected.includes(header.variation) || object?.octets === undefined) continue;
        // Handle and the number of a block, or a size, stand in all of them; a status behind them in those that have one.
        const reader = new Reader(object.octets);
        reader.skip(8);
        if (header.variation === variations.commandStatus) reader.skip(5);
        if (header.variation === variations.transportStatus) reader.skip(1);
        reader.at = 0;
        found = { variation: header.variation, reader };
      }
    },
  });
  if (found !== undefined) return found;
  const why = (iin & refusals) === 0 ? "it answers without a file" : indicationText(iin & refusals);
  throw new DnpError(`${association.peer} does not give files: ${why}`, "refused");
}

function statusIn({ reader }: FileObject): { readonly handle: number; readonly code: number } {
  const handle = reader.u32(true);
  reader.skip(8);
  return { handle, code: reader.u8() };
}

function refuse(association: Association, what: string, code: number): void {
  if (code !== 0)
    throw new DnpError(
      `${association.peer} did not ${what}: ${statuses[code] ?? "it does not say why"} (status ${code})`,
      "refused",
    );
}
