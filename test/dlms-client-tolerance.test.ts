/** What meters are about to do otherwise than the standard has it, and what a line does to answers: each with a meter that does so. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { AttributeReference, GetResult, Xdlms } from "#protocol/dlms/apdu/apdu.ts";
import { nobody } from "#protocol/dlms/client/authentication.ts";
import { DlmsClient } from "#protocol/dlms/client/client.ts";
import { clockOf, dateTimeFor } from "#protocol/dlms/client/clock.ts";
import { CounterTooLow, DlmsError } from "#protocol/dlms/client/failing.ts";
import { objectsOf } from "#protocol/dlms/client/objects.ts";
import { captureObjects, NoSelection, profileRows } from "#protocol/dlms/client/profile.ts";
import {
  array,
  doubleLongUnsigned,
  enumerated,
  integer,
  longUnsigned,
  octets,
  structure,
  unsigned,
  type Data,
} from "#protocol/dlms/data/data.ts";
import { dateTimeBytes, dateTimeOf } from "#protocol/dlms/data/date-time.ts";
import { logicalNameBytes } from "#protocol/dlms/data/logical-name.ts";
import { bytesOf, hexOf } from "./dlms-replay.ts";
import { FixtureMeter, type FixtureOptions } from "./dlms-fixture-meter.ts";

async function at(options: FixtureOptions): Promise<{ readonly meter: FixtureMeter; readonly client: DlmsClient }> {
  const meter = new FixtureMeter(options);
  return { meter, client: await DlmsClient.associate(meter, { authentication: nobody }) };
}

async function all<T>(of: AsyncGenerator<T, unknown>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of of) found.push(one);
  return found;
}

const register = { classId: 3, logicalName: "1.0.1.8.0.255", attribute: 2 } as const;
const value: GetResult = { data: doubleLongUnsigned(70_003) };

function listed(classId: number, name: string, ...attributes: readonly (readonly [id: number, mode: number])[]): Data {
  const rights = attributes.map(([id, mode]) => structure(integer(id), enumerated(mode), { type: "null-data" }));
  return structure(
    longUnsigned(classId),
    unsigned(0),
    octets(logicalNameBytes(name)),
    structure(array(rights), array([])),
  );
}

// ── lists of objects ──────────────────────────────────────────────────────────────────────────────────────────────────

test("a meter without a list of its objects is tried with those that meters usually have", async () => {
  const { client } = await at({});
  const walk = objectsOf(client);
  const found = await all(walk);
  assert.ok(found.every(({ association }) => association === undefined));
  const names = found.map(({ object }) => object.logicalName);
  for (const one of ["0.0.42.0.0.255", "0.0.1.0.0.255", "1.0.1.8.0.255", "1.0.99.1.0.255"])
    assert.ok(names.includes(one), one);
});

test("why there is no list is handed on", async () => {
  const { client } = await at({ get: () => ({ denied: "read-write-denied" }) });
  const walk = objectsOf(client);
  let step = await walk.next();
  while (step.done !== true) step = await walk.next();
  assert.equal(step.value, "read-write-denied");
});

test("another association object than the usual one has the list", async () => {
  const get = ({ logicalName }: AttributeReference): GetResult =>
    logicalName === "0.0.40.0.3.255"
      ? { data: array([listed(3, "1.0.1.8.0.255", [1, 1], [2, 1], [3, 2])]) }
      : { denied: "object-undefined" };
  const { client } = await at({ get });
  const [only, ...others] = await all(objectsOf(client));
  assert.equal(only?.association, "0.0.40.0.3.255");
  assert.deepEqual(only?.object, { classId: 3, version: 0, logicalName: "1.0.1.8.0.255", readable: new Set([1, 2]) });
  assert.deepEqual(others, []);
});

test("what is no member of a list is passed over", async () => {
  const { client } = await at({
    get: () => ({ data: array([unsigned(7), listed(1, "0.0.96.1.0.255"), structure()]) }),
  });
  assert.deepEqual(
    (await all(objectsOf(client))).map(({ object }) => object.logicalName),
    ["0.0.96.1.0.255"],
  );
});

test("100,000 objects pass as they come: no more blocks are asked for than what is looked at needs", async () => {
  const one = listed(3, "1.0.1.8.0.255", [1, 1], [2, 1], [3, 1]);
  const many = array(Array.from({ length: 100_000 }, () => one));
  const { meter, client } = await at({ get: () => ({ data: many }), block: 1000 });
  const walk = objectsOf(client);
  for (let k = 0; k < 100; k++) assert.equal((await walk.next()).done, false);
  // A member is 42 bytes: 02 04, class 3, version 2, name 8, rights 2 + 2 + 3 x 7 + 2; 100 of them are in 5 blocks.
  assert.ok(meter.asked.length <= 6, String(meter.asked.length));
  await walk.return(undefined);
});

// ── clocks ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** 2026-07-31T14:45:00Z, where local time is two hours ahead. */
const now = 1_785_509_100_000;
const local = (deviation: string) => dateTimeOf(bytesOf(`07ea071f 05 102d0000 ${deviation} 80`));

