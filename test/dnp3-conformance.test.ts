/**
 * The application's part of the IED certification procedure for Level 2 (v3.1), by the numbers of its sections, as ../shared/facts/scada.md 2.7
 * names them. Configured as the procedure wants it: no events of frozen counters, analogs of variations 1 to 4.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { broadcasts } from "#protocol/dnp3/link/master-line.ts";
import { pointFlags, type OutstationSettings } from "#protocol/dnp3/outstation/host.ts";
import { Bench, FixtureHost, FixtureLine, usualSettings, type FixturePoints } from "./dnp3-host.ts";

const points: FixturePoints = {
  binaries: [true, false, true],
  outputs: [false, true],
  counters: [17, 70_001],
  analogs: [1234, -56, 99_999],
};

const changes: OutstationSettings["events"] = {
  binary: { class: 1, variation: 2 },
  counter: { class: 2, variation: 1 },
  analog: { class: 3, variation: 1, deadbands: [10, 0, 100] },
  scanMs: 1000,
  most: { freezes: 500, others: 5 },
};

/** No events at all. */
const none: OutstationSettings["events"] = { scanMs: 1000, most: { freezes: 500, others: 5 } };

/** A bench whose restart bit and need of time are cleared. */
function bench(settings: Partial<OutstationSettings> = {}, shown: FixturePoints = points): Bench {
  const one = new Bench(new FixtureHost({ events: changes, ...settings }, shown));
  assert.deepEqual(one.ask("ce 02 50 01 00 07 07 00 32 01 07 01 00 f4 51 c2 8c 01"), ["ce810000"]);
  return one;
}

function plain(answers: readonly string[]): string[] {
  return answers.map((answer) => answer.replaceAll(" ", ""));
}

function answered(one: Bench, request: string, ...answers: readonly string[]): void {
  assert.deepEqual(one.ask(request), plain(answers), request);
}

/** A change of every kind, each at a second of its own. */
function happen(one: Bench): void {
  const deeds = [
    () => one.host.setBinary(1, true),
    () => one.host.setCounters([18, 70_001]),
    () => one.host.setAnalog(0, 1300),
  ];
  for (const deed of deeds) {
    one.host.utc += 1000;
    deed();
    one.clock.advance(1000);
  }
}

/** The first of them: the second after 2026 has begun. */
const BINARY = "0202 280100 0100 81 e8abda769b01";

test("8.1-8.4 outputs: SELECT, OPERATE and DIRECT OPERATE are no functions of this device", () => {
  const one = bench();
  const block = "0c 01 17 01 00 03 01 64 00 00 00 64 00 00 00 00";
  answered(one, `c0 03 ${block}`, "c0810001");
  answered(one, `c1 04 ${block}`, "c1810001");
  answered(one, `c2 05 ${block}`, "c2810001");
  answered(one, `c3 06 ${block}`);
  answered(one, `c4 05 29 01 17 01 00 00 00 00 00 00`, "c4810001");
});

test("8.5.1 class 0 is points by ranges, of configured variations, without a confirmation", () => {
  const one = bench();
  answered(
    one,
    "c0 01 3c 01 06",
    `c0810000 0101 00 00 02 05  1e03 00 00 02 d2040000 c8ffffff 9f860100  1405 00 00 01 11000000 71110100
     1509 00 00 01 00000000 00000000  0a02 00 00 01 01 81`.replaceAll(/\s/g, ""),
  );
});

test("8.5.1 counters of class 0: as they run, or as they were frozen", () => {
  const running = bench({ class0: "running" }).ask("c0 01 3c 01 06")[0] ?? "";
  assert.ok(running.includes("140500") && !running.includes("150900"));
  const frozen = bench({ class0: "frozen" }).ask("c0 01 3c 01 06")[0] ?? "";
  assert.ok(!frozen.includes("140500") && frozen.includes("150900"));
});

test("8.5.2 each class by itself, with 06: its events, with indices, to be confirmed", () => {
  const one = bench();
  happen(one);
  answered(one, "c0 01 3c 02 06", `e0810c00 ${BINARY}`.replaceAll(" ", ""));
  answered(one, "c000");
  answered(one, "c1 01 3c 03 06", "e1810800 1601 280100 0000 01 12000000");
  answered(one, "c100");
  answered(one, "c2 01 3c 04 06", "e2810000 2001 280100 0000 01 14050000");
  answered(one, "c200");
  answered(one, "c3 01 3c 02 06 3c 03 06 3c 04 06", "c3810000");
});

