/** The log of a running site: what a line says, and what becomes of lines that nobody takes. */
import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { test } from "node:test";
import { Log, outputOf, type LogForm } from "./log.ts";

function logged(form: LogForm, level: "debug" | "info" | "warn" | "error" = "info") {
  const lines: string[] = [];
  const room = { is: true };
  const log = new Log(form, level, {
    take(line) {
      if (room.is) lines.push(line);
      return room.is;
    },
  });
  return { log, lines, room };
}

test("for programs a notice is one JSON object on a line: level, time in UTC, meter, words", () => {
  const { log, lines } = logged("json");
  const before = Date.now();
  log.notice({ level: "warn", meter: "feeder-1", words: "refused a write" });
  log.notice({ level: "error", words: "the disk is full" });
  log.notice({ level: "info", words: "it was read again" });
  const [first, second, third] = lines.map((line) => JSON.parse(line) as Record<string, string>);
  assert.deepEqual(
    lines.map((line) => line.indexOf("\n") === line.length - 1),
    [true, true, true],
  );
  const warned = { level: "warn", time: "", kind: "note", meter: "feeder-1", msg: "refused a write" };
  assert.deepEqual({ ...first, time: "" }, warned);
  assert.deepEqual({ ...second, time: "" }, { level: "error", time: "", kind: "note", msg: "the disk is full" });
  assert.deepEqual({ ...third, time: "" }, { level: "info", time: "", msg: "it was read again" });
  assert.match(first?.["time"] ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const at = Date.parse(first?.["time"] ?? "");
  assert.ok(at >= before && at <= Date.now());
});

test("for people it is a line with the time to the second, the level, and whose it is", () => {
  const { log, lines } = logged("text");
  log.notice({ level: "info", meter: "feeder-1", words: "is new" });
  log.notice({ level: "warn", words: "the web side is reached from elsewhere" });
  assert.match(lines[0] ?? "", /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}info {3}feeder-1: is new\n$/);
  assert.match(lines[1] ?? "", /^\S+ \S+Z {2}warn {3}the web side is reached from elsewhere\n$/);
});

test("nothing below the level that was asked for is said", () => {
  for (const [level, count] of [
    ["debug", 4],
    ["info", 3],
    ["warn", 2],
    ["error", 1],
  ] as const) {
    const { log, lines } = logged("json", level);
    for (const one of ["debug", "info", "warn", "error"] as const) log.notice({ level: one, words: one });
    assert.equal(lines.length, count, level);
  }
});

test("what peers have said moves no cursor, ends no line and turns no writing", () => {
  // A line feed, an escape sequence, an 8-bit one (C1), and a mark that turns the direction of writing.
  const words = "user \n\u001b[2J\u009b2J\u202eevil";
  for (const form of ["json", "text"] as const) {
    const { log, lines } = logged(form);
    log.notice({ level: "warn", meter: "m\u001b[31m", words });
    assert.equal(lines.length, 1);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(lines[0]!.slice(0, -1), /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/, form);
    if (form === "json") assert.equal((JSON.parse(lines[0]!) as { msg: string }).msg, words);
  }
});

test("what nobody takes is lost, counted, and said as soon as somebody takes lines again", () => {
  const { log, lines, room } = logged("json");
  log.notice({ level: "info", words: "first" });
  room.is = false;
  for (let k = 0; k < 3; k++) log.notice({ level: "info", words: `lost ${k}` });
  room.is = true;
  log.notice({ level: "info", words: "second" });
  const all = lines.map((line) => JSON.parse(line) as { msg: string; level: string; lost?: number });
  assert.deepEqual(
    all.map(({ msg }) => msg),
    ["first", "second", "3 lines of this log before the last one were lost: nobody took them"],
  );
  assert.deepEqual([all[2]?.level, all[2]?.lost], ["warn", 3]);
});

test("of a pipe that nobody reads as much waits as may, and no more", () => {
  const stuck = new Writable({ write: () => {} });
  const output = outputOf(stuck, 1000);
  const line = `${"x".repeat(98)}é\n`.slice(0, 100);
  let taken = 0;
  for (let k = 0; k < 100; k++) taken += output.take(line) ? 1 : 0;
  // 98 letters, an é of two bytes, a line feed: 101 bytes, nine of which go into 1000.
  assert.deepEqual([taken, stuck.writableLength], [9, 909]);
  stuck.destroy();
  assert.equal(outputOf(stuck, 1000).take("x"), false, "whoever has gone takes nothing");
});