test("the sign of a deviation is the one by which the meter's clock is right", () => {
  // -120 minutes is the standard's way of two hours ahead.
  assert.deepEqual(
    [local("ff88"), local("0078"), local("8000")].map((time) => {
      const { sign, utc, offsetMinutes } = clockOf(time, now + 30_000, 120);
      return [sign, utc, offsetMinutes];
    }),
    [
      ["standard", now, 120],
      ["reversed", now, 120],
      ["unspecified", now, 120],
    ],
  );
});

test("a clock that is wrong either way is taken by the standard", () => {
  assert.equal(clockOf(local("0078"), now + 3_600_000, 120).sign, "standard");
  assert.equal(clockOf(local("0000"), now + 7_200_000, 120).sign, "standard");
});

test("a clock is set as the meter itself says time: its local time, its sign, its daylight saving", () => {
  const later = now + 61_250;
  const set = (deviation: string): string =>
    hexOf(dateTimeBytes(dateTimeFor(later, clockOf(local(deviation), now, 120))));
  assert.equal(set("ff88"), "07ea071f05102e0119ff8880");
  assert.equal(set("0078"), "07ea071f05102e0119007880");
  assert.equal(set("8000"), "07ea071f05102e0119800080");
});

// ── profiles ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const PROFILE = "1.0.99.1.0.255";
const row = (k: number): Data =>
  structure(octets(bytesOf(`07ea0101 04 00${k.toString(16).padStart(2, "0")}0000 8000 00`)), doubleLongUnsigned(k));

test("a buffer without capture objects is rows as wide as they are", async () => {
  const get = ({ attribute }: AttributeReference): GetResult =>
    attribute === 2 ? { data: array([row(1), row(2)]) } : { denied: "object-unavailable" };
  const { client } = await at({ get });
  assert.equal(await captureObjects(client, PROFILE), undefined);
  assert.deepEqual(
    (await all(profileRows(client, PROFILE, { by: "all" }))).map(({ length }) => length),
    [2, 2],
  );
});

test("the last entry taken for how many gives the rows that were asked for, and no more", async () => {
  // 2 to 3 are asked for; three rows from the second on come.
  const { client } = await at({ get: () => ({ data: array([row(2), row(3), row(4)]) }) });
  const rows = await all(profileRows(client, PROFILE, { by: "entry", from: 2, to: 3 }));
  assert.deepEqual(
    rows.map((one) => one[1]),
    [doubleLongUnsigned(2), doubleLongUnsigned(3)],
  );
});

test("a meter that does not choose rows says so before any has come", async () => {
  const { client } = await at({ get: () => ({ denied: "type-unmatched" }) });
  const range = {
    by: "range",
    from: dateTimeOf(bytesOf("07ea0101ff00000000800000")),
    to: dateTimeOf(bytesOf("07ea0102ff00000000800000")),
  } as const;
  await assert.rejects(
    all(profileRows(client, PROFILE, range)),
    (error) => error instanceof NoSelection && error.denied === "type-unmatched",
  );
});

test("an empty buffer is no row, whether it is an empty array or null-data", async () => {
  for (const data of [array([]), { type: "null-data" }] as const) {
    const { client } = await at({ get: () => ({ data }) });
    assert.deepEqual(await all(profileRows(client, PROFILE, { by: "all" })), []);
  }
});

test("floats with their length before them are read, and plain ones are", async () => {
  // A row of 1.0 and 2.5 both ways, which a block cuts in the second float.
  for (const [first, second] of [
    ["0101 0202 17 3f800000 17 4020", "0000"],
    ["0101 0202 17 04 3f800000 17 04 4020", "0000"],
  ] as const) {
    const instead = (request: Xdlms): Xdlms | undefined => {
      if (request.apdu === "get-request-normal")
        return {
          apdu: "get-response-with-datablock",
          invoke: request.invoke,
          last: false,
          number: 1,
          result: { bytes: bytesOf(first) },
        };
      if (request.apdu === "get-request-next")
        return {
          apdu: "get-response-with-datablock",
          invoke: request.invoke,
          last: true,
          number: 2,
          result: { bytes: bytesOf(second) },
        };
      return undefined;
    };
    const { client } = await at({ instead });
    const rows = await all(profileRows(client, PROFILE, { by: "all" }));
    assert.deepEqual(rows, [
      [
        { type: "float32", value: 1 },
        { type: "float32", value: 2.5 },
      ],
    ]);
  }
});

// ── associations ────────────────────────────────────────────────────────────────────────────────────────────────────────