test("8.5.3 limited quantity, with 07 and 08: the class stays indicated while there is more", () => {
  const one = bench();
  for (const on of [true, false]) {
    one.host.setBinary(1, on);
    one.clock.advance(1000);
  }
  assert.match(one.ask("c0 01 3c 02 07 01")[0] ?? "", /^e0810200 ?0202280100010081/);
  answered(one, "c000");
  assert.match(one.ask("c1 01 3c 02 08 01 00")[0] ?? "", /^e1810000 ?0202280100010001/);
  answered(one, "c100");
  answered(one, "c2 01 3c 02 07 05", "c2810000");
});

test("8.5.4 what is not confirmed is reported again, with what has come since, and never by itself", () => {
  const one = bench();
  one.host.setBinary(1, true);
  one.clock.advance(1000);
  const [first = ""] = one.ask("c0 01 3c 02 06");
  assert.deepEqual(one.wait(30_000), []);
  one.host.setBinary(0, false);
  one.clock.advance(1000);
  const [again = ""] = one.ask("c1 01 3c 02 06");
  assert.equal(first.slice(8, 14), "020228");
  assert.equal(again.slice(8, 18), "0202280200");
  assert.equal(again.slice(18, 18 + 18), first.slice(18));
});

test("8.5.5 classes 1, 2 and 3 in one request: in the order in which things happened", () => {
  const one = bench();
  happen(one);
  answered(
    one,
    "c0 01 3c 04 06 3c 03 06 3c 02 06",
    `e0810000 ${BINARY} 1601 280100 0000 01 12000000 2001 280100 0000 01 14050000`.replaceAll(" ", ""),
  );
});

test("8.5.6 classes 1, 2, 3 and 0: events before points, in one response", () => {
  const one = bench();
  happen(one);
  const [answer = ""] = one.ask("c0 01 3c 02 06 3c 03 06 3c 04 06 3c 01 06");
  assert.ok(answer.startsWith(`e0810000 ${BINARY} 1601`.replaceAll(" ", "")));
  assert.ok(answer.indexOf("0101000002") > answer.indexOf("2001280100"));
});

test("8.6.1 device restart: said until it is written to 0, alone, and to nothing else", () => {
  const one = new Bench(new FixtureHost({ events: changes }, points));
  answered(one, "c0 01 3c 02 06", "c0819000");
  for (const [k, wrong] of [
    "50 01 00 07 07 01",
    "50 01 00 06 06 00",
    "50 01 00 07 08 00",
    "50 01 01 07 00 07 00 00",
  ].entries())
    answered(one, `c${k + 1} 02 ${wrong}`, `c${k + 1}819004`);
  answered(one, "c5 02 50 01 00 07 07 00", "c5811000");
  answered(one, "c6 01 3c 02 06", "c6811000");
});

test("8.6.2 a function that is none", () => {
  const one = bench();
  answered(one, "c0 70 3c 01 06", "c0810001");
  answered(one, "c1 01 3c 02 06", "c1810000");
});

test("8.6.3 an object that is none", () => {
  const one = bench();
  answered(one, "c0 01 00 00 06", "c0810002");
  answered(one, "c1 01 1e 09 06", "c1810002");
  answered(one, "c2 01 3c 05 06", "c2810002");
  answered(one, "c3 02 1e 01 07 01 00 00 00 00 00", "c3810002");
  answered(one, "c4 01 3c 02 06", "c4810000");
});

test("8.6.4 parameters that are wrong", () => {
  const one = bench();
  answered(one, "c0 01 1e 01 00 03 05", "c0810004");
  answered(one, "c1 01 1e 01 5b 01", "c1810004");
  answered(one, "c2 01 3c 02 17 01 00", "c2810004");
});

for (const [name, address, isConfirmed] of [
  ["0xFFFD", broadcasts.noConfirm, false],
  ["0xFFFE", broadcasts.confirm, true],
  ["0xFFFF", broadcasts.optional, false],
] as const) {
  test(`8.6.5 a broadcast to ${name} is obeyed, not answered, and indicated`, () => {
    const one = new Bench(new FixtureHost({ events: changes }, points));
    assert.deepEqual(one.ask("c0 02 50 01 00 07 07 00", one.line, address), []);
    assert.deepEqual(one.ask("c1 01 3c 01 06", one.line, address), []);
    assert.deepEqual(one.ask("c2 70", one.line, address), []);
    if (isConfirmed) {
      answered(one, "c3 01 3c 02 06", "e3811100");
      assert.deepEqual(one.wait(2000), []);
      answered(one, "c4 17", "e4811100 34020701 0000");
      answered(one, "c400");
    } else answered(one, "c3 01 3c 02 06", "c3811100");
    answered(one, "c5 01 3c 02 06", "c5811000");
  });
}

