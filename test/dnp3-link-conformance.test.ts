/**
 * The data link and transport of an outstation, numbered by the sections of the IED certification procedure (Level 2, v3.1) as public code
 * quotes them. Control octets are the procedure's.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exchanges, fromHex, skip } from "./dnp3-exchanges.ts";
import {
  AnsweringOutstation,
  controls,
  data,
  header,
  isHealthy,
  nullResponse,
  request,
  rig,
  rigOf,
  stationOf,
} from "./dnp3-line.ts";

const CLASS_0 = "c0 01 3c 01 06";
/** Segment 0, and the response to it. */
const RESPONSE = "44 c0 c0 81 00 00";
const ACK = "00";
const NACK = "01";
const NOT_SUPPORTED = "0f";

/** A link whose states have been reset. */
function ready(settings = {}) {
  const one = rig(nullResponse, settings);
  assert.deepEqual(controls(one.ask(header(0xc0))), [ACK]);
  return one;
}

/** Without the transport's numbers, which go on. */
function answers(hex: string): readonly string[] {
  return controls(hex).map((one) => one.replace(/^44 c./, "44 c0"));
}

test("6.1.2: unconfirmed user data need no reset", () => {
  const one = rig();
  assert.deepEqual(controls(one.ask(data(0xc4, CLASS_0))), [RESPONSE]);
  assert.deepEqual(one.server.fragments, [CLASS_0]);
});

for (const control of [0xf3, 0xd3])
  test(`6.1.2: confirmed user data (${control.toString(16)}) before a reset are refused, and not acted upon`, () => {
    const one = rig();
    assert.deepEqual(controls(one.ask(data(control, CLASS_0))), [NACK]);
    assert.deepEqual(one.server.fragments, []);
  });

test("6.1.2: after a reset confirmed user data are acknowledged and answered, the frame count bit in turns", () => {
  const one = ready();
  for (const control of [0xf3, 0xd3, 0xf3, 0xd3, 0xf3, 0xd3])
    assert.deepEqual(answers(one.ask(data(control, CLASS_0))), [ACK, RESPONSE]);
});

test("6.1.2: the wrong frame count bit is acknowledged, and not acted upon", () => {
  const one = ready();
  assert.deepEqual(controls(one.ask(data(0xd3, CLASS_0))), [ACK]);
  assert.deepEqual(answers(one.ask(data(0xf3, CLASS_0))), [ACK, RESPONSE]);
  assert.deepEqual(controls(one.ask(data(0xf3, CLASS_0))), [ACK]);
  assert.equal(one.server.fragments.length, 1);
});

test("6.1.2: a second reset begins the count again", () => {
  const one = ready();
  one.ask(data(0xf3, CLASS_0));
  assert.deepEqual(controls(one.ask(header(0xc0))), [ACK]);
  assert.deepEqual(answers(one.ask(data(0xf3, CLASS_0))), [ACK, RESPONSE]);
});

test("6.2.2: link states are tested after a reset, the frame count bit in turns with that of data", () => {
  const one = rig();
  assert.deepEqual(controls(one.ask(header(0xf2))), [NACK]);
  one.ask(header(0xc0));
  assert.deepEqual(controls(one.ask(header(0xf2))), [ACK]);
  assert.deepEqual(answers(one.ask(data(0xd3, CLASS_0))), [ACK, RESPONSE]);
  assert.deepEqual(controls(one.ask(header(0xf2))), [ACK]);
  // Again: acknowledged again, and nothing has been counted.
  assert.deepEqual(controls(one.ask(header(0xf2))), [ACK]);
  assert.deepEqual(answers(one.ask(data(0xd3, CLASS_0))), [ACK, RESPONSE]);
});

for (const control of [0xc9, 0xe9])
  test(`6.3.2: link status (${control.toString(16)}) is answered whatever the frame count bit, with a reset and without`, () => {
    const one = rig();
    assert.deepEqual(controls(one.ask(header(control))), ["0b"]);
    one.ask(header(0xc0));
    assert.deepEqual(controls(one.ask(header(control))), ["0b"]);
    assert.deepEqual(answers(one.ask(data(0xf3, CLASS_0))), [ACK, RESPONSE]);
  });

