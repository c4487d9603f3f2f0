/** Why an address cannot be listened on, or a serial port opened, is said with what to do about it. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { listenTrouble } from "./listen-trouble.ts";
import { openSerial } from "./serial.ts";
import { serialTrouble } from "./serial-trouble.ts";
import { listenTcp } from "./tcp.ts";
import { SystemClock } from "#clock/system-clock.ts";

/** As Node says it (errno(3)). */
function refused(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`listen ${code}: something`), { code });
}

test("every refusal of the system is told in words, with its remedy", () => {
  for (const [host, port, code, says] of [
    [
      "127.0.0.1",
      1502,
      "EADDRINUSE",
      /^127\.0\.0\.1:1502: another program uses it; end that one \(.*1502.*\), or take another port$/,
    ],
    [
      "0.0.0.0",
      502,
      "EACCES",
      /^0\.0\.0\.0:502: this user may not listen on a port below 1024; take one from 1024 on, like 1502, or .*=502$/,
    ],
    ["0.0.0.0", 1502, "EACCES", /this user may not listen there$/],
    [
      "192.0.2.77",
      1502,
      "EADDRNOTAVAIL",
      /192\.0\.2\.77 is no address of this machine; it has 127\.0\.0\.1.*0\.0\.0\.0 is all of them$/,
    ],
    ["nowhere", 1502, "ENOTFOUND", /nobody knows a host nowhere; take an address of this machine$/],
    ["::1", 1502, "EAFNOSUPPORT", /^\[::1\]:1502: this machine has no addresses like ::1$/],
    ["::1", 1502, "EMFILE", /ulimit -n/],
    ["::1", 1502, "EWHATEVER", /the system says EWHATEVER$/],
  ] as const) {
    const told = listenTrouble({ host, port }, refused(code));
    assert.match(told, says);
    assert.ok(!told.includes("something"));
  }
});

test("an address that is none of this machine is refused in these words", async () => {
  // TEST-NET-3 of RFC 5737 is nobody's.
  const options = { host: "203.0.113.9", port: 0, maxConnections: 1, clock: new SystemClock() };
  await assert.rejects(
    listenTcp(options, () => {}),
    /cannot listen on 203\.0\.113\.9:0: 203\.0\.113\.9 is no address of this machine/,
  );
});

test("what is no serial port, is not there or is in use is told apart", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "polyphase-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "file");
  writeFileSync(file, "");
  const open = (device: string): Promise<unknown> => openSerial({ device, baud: 9600, parity: "none" });
  await assert.rejects(
    open(path.join(folder, "no")),
    /cannot open the serial port .*no: there is no such device; this machine has /,
  );
  await assert.rejects(open(file), /it is no serial port$/);
  await assert.rejects(open("/dev/null"), /cannot open the serial port \/dev\/null: it is no serial port$/);
  // As the serial port's own library says it.
  assert.match(
    serialTrouble("/dev/null", "Error Resource temporarily unavailable Cannot lock port"),
    /another program uses it/,
  );
});