test("8.6.6 more events than there is room for: indicated from the one that is lost until there is room", () => {
  const one = bench();
  const change = (times: number): void => {
    for (; times > 0; times--) {
      one.host.setBinary(1, (one.host.image().binaries[1] ?? 0) < pointFlags.state);
      one.host.utc += 1;
      one.clock.advance(1000);
    }
  };
  change(5);
  assert.equal(one.ask("c0 01 3c 02 06")[0]?.slice(0, 8), "e0810000");
  change(1);
  const [limited = ""] = one.ask("c1 01 3c 02 07 01");
  assert.equal(limited.slice(0, 18), "e18102080202280100");
  answered(one, "c100");
  const [left = ""] = one.ask("c2 01 3c 02 06");
  assert.equal(left.slice(0, 18), "e28100000202280400");
});

test("8.7.1 a delay measurement tells the same each time", () => {
  const one = bench();
  one.line.delayMs = 40;
  answered(one, "c0 17", "c0810000 34020701 2800");
  answered(one, "c1 17", "c1810000 34020701 2800");
  answered(one, "c2 17 3c 01 06", "c2810004");
});

test("8.7.2 the time is needed from the start on, and again when the interval is over; writing it is the end of that", () => {
  const one = new Bench(new FixtureHost({ events: changes, needTimeMs: 60_000 }, points));
  answered(one, "c0 01 3c 02 06", "c0819000");
  answered(one, "c1 02 32 01 07 01 00 f4 51 c2 8c 01", "c1818000");
  assert.deepEqual(one.host.times, [Date.UTC(2024, 0, 1)]);
  one.clock.advance(59_999);
  answered(one, "c2 01 3c 02 06", "c2818000");
  one.clock.advance(1);
  answered(one, "c3 01 3c 02 06", "c3819000");
});

test("8.7.2 a time that the meter does not take is still needed", () => {
  const one = new Bench(new FixtureHost({ events: changes }, points));
  one.host.told = "refused";
  answered(one, "c0 02 32 01 07 01 00 f4 51 c2 8c 01", "c0819004");
  one.host.told = "unsupported";
  answered(one, "c1 02 32 01 07 01 00 f4 51 c2 8c 01", "c1819002");
  assert.deepEqual(one.host.times, []);
});

test("8.7.3 over a LAN the time is that of the recorded instant, and each record is good for one write", () => {
  const one = bench();
  one.host.times.length = 0;
  answered(one, "c0 02 32 03 07 01 00 f4 51 c2 8c 01", "c0810004");
  answered(one, "c1 18", "c1810000");
  one.clock.advance(250);
  answered(one, "c2 02 32 03 07 01 00 f4 51 c2 8c 01", "c2810000");
  assert.deepEqual(one.host.times, [Date.UTC(2024, 0, 1) + 250]);
  answered(one, "c3 02 32 03 07 01 00 f4 51 c2 8c 01", "c3810004");
  assert.deepEqual(one.ask("c4 18", one.line, broadcasts.noConfirm), []);
  assert.deepEqual(one.ask("c5 02 32 03 07 01 00 f4 51 c2 8c 01", one.line, broadcasts.noConfirm), []);
  assert.equal(one.host.times.length, 2);
});

test("8.7.3 a broadcast does not tell the time where that is not configured", () => {
  const one = bench({ globalTimeSet: false });
  one.host.times.length = 0;
  one.ask("c0 02 32 01 07 01 00 f4 51 c2 8c 01", one.line, broadcasts.noConfirm);
  assert.deepEqual(one.host.times, []);
});

test("8.7.4 an event has the time of the meter's clock when it was found", () => {
  const one = bench();
  one.host.utc = Date.UTC(2024, 0, 1);
  one.host.setBinary(1, true);
  one.clock.advance(1000);
  answered(one, "c0 01 02 02 06", "e0810000 0202 280100 0100 81 00f451c28c01");
});