test("a refusal says what to look at, by the diagnostic of the AARE", async () => {
  for (const [by, code, says] of [
    ["user", 1, /client address/],
    ["user", 2, /ciphering/],
    ["user", 11, /does not know this mechanism/],
    ["user", 13, /wrong password or key/],
    ["user", 14, /wants authentication/],
    ["provider", 2, /another version of ACSE/],
  ] as const)
    await assert.rejects(
      at({ aare: { result: "rejected-permanent", diagnostic: { by, code } } }),
      (error) => error instanceof DlmsError && error.reason === "rejected" && says.test(error.message),
    );
});

test("a confirmedServiceError in a refusal says why", async () => {
  // initiate, choice 6, incompatible conformance.
  const aare = {
    result: "rejected-permanent",
    diagnostic: { by: "user", code: 1 },
    information: bytesOf("0e010602"),
  } as const;
  await assert.rejects(at({ aare }), /none of the services that were proposed/);
});

test("a release that nobody answers is not waited for long", async () => {
  const { client } = await at({ release: "silence" });
  const clock = new VirtualClock();
  const released = client.release(clock);
  clock.advance(500);
  await released;
});

// ── blocks and lines ────────────────────────────────────────────────────────────────────────────────────────────────────

const long = array(Array.from({ length: 50 }, (_, k) => row(k)));

test("blocks are taken where nobody agreed to them", async () => {
  const { client } = await at({ conformance: ["get"], get: () => ({ data: long }), block: 100 });
  assert.deepEqual(await client.get(register), { data: long });
});

test("a block that was lost is asked for again by the number of the last that came, twice at most", async () => {
  const lost = (times: number): FixtureOptions => {
    let left = times;
    return {
      get: () => ({ data: long }),
      block: 100,
      instead: (request) =>
        request.apdu === "get-request-next" && request.block === 3 && left-- > 0 ? "silence" : undefined,
    };
  };
  const { meter, client } = await at(lost(2));
  assert.deepEqual(await client.get(register), { data: long });
  const blocks = meter.asked.flatMap((one) => (one.apdu === "get-request-next" ? one.block : []));
  assert.deepEqual(blocks.slice(0, 7), [1, 2, 3, 3, 3, 4, 5]);
  const gone = await at(lost(3));
  await assert.rejects(gone.client.get(register), /did not answer within 1000 ms/);
});

test("an answer that came too late is none: what was asked is asked again", async () => {
  let late = true;
  const instead = (request: Xdlms): Xdlms | undefined => {
    if (request.apdu !== "get-request-normal" || !late) return undefined;
    late = false;
    return {
      apdu: "get-response-normal",
      invoke: (request.invoke & 0xf0) | ((request.invoke + 5) & 0x0f),
      result: { data: unsigned(1) },
    };
  };
  const { meter, client } = await at({ get: () => value, instead });
  assert.deepEqual([await client.get(register), meter.asked.length], [value, 2]);
});

test("a block that came before is late, and one that is missing is nonsense", async () => {
  let once = true;
  const instead = (request: Xdlms): Xdlms | undefined => {
    if (request.apdu !== "get-request-next" || request.block !== 3 || !once) return undefined;
    once = false;
    return {
      apdu: "get-response-with-datablock",
      invoke: request.invoke,
      last: false,
      number: 3,
      result: { bytes: bytesOf("00") },
    };
  };
  const { client } = await at({ get: () => ({ data: long }), block: 100, instead });
  assert.deepEqual(await client.get(register), { data: long });
  const skips = (request: Xdlms): Xdlms | undefined =>
    request.apdu === "get-request-next"
      ? {
          apdu: "get-response-with-datablock",
          invoke: request.invoke,
          last: false,
          number: request.block + 2,
          result: { bytes: bytesOf("00") },
        }
      : undefined;
  const other = await at({ get: () => ({ data: long }), block: 100, instead: skips });
  await assert.rejects(
    other.client.get(register),
    (error) => error instanceof DlmsError && error.reason === "nonsense",
  );
});

test("what a meter breaks off in the middle ends with its own word", async () => {
  const instead = (request: Xdlms): Xdlms | undefined =>
    request.apdu === "get-request-next" && request.block === 2
      ? {
          apdu: "get-response-with-datablock",
          invoke: request.invoke,
          last: true,
          number: 3,
          result: { denied: "long-get-aborted" },
        }
      : undefined;
  const { client } = await at({ get: () => ({ data: long }), block: 100, instead });
  assert.deepEqual(await client.get(register), { denied: "long-get-aborted" });
  const rows = profileRows((await at({ get: () => ({ data: long }), block: 100, instead })).client, PROFILE, {
    by: "all",
  });
  // A row is 21 bytes: nine of them are in 200.
  await assert.rejects(all(rows), /broke off after 9 rows/);
});

