/** What systemd is told of a service, in which order, and how often. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { Service, watchdogMs } from "./service.ts";

/** A service whose messages take as long as whoever is told lets them. */
function telling(watchdog?: number) {
  const clock = new VirtualClock();
  const said: string[] = [];
  const failures: string[] = [];
  const waiting: { done: () => void; failed: (why: Error) => void }[] = [];
  const service = new Service(
    clock,
    (why) => failures.push(why),
    watchdog,
    (message) => {
      said.push(message.join(" ").replace(/MONOTONIC_USEC=\d+/, "MONOTONIC_USEC=…"));
      return new Promise((done, failed) => waiting.push({ done, failed }));
    },
  );
  const settle = async (): Promise<void> => {
    for (let k = 0; k < 5; k++) await undefined;
  };
  return {
    service,
    clock,
    said,
    failures,
    /** All that waits is heard. */
    heard: async (): Promise<void> => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
        one.done();
        await settle();
      }
    },
    fails: async (why: string): Promise<void> => {
      waiting.shift()?.failed(new Error(why));
      await settle();
    },
  };
}

test("a reload and its end are two messages, however fast it is; of what was not said yet the newest counts", async () => {
  const { service, said, heard } = telling();
  service.ready("1 meter");
  service.reloading();
  service.ready("2 meters");
  service.status("the disk\nis full");
  service.status("2 meters");
  await heard();
  assert.deepEqual(said, [
    "READY=1 STATUS=1 meter",
    "RELOADING=1 MONOTONIC_USEC=…",
    "READY=1 STATUS=2 meters",
    "STATUS=2 meters",
  ]);
});

test("reloads that come faster than they can be said do not pile up, and the last one ends", async () => {
  const { service, said, heard } = telling();
  service.ready("0");
  for (let k = 1; k <= 1000; k++) {
    service.reloading();
    service.ready(String(k));
  }
  await heard();
  assert.deepEqual(said, ["READY=1 STATUS=0", "RELOADING=1 MONOTONIC_USEC=…", "READY=1 STATUS=1000"]);
});

test("the watchdog hears twice in its time, from readiness on and until the stop, and never two at once", async () => {
  const { service, clock, said, heard } = telling(20_000);
  clock.advance(60_000);
  assert.deepEqual(said, [], "not before it is ready");
  service.ready("1 meter");
  await heard();
  clock.advance(10_000);
  assert.deepEqual(said, ["READY=1 STATUS=1 meter", "WATCHDOG=1"]);
  // Whoever is told hangs: one more waits, not six.
  clock.advance(60_000);
  await heard();
  assert.deepEqual(said.slice(1), ["WATCHDOG=1", "WATCHDOG=1"]);
  const stopping = service.stopping("ending");
  await heard();
  await stopping;
  clock.advance(60_000);
  assert.deepEqual(said.slice(3), ["STOPPING=1 STATUS=ending"]);
});

test("a time of the watchdog is meant for this process, or for the one that started it", () => {
  assert.equal(watchdogMs({}), undefined);
  assert.equal(watchdogMs({ WATCHDOG_USEC: "30000000" }), 30_000);
  assert.equal(watchdogMs({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: String(process.pid) }), 30_000);
  assert.equal(watchdogMs({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: String(process.ppid) }), 30_000);
  assert.equal(watchdogMs({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: "1999999" }), undefined);
  assert.equal(watchdogMs({ WATCHDOG_USEC: "0" }), undefined);
  assert.equal(watchdogMs({ WATCHDOG_USEC: "soon" }), undefined);
});

test("that nothing can be said is told once, and stops nobody", async () => {
  const { service, said, failures, fails, heard } = telling();
  service.ready("1 meter");
  await fails("there is no systemd-notify");
  service.status("2 meters");
  await fails("there is no systemd-notify");
  assert.deepEqual(failures, ["there is no systemd-notify"]);
  service.status("3 meters");
  await heard();
  assert.deepEqual(said.at(-1), "STATUS=3 meters");
});