test("8.8 a cold restart says how long it takes; then the restart is indicated, the time needed, and events are still there", () => {
  for (const code of ["0d", "0e"]) {
    const one = bench();
    one.host.setBinary(1, true);
    one.clock.advance(1000);
    answered(one, `c0 ${code}`, "c0810200 34020701 f401");
    answered(one, "c1 01 3c 03 06", "c1819200");
    assert.equal(one.ask("c2 01 3c 02 06")[0]?.slice(0, 14), "e2819000020228");
    answered(one, `c3 ${code} 3c 01 06`, "c3819204");
  }
});

test("8.9.1 each fragment but the last waits for its confirmation, and sequence numbers go on", () => {
  const one = bench(
    { application: { confirmTimeoutMs: 1000, maxFragment: 300 }, class0: "running" },
    {
      ...points,
      analogs: Array.from({ length: 200 }, (_, k) => k),
    },
  );
  const [first = ""] = one.ask("cf 01 3c 01 06");
  assert.equal(first.slice(0, 8), "af810000");
  answered(one, "c300");
  answered(one, "df00");
  const [second = ""] = one.ask("cf00");
  assert.equal(second.slice(0, 8), "20810000");
  const [third = ""] = one.ask("c000");
  assert.equal(third.slice(0, 8), "41810000");
  answered(one, "c100");
});

test("8.9.2 without a confirmation an answer ends; a late one does nothing", () => {
  const one = bench(
    { application: { confirmTimeoutMs: 1000, maxFragment: 300 } },
    {
      ...points,
      analogs: Array.from({ length: 200 }, (_, k) => k),
    },
  );
  assert.equal(one.ask("c0 01 1e 03 06")[0]?.slice(0, 2), "a0");
  assert.deepEqual(one.wait(1000), []);
  answered(one, "c000");
  assert.equal(one.ask("c0 01 1e 03 06")[0]?.slice(0, 2), "a0");
});

test("8.9.3 a new request ends what went on before", () => {
  const one = bench(
    { application: { confirmTimeoutMs: 1000, maxFragment: 300 } },
    {
      ...points,
      analogs: Array.from({ length: 200 }, (_, k) => k),
    },
  );
  assert.equal(one.ask("c0 01 1e 03 06")[0]?.slice(0, 2), "a0");
  answered(one, "c1 17", "c1810000 34020701 0000");
  answered(one, "c000");
});

test("8.9.4 the same request again is answered as before, and not done twice", () => {
  const one = bench({ events: none });
  answered(one, "c0 07 14 00 06", "c0810000");
  answered(one, "c0 07 14 00 06", "c0810000");
  assert.equal(one.host.frozen.length, 1);
  answered(one, "c0 09 14 00 06", "c0810000");
  assert.equal(one.host.frozen.length, 2);
  answered(one, "c1 08 14 00 06");
  answered(one, "c1 08 14 00 06");
  assert.equal(one.host.frozen.length, 3);
});

test("8.9.4 the same READ again while its confirmation is waited for: the same answer, and more time", () => {
  const one = bench();
  one.host.setBinary(1, true);
  one.clock.advance(1000);
  const [first] = one.ask("c0 01 3c 02 06");
  one.clock.advance(900);
  one.host.setBinary(0, false);
  assert.deepEqual(one.ask("c0 01 3c 02 06"), [first]);
  one.clock.advance(900);
  answered(one, "c000");
  assert.equal(one.ask("c1 01 3c 02 06")[0]?.slice(0, 18), "e18100000202280100");
});

test("8.9.5 fragments that are no requests: not first and last, to be confirmed, unsolicited, and answers", () => {
  const one = bench();
  for (const fragment of [
    "80 01 3c 01 06",
    "40 01 3c 01 06",
    "e0 01 3c 01 06",
    "d0 01 3c 01 06",
    "c0 81 00 00",
    "c0 82 00 00",
    "c0",
    "",
  ])
    answered(one, fragment);
});

test("8.10 masters of other addresses, and of other places, have events and sequences of their own", () => {
  const one = bench();
  const second = new FixtureLine(101);
  const third = new FixtureLine(100, "10.0.0.2");
  for (const line of [second, third]) one.ask("c0 02 50 01 00 07 07 00", line);
  one.host.setBinary(1, true);
  one.clock.advance(1000);
  for (const line of [one.line, second, third]) {
    assert.equal(one.ask("c1 01 3c 02 06", line)[0]?.slice(0, 18), "e18100000202280100");
    assert.deepEqual(one.ask("c100", line), []);
    assert.deepEqual(one.ask("c2 01 3c 02 06", line), ["c2810000"]);
  }
});

