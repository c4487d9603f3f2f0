/**
 * libiec61850's and iec61850bean's clients, asking a server with the model that libiec61850's server had in ../shared/vectors/mms-*.txt: it answers
 * octet for octet what that answered, but for what is measured.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodePdu, type MmsPdu } from "#protocol/iec61850/mms/pdu.ts";
import { utcOfGeneralizedTime } from "#protocol/iec61850/mms/generalized-time.ts";
import type { AccessResult } from "#protocol/iec61850/mms/variable-access.ts";
import { controls } from "#protocol/iec61850/server/controls.ts";
import { reports } from "#protocol/iec61850/server/reports.ts";
import type { MakePart } from "#protocol/iec61850/server/shown.ts";
import type { FileShelf } from "#quantity/file-shelf.ts";
import { draftIed, skipDraft } from "./draft-ied.ts";
import { connectionsOf, fromHex, skip, toHex, type MmsFile, type Sent } from "./mms-exchanges.ts";
import { controlBlocks, gooseBlocks } from "./mms-control-blocks.ts";
import { serving, TestHost } from "./mms-serving.ts";

/** What it is, without what is measured. */
function shape(data: AccessResult): unknown {
  if (data.kind === "failure") return data;
  if (data.kind === "array" || data.kind === "structure") return { kind: data.kind, items: data.items.map(shape) };
  if (data.kind === "bits") return { kind: data.kind, length: data.length };
  return data.kind;
}

/** Values are compared by what they are; all else by its octets. */
function comparable(hex: string): unknown {
  const pdu: MmsPdu = decodePdu(fromHex(hex));
  if (pdu.kind !== "response" || pdu.response.service !== "read") return hex;
  return { ...pdu.response, invokeId: pdu.invokeId, results: pdu.response.results.map(shape) };
}

/** The files that the other server had: their names, sizes and times are in what it answered. */
function shelf(file: MmsFile): FileShelf {
  const at = (
    modified = "",
  ): { utc: number; offsetMinutes: number; daylightSaving: boolean; synchronised: boolean } => ({
    utc: utcOfGeneralizedTime(modified) ?? 0,
    offsetMinutes: 0,
    daylightSaving: false,
    synchronised: true,
  });
  const pdus = connectionsOf(file).flatMap((sent) =>
    sent.flatMap(({ from, pdu }) => (from === "server" && pdu !== undefined ? [decodePdu(fromHex(pdu))] : [])),
  );
  const responses = pdus.flatMap((pdu) => (pdu.kind === "response" ? [pdu.response] : []));
  const listed = responses.flatMap((one) => (one.service === "fileDirectory" ? one.files : []));
  const read = responses.flatMap((one) => (one.service === "fileRead" ? [one.bytes] : []));
  return {
    folders: ["COMTRADE"],
    list: () => listed.map(({ name, size, modified }) => ({ name, size, at: at(modified) })),
    read: (name) => (name === "COMTRADE/ev1.cfg" ? read[0] : undefined),
  };
}

/** The initiate request and response of a connection, in hexadecimal. */
function initiatesOf(sent: readonly Sent[]): readonly string[] {
  return sent.flatMap(({ tsdu }) => {
    const at = /^0[de]/.test(tsdu) ? tsdu.search(/a[89]2[0-9a-f]80/) : -1;
    return at < 0 ? [] : [tsdu.slice(at, at + 4 + 2 * Number.parseInt(tsdu.slice(at + 2, at + 4), 16))];
  });
}

interface Replay {
  readonly file: MmsFile;
  readonly host: TestHost;
  readonly parts: readonly MakePart[];
  /** What has to be answered otherwise, by what the other server answered. */
  readonly otherwise?: ReadonlyMap<string, string>;
}

/** Asks what was asked, and compares what is answered; reports come when they come. */
async function replay({ file, host, parts, otherwise }: Replay): Promise<void> {
  const { client } = serving(host, parts);
  let compared = 0;
  for (const sent of connectionsOf(file)) {
    const [request, response] = initiatesOf(sent);
    const one = await client(request);
    assert.ok(one.answer.accepted);
    assert.equal(toHex(one.answer.initiate), response);
    const expected: string[] = [];
    const answered: string[] = [];
    const compare = (): void => {
      assert.deepEqual(answered.splice(0).map(comparable), expected.splice(0).map(comparable));
    };
    for (const { from, pdu } of sent) {
      if (pdu === undefined) continue;
      if (from === "client") {
        compare();
        answered.push(...one.ask(pdu).filter((hex) => !isReport(hex)));
      } else if (!isReport(pdu)) {
        expected.push(otherwise?.get(pdu) ?? pdu);
        compared++;
      }
    }
    compare();
    one.hangUp();
  }
  assert.ok(compared > 20, `${compared} compared`);
}

function isReport(pdu: string): boolean {
  return pdu.startsWith("a3");
}

const files = ["mms-walk.txt", "mms-second-client.txt", "mms-paging.txt"] as const;

for (const file of files) {
  test(`${file} is answered as it was`, { skip: skip !== false ? skip : skipDraft }, () =>
    replay({ file, host: new TestHost(draftIed(), shelf(file)), parts: [controlBlocks()] }),
  );

  // The blocks of that server had no Owner: edition 2. It had made entries of which this one has none to go on behind (value-invalid).
  const otherwise = new Map([["a10902012ea50481008100", "a10a02012ea50580010b8100"]]);
  test(
    `${file} is answered so by report control blocks and controls, too`,
    { skip: skip !== false ? skip : skipDraft },
    () =>
      replay({
        file,
        host: new TestHost({ ...draftIed(), edition: "2" }, shelf(file)),
        parts: [gooseBlocks, reports, controls],
        otherwise,
      }),
  );
}
