/** A model read from units that are not quite it: silent to questions beside its registers, another product, or one that refuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eastronSdm630 } from "#model/eastron-sdm630.ts";
import { em24 } from "#model/em24.ts";
import { levitonS4000k } from "#model/leviton-s4000k.ts";
import type { MeterModel } from "#model/model.ts";
import { sunspecMeter } from "#model/sunspec-meter.ts";
import type { Requester } from "#protocol/modbus/client.ts";
import { ClientError } from "#protocol/modbus/failing.ts";
import type { Request, Response } from "#protocol/modbus/pdu.ts";
import { readUnit } from "./read-meter.ts";

interface Said {
  /** Of function 0x2B; silent unless said. */
  readonly objects?: readonly string[];
  /** Of function 0x11; silent unless said. */
  readonly serverId?: string;
  /** Words of holding registers, by address; 0 elsewhere. */
  readonly words?: Readonly<Record<number, number>>;
  /** Of register 0x000B when it is read alone. */
  readonly code?: number;
  /** Refuses every read of more than a register or two. */
  readonly refuses?: boolean;
}

/** A unit that has every register, and says so of itself. */
function unitOf({
  objects,
  serverId,
  words = {},
  code,
  refuses = false,
}: Said): Requester & { readonly asked: Request[] } {
  const asked: Request[] = [];
  const silence = new ClientError("10.0.0.1:502: unit 1 did not answer within 250 ms", "silence");
  return {
    asked,
    async request(_unit, request): Promise<Response> {
      asked.push(request);
      if (request.kind === "read") {
        const { fn, first, count } = request;
        if (refuses && count > 4) return { kind: "exception", fn, exception: 2 };
        if (first === 0x000b && count === 1 && code !== undefined)
          return { kind: "registers", fn, values: Uint16Array.of(code) };
        return { kind: "registers", fn, values: Uint16Array.from({ length: count }, (_, k) => words[first + k] ?? 0) };
      }
      if (request.kind === "device identification" && objects !== undefined)
        return {
          kind: "identification",
          code: 1,
          conformity: 1,
          objects: new Map(objects.map((text, id) => [id, text])),
        };
      if (request.kind === "report server id" && serverId !== undefined)
        return { kind: "server id", data: Uint8Array.from([247, 255, ...Buffer.from(serverId, "latin1")]) };
      throw silence;
    },
    close() {},
  };
}

async function notesOf(model: MeterModel, said: Said): Promise<readonly string[]> {
  return (await readUnit(unitOf(said), 1, model)).notes;
}

test("a meter that is silent to 0x2B and 0x11 is read all the same, and nothing is noted", async () => {
  const unit = unitOf({});
  const { identification, blocks, notes } = await readUnit(unit, 1, eastronSdm630);
  assert.deepEqual([identification, notes], [[], []]);
  assert.ok(blocks.flatMap(({ points }) => points).length > 50);
  const beside = unit.asked.filter(({ kind }) => kind !== "read").map(({ kind }) => kind);
  assert.deepEqual(beside, ["device identification", "report server id"], "each asked once");
});

test("a model that is not what answers is noted with both names, whichever way it says what it is", async () => {
  assert.deepEqual(await notesOf(eastronSdm630, { objects: ["Leviton", "S4100", "V1.019"] }), [
    'unit 1 says by its device identification that it is "Leviton S4100 V1.019" (leviton-s4100); it was taken for eastron-sdm630: is --model right?',
  ]);
  assert.match(
    (await notesOf(eastronSdm630, { serverId: "Leviton Series 4000R Power Meter Full Data Set" }))[0] ?? "",
    /by its server id that it is "Leviton Series 4000R Power Meter Full Data Set \(id 247\)" \(leviton-s4000r\); it was taken for eastron-sdm630/,
  );
  assert.match(
    (await notesOf(levitonS4000k, { objects: ["Acme", "X1", "7"] }))[0] ?? "",
    /"Acme X1 7" \(none of the models here\); it was taken for leviton-s4000k/,
  );
  assert.match(
    (await notesOf(eastronSdm630, { code: 1651 }))[0] ?? "",
    /by its identification register that it is "Carlo Gavazzi EM24 \(1651 in 0x000B\)" \(em24\); it was taken for eastron-sdm630/,
  );
  assert.match((await notesOf(em24, { code: 71 }))[0] ?? "", /unit 1 has 71 in 0x000B, where em24 has 1648/);
});

test("what says that it is the model is not noted, in the words of its kin either", async () => {
  assert.deepEqual(await notesOf(levitonS4000k, { objects: ["Leviton", "Series 4000", "V1.019"] }), []);
  assert.deepEqual(await notesOf(levitonS4000k, { serverId: "Leviton Series 4000K Power Meter Full Data Set" }), []);
  assert.deepEqual(await notesOf(em24, { code: 1653 }), []);
  // "SunS", model 1: whoever speaks SunSpec is a SunSpec meter.
  const suns = { 40_000: 0x5375, 40_001: 0x6e53, 40_002: 1, 40_003: 66 };
  assert.deepEqual(await notesOf(sunspecMeter, { objects: ["Acme", "X1"], words: suns }), []);
});

test("a model whose registers are refused is an error that names what answers", async () => {
  await assert.rejects(
    readUnit(unitOf({ refuses: true, objects: ["Leviton", "S4100", "V1.019"] }), 1, eastronSdm630),
    /unit 1 refused registers .*illegal data address \(0x02\).*says by its device identification that it is "Leviton S4100 V1.019" \(leviton-s4100\)/,
  );
});

test("who has been asked once what he is, is not asked again", async () => {
  const unit = unitOf({ objects: ["Leviton", "S4100"] });
  assert.deepEqual((await readUnit(unit, 1, eastronSdm630, { known: true })).notes, []);
});