test("8.10 a master that is behind on its events holds up nobody", () => {
  const one = bench({ events: { ...usualSettings.events, most: { freezes: 3, others: 10 } } });
  const behind = new FixtureLine(101);
  one.ask("c0 01 3c 02 06", behind);
  for (let k = 0; k < 10; k++) {
    one.host.freeze(false);
    one.clock.advance(5000);
    assert.equal(one.ask(`c${(k % 10) + 1} 01 3c 02 06`.replace("c10", "ca"))[0]?.slice(4, 8), "0000");
    one.ask(`c${(((k % 10) + 1) & 15).toString(16)}00`);
  }
  assert.equal(one.ask("c1 01 3c 02 07 01", behind)[0]?.slice(4, 8), "8208");
});

test("8.11 unsolicited responses are off: nobody can enable them, and none is sent", () => {
  const one = bench();
  answered(one, "c0 14 3c 02 06", "c0810001");
  answered(one, "c1 15 3c 02 06", "c1810001");
  one.host.setBinary(1, true);
  assert.deepEqual(one.wait(60_000), []);
});

test("8.13 binary inputs: configured, packed, with flags", () => {
  const one = bench();
  answered(one, "c0 01 01 00 06", "c0810000 0101 00 00 02 05");
  answered(one, "c1 01 01 01 06", "c1810000 0101 00 00 02 05");
  answered(one, "c2 01 01 02 06", "c2810000 0102 00 00 02 81 01 81");
});

test("8.13 a binary that is not on line is shown with its flags, whatever is configured", () => {
  const one = bench();
  one.host.show({ binaries: Uint8Array.of(0x81, 0x04, 0x81) });
  answered(one, "c0 01 01 00 06", "c0810000 0101 00 00 00 01 0102 00 01 01 04 0101 00 02 02 01");
});

test("8.13.2.2 a group without points is no object", () => {
  const one = bench({}, { binaries: [], outputs: [], counters: [], analogs: [] });
  for (const group of ["01", "0a", "14", "15", "1e"]) answered(one, `c0 01 ${group} 00 06`, "c0810002");
  answered(one, "c1 07 14 00 06", "c1810002");
  answered(one, "c2 01 3c 01 06", "c2810000");
});

test("8.14 binary input events with 06, 07 and 08, by each variation", () => {
  const reads: readonly (readonly [string, string])[] = [
    ["02 00 06", "0202 280100 0100 81 00f451c28c01"],
    ["02 01 06", "0201 280100 0100 81"],
    ["02 02 07 01", "0202 280100 0100 81 00f451c28c01"],
    ["02 03 08 01 00", "3301 07 01 00f451c28c01 0203 280100 0100 81 0000"],
    ["02 01 00 00 02", "0201 280100 0100 81"],
    ["02 01 17 01 01", "0201 1701 01 81"],
    ["02 01 28 02 00 01 00 02 00", "0201 280100 0100 81"],
  ];
  for (const [request, objects] of reads) {
    const one = bench();
    one.host.utc = Date.UTC(2024, 0, 1);
    one.host.setBinary(1, true);
    one.clock.advance(1000);
    answered(one, `c0 01 ${request}`, `e0810000 ${objects}`);
  }
});

test("8.14 relative times begin anew where they do not reach, and where the clock was not kept", () => {
  const one = bench();
  one.host.utc = Date.UTC(2024, 0, 1);
  const change = (ms: number, on: boolean): void => {
    one.host.utc += ms;
    one.host.setBinary(1, on);
    one.clock.advance(1000);
  };
  change(0, true);
  change(65_535, false);
  change(1, true);
  one.host.synchronised = false;
  change(1, false);
  answered(
    one,
    "c0 01 02 03 06",
    `e0810000 3301 0701 00f451c28c01 0203 280200 0100 81 0000 0100 01 ffff
     3301 0701 00f452c28c01 0203 280100 0100 81 0000 3302 0701 01f452c28c01 0203 280100 0100 01 0000`.replaceAll(
      /\s/g,
      "",
    ),
  );
});

