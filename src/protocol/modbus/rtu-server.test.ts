/** RTU framing against a small unit, over a null modem: on a line, and over TCP. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { frameGapMs } from "./rtu.ts";
import { serveModbusRtu } from "./rtu-server.ts";
import { lineUnits } from "./unit.ts";
import { rtu, sealed, unit } from "./server-fixture.ts";

test("RTU: a read is answered with its CRC", () => {
  // Serial line guide: the CRC of 01 03 00 00 00 01 is 84 0A on the wire.
  assert.equal(rtu().ask(["01 03 0000 0001 84 0a"]), sealed("01 03 02 0064"));
});

test("RTU: a frame that comes byte by byte is one frame", () => {
  const frame = sealed("01 03 0000 0001");
  assert.equal(rtu().ask(frame.match(/../g)!), sealed("01 03 02 0064"));
});

test("RTU: a wrong CRC is silence, and the next frame is answered", () => {
  assert.equal(rtu().ask(["01 03 0000 0001 84 0b"]), "");
  assert.equal(rtu().ask(["01 03 0000 0001 84 0b", sealed("01 03 0000 0001")], 50), sealed("01 03 02 0064"));
  assert.equal(rtu().ask([`ff00${sealed("01 03 0000 0001")}`]), sealed("01 03 02 0064"), "noise before a frame");
});

test("RTU: requests to other units and their answers pass by", () => {
  const line = rtu();
  const traffic = [
    sealed("02 03 0000 0002"),
    sealed("02 03 04 0001 0002"),
    sealed("02 10 000a 0001 02 0007"),
    sealed("02 10 000a 0001"),
  ];
  assert.equal(line.ask(traffic), "");
  assert.equal(line.ask([traffic.join(""), sealed("01 03 0000 0001")]), sealed("01 03 02 0064"), "even in one lump");
  assert.deepEqual(line.units.get(1)!.written, []);
});

test("RTU: an answer that looks like a request of another length is not taken for one", () => {
  // Two registers answered by unit 2, whose data are those of a request to unit 1.
  assert.equal(rtu().ask([sealed("02 03 06 0103 0000 0001")]), "");
});

test("RTU: what is no frame is told each time that it comes, however the line was before, and what is given up; frames are not", () => {
  let told = 0;
  const line = rtu([1], 9600, 1000, { misunderstood: () => told++ });
  const tells = (parts: readonly string[]): number => {
    told = 0;
    line.ask(parts, 50);
    line.clock.advance(2000);
    return told;
  };
  assert.equal(tells([sealed("01 03 0000 0001"), sealed("02 03 0000 0001"), sealed("01 44 00")]), 0);
  assert.equal(tells(["01 03 0000 0001 84 0b"]), 1);
  assert.equal(tells(["01 03 0000 0001 84 0b"]), 1, "the line was noisy before");
  assert.equal(tells(["01 03 00"]), 1, "the rest of it never comes");
  assert.equal(tells([`ff00${sealed("01 03 0000 0001")}`]), 0, "what came last was understood");
});

test("RTU: each unit's answer waits as long as its meter is set to, and never less than the line's silence", () => {
  const at: number[] = [];
  const [here, there] = nullModem();
  const clock = new VirtualClock();
  const units = new Map([1, 2].map((id) => [id, unit(id)]));
  const answerDelayMs = (id: number): number => (id === 1 ? 60 : 1);
  serveModbusRtu(there, lineUnits(units), clock, { baud: 9600, answerDelayMs });
  here.receive(() => at.push(Math.round(10 * clock.elapsed())));
  for (const id of ["01", "02"]) here.send(Buffer.from(sealed(`${id} 03 0000 0001`), "hex"));
  clock.advance(100);
  // 3.5 characters of 11 bits at 9,600 baud: 4.01 ms.
  assert.deepEqual(at, [40, 600]);
});

test("RTU: a line that asks on while its answers wait for the turnaround loses what is beyond 16 kB, and goes on", () => {
  let answers = 0;
  const [here, there] = nullModem();
  const clock = new VirtualClock();
  serveModbusRtu(there, lineUnits(new Map([[1, unit(1)]])), clock, { baud: 115_200, answerDelayMs: () => 60_000 });
  here.receive(() => answers++);
  // A read of 60 registers is answered with 125 bytes: 131 of them are 16,375.
  for (let k = 0; k < 1000; k++) here.send(Buffer.from(sealed("01 03 0000 003c"), "hex"));
  clock.advance(60_000);
  assert.equal(answers, 131);
  here.send(Buffer.from(sealed("01 03 0000 003c"), "hex"));
  clock.advance(60_000);
  assert.equal(answers, 132);
});

test("RTU: a broadcast is executed by every unit and answered by none", () => {
  const line = rtu([1, 2]);
  assert.equal(line.ask([sealed("00 06 000a 0042")]), "");
  assert.deepEqual([line.units.get(1)!.written, line.units.get(2)!.written], [[0x42], [0x42]]);
  assert.equal(line.ask([sealed("00 03 0000 0001")]), "", "a broadcast read is ignored");
});

test("RTU: an unknown function is refused once the line is quiet", () => {
  assert.equal(rtu().ask([sealed("01 2f 00")]), sealed("01 af 01"));
});

test("RTU: with a timeout of frames a part of one waits so long for the rest, and no longer", () => {
  const [head, tail] = ["01 03 0000", sealed("01 03 0000 0001").slice(8)];
  assert.equal(rtu([1], 9600).ask([head, tail], 300), "", "silence ends a frame");
  assert.equal(rtu([1], 9600, 1000).ask([head, tail], 900), sealed("01 03 02 0064"));
  assert.equal(rtu([1], 9600, 1000).ask([head, tail], 1100), "", "what came is discarded");
  assert.equal(rtu([1], 9600, 1000).ask([head, sealed("01 03 0000 0001")], 1100), sealed("01 03 02 0064"));
  assert.equal(
    rtu([1], 9600, 1000).ask(["01 03 0000 0001 84 0b", sealed("01 03 0000 0001")], 50),
    sealed("01 03 02 0064"),
  );
  assert.equal(rtu([1], 9600, 1000).ask([sealed("01 2f 00")]), sealed("01 af 01"), "what is whole does not wait");
});

test("RTU: 0 and 255 are no aliases on a line", () => assert.equal(rtu().ask([sealed("ff 03 0000 0001")]), ""));

test("RTU: the answer waits for the silence of the line", () => {
  assert.ok(Math.abs(frameGapMs(9600) - 4.0104) < 1e-3);
  assert.equal(frameGapMs(38_400), 1.75);
  const waits = (baud: number): number => {
    const [here, there] = nullModem();
    const clock = new VirtualClock();
    serveModbusRtu(there, lineUnits(new Map([[1, unit(1)]])), clock, { baud });
    let at = NaN;
    here.receive(() => (at = clock.elapsed()));
    here.send(Buffer.from(sealed("01 03 0000 0001"), "hex"));
    clock.advance(100);
    return at;
  };
  // 38.5 bits at 9,600 baud; at 115,200 baud they are 0.33 ms, less than the way to the adapter takes.
  assert.ok(Math.abs(waits(9600) - 4.01) < 0.01);
  assert.equal(waits(115_200), 0);
});

test("RTU over TCP: pieces with any pause up to two seconds between them are one frame", () => {
  const frame = sealed("01 03 0000 0001");
  for (const gap of [5, 30, 100, 400, 1900]) {
    assert.equal(rtu().ask([frame.slice(0, 8), frame.slice(8)], gap), sealed("01 03 02 0064"), `${gap} ms`);
    assert.equal(rtu().ask(frame.match(/../g)!, gap), sealed("01 03 02 0064"), `byte by byte, ${gap} ms`);
  }
  assert.equal(rtu().ask([frame.slice(0, 8), frame.slice(8)], 2100), "", "given up");
});

test("RTU over TCP: after a bad frame, half a frame or noise the next good one is answered, whatever is between them", () => {
  const good = sealed("01 03 0000 0001");
  const answer = sealed("01 03 02 0064");
  const bad = `${good.slice(0, -2)}00`;
  // The head of a write of 123 registers promises 255 bytes more.
  const cases = {
    bad,
    half: good.slice(0, 8),
    noise: "ff00ff",
    "the head of a long write": "01100000007bf6",
    "a bad write": "011000000001020000ffff",
  };
  for (const [what, before] of Object.entries(cases)) {
    assert.equal(rtu().ask([before + good]), answer, `${what}, in one segment`);
    assert.equal(rtu().ask([before, good], 100), answer, `${what}, 100 ms apart`);
    assert.equal(rtu().ask([before + good.slice(0, 6), good.slice(6)], 100), answer, `${what}, then one in pieces`);
    assert.equal(rtu().ask([before, good, good], 300), answer + answer, `${what}, then two`);
  }
});

test("RTU over TCP: requests in one segment are answered each, among other units' requests and answers", () => {
  const [mine, answer] = [sealed("01 03 0000 0001"), sealed("01 03 02 0064")];
  const others = [
    sealed("02 03 0000 0002"),
    sealed("02 03 04 0001 0002"),
    sealed("02 06 000a 0001"),
    sealed("02 83 02"),
  ];
  assert.equal(rtu().ask([mine + mine + mine]), answer + answer + answer);
  assert.equal(rtu().ask([others.join(mine) + mine]), answer.repeat(4));
  assert.equal(rtu().ask((others.join(mine) + mine).match(/.{1,6}/g)!, 30), answer.repeat(4), "in pieces");
});

test("RTU: what an answer brings about at once comes after it, and is answered once", () => {
  const [here, there] = nullModem();
  serveModbusRtu(there, lineUnits(new Map([[1, unit(1)]])), new VirtualClock());
  const heard: string[] = [];
  here.receive((bytes) => {
    heard.push(Buffer.from(bytes).toString("hex"));
    if (heard.length < 3) here.send(Buffer.from(sealed(`01 03 000${heard.length} 0001`), "hex"));
  });
  here.send(Buffer.from(sealed("01 03 0000 0001"), "hex"));
  assert.deepEqual(heard, [sealed("01 03 02 0064"), sealed("01 03 02 0065"), sealed("01 03 02 0066")]);
});