test("general block transfer is taken where a meter uses it, a block at a time", async () => {
  // A get-response-normal of 70,003 in three pieces: c4 01 iv 00 06 00011173.
  const whole = (invoke: number): Uint8Array => bytesOf(`c401${invoke.toString(16).padStart(2, "0")}000600011173`);
  let bytes: Uint8Array = new Uint8Array(0);
  const piece = (number: number): Xdlms => ({
    apdu: "general-block-transfer",
    last: number === 3,
    streaming: false,
    window: 1,
    number,
    acknowledged: number - 1,
    bytes: bytes.subarray(3 * number - 3, 3 * number),
  });
  const instead = (request: Xdlms): Xdlms | undefined => {
    if (request.apdu === "get-request-normal") {
      bytes = whole(request.invoke);
      return piece(1);
    }
    return request.apdu === "general-block-transfer" ? piece(request.acknowledged + 1) : undefined;
  };
  const { meter, client } = await at({ instead });
  assert.deepEqual(await client.get(register), value);
  const acknowledged = meter.asked.flatMap((one) => (one.apdu === "general-block-transfer" ? one.acknowledged : []));
  assert.deepEqual(acknowledged, [1, 2]);
});

test("a list that a meter does not answer as one is asked one by one", async () => {
  const services = ["get", "multiple-references"] as const;
  const { meter, client } = await at({ conformance: services, get: () => value });
  assert.deepEqual(await client.getAll([register, register, register]), [value, value, value]);
  assert.deepEqual(
    meter.asked.map(({ apdu }) => apdu),
    ["get-request-with-list", "get-request-normal", "get-request-normal", "get-request-normal"],
  );
});

test("a list that is longer than the meter takes is not sent", async () => {
  // Three references of 10 bytes and four before them are 34.
  const { meter, client } = await at({ conformance: ["get", "multiple-references"], maxPdu: 33, get: () => value });
  assert.equal((await client.getAll([register, register, register])).length, 3);
  assert.ok(meter.asked.every(({ apdu }) => apdu === "get-request-normal"));
});

test("an exception-response is an error in words, with the counter that was expected", async () => {
  const { client } = await at({
    instead: () => ({
      apdu: "exception-response",
      state: "service-not-allowed",
      service: "invocation-counter-error",
      counter: 77,
    }),
  });
  await assert.rejects(
    client.get(register),
    (error) =>
      error instanceof CounterTooLow &&
      error.expected === 77 &&
      /not higher than that of the last message; it expects 77 at least/.test(error.message),
  );
});

test("what a meter answers to something else is nonsense, and what is set is not set twice", async () => {
  const { meter, client } = await at({
    instead: (request) =>
      "invoke" in request ? { apdu: "get-response-normal", invoke: request.invoke, result: value } : undefined,
  });
  await assert.rejects(
    client.set(register, unsigned(1)),
    (error) => error instanceof DlmsError && error.reason === "nonsense",
  );
  assert.equal(meter.asked.length, 1);
  const silent = await at({ instead: () => "silence" });
  await assert.rejects(silent.client.set(register, unsigned(1)), /did not answer/);
  assert.equal(silent.meter.asked.length, 1);
});

test("a meter that sends blocks with nothing in them for ever is given up, of whatever kind they are", async () => {
  const nothing = new Uint8Array(0);
  const numberOf = (request: Xdlms): number =>
    request.apdu === "get-request-next" || request.apdu === "action-request-next-pblock" ? request.block + 1 : 1;
  const answers: readonly [
    what: string,
    ask: (client: DlmsClient) => Promise<unknown>,
    say: (request: Xdlms) => Xdlms | undefined,
  ][] = [
    [
      "get",
      (client) => client.get(register),
      (request) =>
        "invoke" in request
          ? {
              apdu: "get-response-with-datablock",
              invoke: request.invoke,
              last: false,
              number: numberOf(request),
              result: { bytes: nothing },
            }
          : undefined,
    ],
    [
      "action",
      (client) => client.act({ ...register, method: 1 }),
      (request) =>
        "invoke" in request
          ? {
              apdu: "action-response-with-pblock",
              invoke: request.invoke,
              block: { last: false, number: numberOf(request), bytes: nothing },
            }
          : undefined,
    ],
    [
      "general block transfer",
      (client) => client.get(register),
      (request) => ({
        apdu: "general-block-transfer",
        last: false,
        streaming: false,
        window: 1,
        number: request.apdu === "general-block-transfer" ? request.acknowledged + 1 : 1,
        acknowledged: 0,
        bytes: nothing,
      }),
    ],
  ];
  for (const [what, ask, instead] of answers) {
    const { meter, client } = await at({ instead });
    await assert.rejects(
      ask(client),
      (error) => error instanceof DlmsError && /nothing in them/.test(error.message),
      what,
    );
    assert.ok(meter.asked.length < 20, what);
  }
});