test("8.15 counters by each variation", () => {
  const one = bench();
  answered(one, "c0 01 14 00 06", "c0810000 1405 00 00 01 11000000 71110100");
  answered(one, "c1 01 14 01 06", "c1810000 1401 00 00 01 01 11000000 01 71110100");
  answered(one, "c2 01 14 02 06", "c2810000 1402 00 00 01 01 1100 01 7111");
  answered(one, "c3 01 14 05 06", "c3810000 1405 00 00 01 11000000 71110100");
  answered(one, "c4 01 14 06 06", "c4810000 1406 00 00 01 1100 7111");
});

test("8.16 freezes, answered and not, with and without clearing; each is the meter's", () => {
  const one = bench({ events: none });
  answered(one, "c0 07 14 00 06", "c0810000");
  answered(one, "c1 01 15 00 06", "c1810000 1509 00 00 01 11000000 71110100");
  one.host.setCounters([20, 30]);
  answered(one, "c2 08 14 05 00 00 01");
  answered(one, "c3 01 15 01 06", "c3810000 1501 00 00 01 01 14000000 01 1e000000");
  one.host.setCounters([40, 50]);
  answered(one, "c4 09 14 00 01 00 00 01 00", "c4810000");
  answered(one, "c5 01 14 05 06", "c5810000 1405 00 00 01 00000000 00000000");
  answered(one, "c6 01 15 02 06", "c6810000 1502 00 00 01 01 2800 01 3200");
  one.host.setCounters([60, 70]);
  answered(one, "c7 0a 14 00 06");
  answered(one, "c8 01 15 09 06", "c8810000 1509 00 00 01 3c000000 46000000");
  answered(one, "c9 01 15 0a 06", "c9810000 150a 00 00 01 3c00 4600");
});

test("8.16.2.1 where they are off, freezes are no events", () => {
  const one = bench({ events: none });
  answered(one, "c0 07 14 00 06", "c0810000");
  answered(one, "c1 01 3c 02 06 17 00 06", "c1810000");
});

test("8.16 freezes that are wrong, or that the meter refuses", () => {
  const one = bench();
  answered(one, "c0 07", "c0810004");
  answered(one, "c1 07 14 00 00 00 02", "c1810004");
  answered(one, "c2 07 14 00 07 01", "c2810004");
  answered(one, "c3 07 1e 00 06", "c3810002");
  answered(one, "c4 0b 32 02 07 01 00 00 00 00 00 00 00 00 00 00 14 00 06", "c4810001");
  answered(one, "c5 0c 14 00 06");
  one.host.told = "refused";
  answered(one, "c6 07 14 00 06", "c6810004");
  one.host.told = "unsupported";
  answered(one, "c7 07 14 00 06", "c7810001");
  assert.equal(one.host.frozen.length, 0);
});

test("8.17 counter events by each variation", () => {
  const reads: readonly (readonly [string, string])[] = [
    ["00", "1601 280100 0100 01 72110100"],
    ["01", "1601 280100 0100 01 72110100"],
    ["02", "1602 280100 0100 01 7211"],
    ["05", "1605 280100 0100 01 72110100 00f451c28c01"],
    ["06", "1606 280100 0100 01 7211 00f451c28c01"],
  ];
  for (const [variation, objects] of reads) {
    const one = bench();
    one.host.utc = Date.UTC(2024, 0, 1);
    one.host.setCounters([17, 70_002]);
    one.clock.advance(1000);
    answered(one, `c0 01 16 ${variation} 06`, `e0810000 ${objects}`);
  }
});

test("8.18 analogs by each variation; what 16 bits cannot say is over-range", () => {
  const one = bench();
  answered(one, "c0 01 1e 00 06", "c0810000 1e03 00 00 02 d2040000 c8ffffff 9f860100");
  answered(one, "c1 01 1e 01 06", "c1810000 1e01 00 00 02 01 d2040000 01 c8ffffff 01 9f860100");
  answered(one, "c2 01 1e 02 06", "c2810000 1e02 00 00 02 01 d204 01 c8ff 21 ff7f");
  answered(one, "c3 01 1e 03 06", "c3810000 1e03 00 00 02 d2040000 c8ffffff 9f860100");
  answered(one, "c4 01 1e 04 06", "c4810000 1e04 00 00 02 d204 c8ff ff7f");
});