test("6.4.2: a frame that is not acknowledged is sent again as often as is set, and no more", () => {
  for (const retries of [0, 1, 3]) {
    const one = rig(nullResponse, { link: { confirm: "always", retries } });
    let sent = controls(one.ask(data(0xc4, CLASS_0)));
    for (let k = 0; k < 10; k++) {
      one.clock.advance(999);
      assert.equal(one.heard(), "");
      one.clock.advance(1);
      sent = [...sent, ...controls(one.heard())];
    }
    assert.deepEqual(
      sent,
      Array.from({ length: 1 + retries }, () => "40"),
    );
    // The reset is acknowledged, the data are not.
    one.ask(data(0xc4, CLASS_0));
    sent = controls(one.ask(header(0x80)));
    for (let k = 0; k < 10; k++) {
      one.clock.advance(1000);
      sent = [...sent, ...controls(one.heard())];
    }
    assert.deepEqual(
      sent,
      Array.from({ length: 1 + retries }, () => "73 c0 c0 81 00 00"),
    );
  }
});

test("6.4.2: a response goes on when it is acknowledged late, within the retries", () => {
  const one = rig(nullResponse, { link: { confirm: "always" } });
  assert.deepEqual(controls(one.ask(data(0xc4, CLASS_0))), ["40"]);
  one.clock.advance(3500);
  assert.deepEqual(controls(one.heard()), ["40", "40", "40"]);
  assert.deepEqual(controls(one.ask(header(0x80))), ["73 c0 c0 81 00 00"]);
  assert.deepEqual(controls(one.ask(header(0x80))), []);
  one.clock.advance(100_000);
  assert.equal(one.heard(), "");
  // The next one has the other frame count bit, and needs no reset.
  assert.deepEqual(controls(one.ask(data(0xc4, "c1 01 3c 01 06"))), ["53 c1 c1 81 00 00"]);
});

test("6.5.2: every frame of a response is unconfirmed user data of the outstation", () => {
  const one = rig(() => new Uint8Array(2048).fill(0xa5));
  const sent = controls(one.ask(data(0xc4, CLASS_0)));
  assert.equal(sent.length, 9);
  for (const frame of sent) assert.match(frame, /^44 /);
});

for (const start of ["09 64", "05 ff", "64 05", "00 00"])
  test(`6.6.2.1: start octets ${start} are none`, () => {
    const one = ready();
    const frame = data(0xf3, CLASS_0);
    frame.set(fromHex(start));
    assert.equal(one.ask(frame), "");
    assert.ok(isHealthy(one));
  });

for (const control of [0xd5, 0xd6, 0xc7, 0xca, 0xc1, 0xc5, 0xcf])
  test(`6.6.2.2: function ${control.toString(16)} of a primary station has no effect; without user data it is said that it is not supported`, () => {
    const one = ready();
    assert.equal(one.ask(data(control, CLASS_0)), "");
    assert.deepEqual(controls(one.ask(header(control))), (control & 0x10) === 0 ? [NOT_SUPPORTED] : []);
    assert.deepEqual(one.server.fragments, []);
    assert.deepEqual(answers(one.ask(data(0xf3, CLASS_0))), [ACK, RESPONSE]);
  });

for (const to of [1025, 7, 0, 0xfff0, 0xfffb])
  test(`6.6.2.3: what is meant for ${to} is not answered`, () => {
    const one = ready();
    for (const control of [0xf3, 0xd3, 0xc4]) assert.equal(one.ask(data(control, CLASS_0, { to })), "");
    for (const control of [0xc0, 0xc9, 0xf2]) assert.equal(one.ask(header(control, { to })), "");
    assert.deepEqual(one.server.fragments, []);
  });

test("6.6.2.4: a request without a gap behind a frame for another station is answered", () => {
  const one = rig();
  const both = Buffer.concat([data(0xc4, "c0 00", { to: 1025 }), data(0xc4, CLASS_0)]);
  assert.deepEqual(controls(one.ask(both)), [RESPONSE]);
});

test("6.6.2.5: a header or a block whose CRC does not hold is not answered, and the next frame is", () => {
  const one = ready();
  for (const at of [8, 9, 16, 17]) {
    const frame = data(0xf3, CLASS_0);
    frame[at] = (frame[at] ?? 0) ^ 0x5a;
    assert.equal(one.ask(frame), "", String(at));
  }
  assert.equal(one.misunderstood, 4);
  assert.deepEqual(answers(one.ask(data(0xf3, CLASS_0))), [ACK, RESPONSE]);
});