test("8.18 an analog that is over-range, or not known, is shown with its flag where none is configured", () => {
  const one = bench({ variations: { ...usualSettings.variations, analog: 4 } });
  one.host.setAnalog(1, -40_000);
  answered(one, "c0 01 1e 00 06", "c0810000 1e04 00 00 00 d204 1e02 00 01 02 21 0080 21 ff7f");
  one.host.setAnalog(1, NaN, pointFlags.communicationLost);
  answered(one, "c1 01 1e 00 00 00 01", "c1810000 1e04 00 00 00 d204 1e02 00 01 01 04 0000");
  one.host.setAnalog(1, 3e9);
  answered(one, "c2 01 1e 01 00 01 01", "c2810000 1e01 00 01 01 21 ffffff7f");
});

test("8.19 analog events: what leaves the deadband, with the value that it had then", () => {
  const one = bench();
  const set = (value: number): void => {
    one.host.setAnalog(0, value);
    one.clock.advance(1000);
  };
  set(1244);
  answered(one, "c0 01 20 00 06", "c0810000");
  set(1245);
  set(1250);
  set(1234);
  answered(one, "c1 01 20 00 06", "e1810000 2001 280200 0000 01 dd040000 0000 01 d2040000");
});

test("8.19 analog events by each variation", () => {
  const reads: readonly (readonly [string, string])[] = [
    ["01", "2001 280100 0100 01 c7ffffff"],
    ["02", "2002 280100 0100 01 c7ff"],
    ["03", "2003 280100 0100 01 c7ffffff 00f451c28c01"],
    ["04", "2004 280100 0100 01 c7ff 00f451c28c01"],
    ["05", "2005 280100 0100 01 000064c2"],
    ["07", "2007 280100 0100 01 000064c2 00f451c28c01"],
  ];
  for (const [variation, objects] of reads) {
    const one = bench();
    one.host.utc = Date.UTC(2024, 0, 1);
    one.host.setAnalog(1, -57);
    one.clock.advance(1000);
    answered(one, `c0 01 20 ${variation} 06`, `e0810000 ${objects}`);
  }
});

test("8.20 several objects in one request are answered in its order, what is wrong with one beside", () => {
  const one = bench();
  answered(
    one,
    "c0 01 0a 02 06 14 06 00 01 01 01 01 07 02",
    "c0810000 0a02 00 00 01 01 81 1406 00 01 01 7111 0101 00 00 01 01",
  );
  answered(
    one,
    "c1 01 0a 02 06 63 01 17 02 00 01 14 06 00 05 06 1e 04 00 01 01",
    "c1810006 0a02 00 00 01 01 81 1e04 00 01 01 c8ff",
  );
});

test("8.23 ranges without points, within, and beyond", () => {
  const one = bench();
  answered(one, "c0 01 1e 03 00 03 ff", "c0810004");
  answered(one, "c1 01 1e 03 00 01 01", "c1810000 1e03 00 01 01 c8ffffff");
  answered(one, "c2 01 1e 03 01 01 00 ff ff", "c2810004 1e03 00 01 02 c8ffffff 9f860100");
  answered(one, "c3 01 1e 03 17 02 01 09", "c3810004 1e03 1701 01 c8ffffff");
  answered(one, "c4 01 01 01 28 02 00 02 00 01 00", "c4810000 0101 280200 0200 01 0100 00");
});

test("8.24-8.25 the time, and a delay, by every qualifier of the table", () => {
  const one = bench();
  one.host.utc = Date.UTC(2024, 0, 1);
  const time = "00f451c28c01";
  const requests = ["06", "07 01", "08 01 00", "00 00 00", "01 00 00 00 00"];
  for (const [k, qualifier] of requests.entries()) {
    answered(one, `c${k} 01 32 01 ${qualifier}`, `c${k}810000 3201 0701 ${time}`);
    answered(one, `c${k} 01 34 02 ${qualifier}`, `c${k}810000 3402 0701 0000`);
  }
  answered(one, "c6 01 32 00 17 01 00", `c6810000 3201 1701 00 ${time}`);
  answered(one, "c7 01 32 01 28 01 00 00 00", `c7810000 3201 280100 0000 ${time}`);
  answered(one, "c8 01 32 01 00 00 01", `c8810004 3201 0701 ${time}`);
  answered(one, "c9 01 32 01 00 01 01", "c9810004");
});

test("8.26 classes are assigned in the configuration only", () => {
  answered(bench(), "c0 16 3c 02 06 1e 00 06", "c0810001");
});