for (const control of [0xc3, 0xd4, 0xc2, 0xd0, 0xd9])
  test(`6.6.2.6: ${control.toString(16)}, whose bit FCV contradicts its function, is not answered`, () => {
    const one = ready();
    assert.equal(one.ask(data(control, CLASS_0)), "");
    assert.equal(one.ask(header(control)), "");
    assert.deepEqual(one.server.fragments, []);
    assert.deepEqual(answers(one.ask(data(0xf3, CLASS_0))), [ACK, RESPONSE]);
  });

test("6.7.2: the self-address is not answered where it is off, and by the outstation's own where it is on", () => {
  assert.equal(rig().ask(data(0xc4, CLASS_0, { to: 0xfffc })), "");
  const one = rig(nullResponse, { selfAddress: true, address: 513 });
  // Destination 100, source 513 (0x0201).
  assert.match(one.ask(header(0xc9, { to: 0xfffc })), /^05 64 05 0b 64 00 01 02 /);
  assert.match(one.ask(data(0xc4, CLASS_0, { to: 0xfffc })), /^05 64 0a 44 64 00 01 02 /);
});

test("7.2: a short response is one segment, first and last", () => {
  assert.deepEqual(controls(rig().ask(data(0xc4, CLASS_0))), [RESPONSE]);
});

test("7.2: a long response is cut into full segments, whose numbers go on from one response to the next", () => {
  const answer = Uint8Array.from({ length: 2048 }, (_, k) => (7 * k) & 0xff);
  const one = rig(() => answer);
  for (let response = 0; response < 9; response++) {
    const segments = controls(one.ask(data(0xc4, CLASS_0))).map((frame) => fromHex(frame).subarray(1));
    assert.equal(segments.length, 9);
    segments.forEach(([head = 0, ...octets], k) => {
      // 2048 = 8 x 249 + 56.
      assert.equal(octets.length, k < 8 ? 249 : 56);
      assert.equal(head & 0xc0, k === 0 ? 0x40 : k < 8 ? 0 : 0x80);
      assert.equal(head & 0x3f, (9 * response + k) % 64);
    });
    assert.deepEqual(Uint8Array.from(segments.flatMap((one) => [...one.subarray(1)])), answer);
  }
});

test("7.2: a request that comes in segments is one fragment", () => {
  const one = rig();
  const fragment = Uint8Array.from({ length: 700 }, (_, k) => (11 * k) & 0xff);
  const frames = request(fragment, {}, 61);
  assert.equal(frames.length, 2 * 292 + 10 + 203 + 2 * 13);
  assert.deepEqual(controls(one.ask(frames)), ["44 c0 c0 81 00 00"]);
  assert.deepEqual(one.server.fragments, [
    Buffer.from(fragment)
      .toString("hex")
      .replaceAll(/..(?=.)/g, "$& "),
  ]);
});

test("8.10: outstations on one line are told apart, and what one is asked the others do not hear", () => {
  const servers = [1, 2, 65_519].map(() => new AnsweringOutstation(nullResponse));
  const addresses = [1, 2, 65_519];
  const stations = servers.map((server, k) => stationOf(server, { address: addresses[k] ?? 0 }));
  const line = rigOf(servers[0]!, stations);
  for (const [k, to] of addresses.entries()) {
    const answered = line.ask(data(0xc4, CLASS_0, { to }));
    assert.match(answered, new RegExp(`^05 64 0a 44 64 00 ${["01 00", "02 00", "ef ff"][k]}`));
    assert.deepEqual(
      servers.map(({ fragments }) => fragments.length),
      addresses.map((_, one) => (one <= k ? 1 : 0)),
    );
  }
});

test("the exchanges of opendnp3's outstation: what its data link and transport did, these do", { skip }, () => {
  const answered: Uint8Array[] = [];
  const one = rig(() => answered.shift());
  for (const { title, frames } of exchanges("dnp3.txt")) {
    const asked = frames.flatMap(({ from }, k) => (from === "master" ? [k] : []));
    for (const [n, k] of asked.entries()) {
      const expected = frames.slice(k + 1, asked[n + 1]);
      answered.splice(0, Infinity, ...expected.flatMap(({ segment }) => (segment ? [fromHex(segment.fragment)] : [])));
      assert.equal(one.ask(frames[k]?.hex ?? ""), expected.map(({ hex }) => hex).join(" "), title);
    }
  }
  assert.ok(one.server.fragments.length > 60);
});
