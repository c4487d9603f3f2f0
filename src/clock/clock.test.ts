import assert from "node:assert/strict";
import { test } from "node:test";
import { instantOf, MeterClock, wallTimeOf } from "./meter-clock.ts";
import { Pace } from "./pace.ts";
import { PacedClock } from "./paced-clock.ts";
import { SystemClock } from "./system-clock.ts";
import { VirtualClock } from "./virtual-clock.ts";

test("timers run at their own instants, in order, ties in order of request", () => {
  const clock = new VirtualClock();
  const ran: string[] = [];
  clock.after(20, () => ran.push(`b at ${clock.elapsed()}`));
  clock.after(10, () => {
    ran.push(`a at ${clock.elapsed()}`);
    clock.after(5, () => ran.push(`a2 at ${clock.elapsed()}`));
  });
  clock.after(20, () => ran.push("c after b"));
  clock.advance(30);
  assert.deepEqual(ran, ["a at 10", "a2 at 15", "b at 20", "c after b"]);
});

test("by the computer's clock at once is the next turn of the event loop, before any timer, and it can be cancelled", async () => {
  const clock = new SystemClock();
  const ran: string[] = [];
  clock.after(0, () => assert.fail("it ran"))();
  await new Promise<void>((resolve) => {
    clock.after(0, () => {
      ran.push("one");
      // A turn later than the one that is due already.
      clock.after(0, () => ran.push("three"));
      clock.after(-5, () => resolve());
    });
    clock.after(0, () => ran.push("two"));
  });
  assert.deepEqual(ran, ["one", "two", "three"]);
});

test("a cancelled timer does not run", () => {
  const clock = new VirtualClock();
  const cancel = clock.after(10, () => assert.fail("it ran"));
  cancel();
  clock.advance(20);
});

test("setting UTC moves neither elapsed time nor timers", () => {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  let ran = false;
  clock.after(1000, () => (ran = true));
  clock.advance(400);
  clock.setUtc(Date.UTC(2030, 5, 1));
  assert.equal(clock.elapsed(), 400);
  clock.advance(600);
  assert.ok(ran);
  assert.equal(clock.utc(), Date.UTC(2030, 5, 1) + 600);
});

test("a meter's clock keeps the time that it was set to, on elapsed time", () => {
  const site = new VirtualClock();
  const clock = new MeterClock(site, Date.UTC(2000, 0, 1));
  site.advance(90_000);
  assert.deepEqual(clock.wall(), { year: 2000, month: 1, day: 1, hour: 0, minute: 1, second: 30 });
  clock.set(Date.UTC(2024, 1, 28, 23, 59, 59));
  site.setUtc(0);
  site.advance(1000);
  assert.deepEqual(clock.wall(), { year: 2024, month: 2, day: 29, hour: 0, minute: 0, second: 0 });
});

test("a meter's clock of +6 ppm gains half a second in a day", () => {
  const site = new VirtualClock();
  const clock = new MeterClock(site, 0, 6);
  site.advance(86_400_000);
  assert.ok(Math.abs(clock.now() - 86_400_000 - 518.4) < 1e-6);
});

test("dates that no calendar has are no instants", () => {
  const day = { hour: 0, minute: 0, second: 0 };
  assert.equal(instantOf({ year: 2023, month: 2, day: 29, ...day }), undefined);
  assert.equal(instantOf({ year: 2023, month: 13, day: 1, ...day }), undefined);
  assert.equal(instantOf({ year: 2023, month: 0, day: 1, ...day }), undefined);
  assert.equal(instantOf({ year: 2023, month: 6, day: 15, hour: 24, minute: 0, second: 0 }), undefined);
  const at = instantOf({ year: 2024, month: 2, day: 29, hour: 12, minute: 34, second: 56 });
  assert.equal(at, Date.UTC(2024, 1, 29, 12, 34, 56));
  assert.equal(wallTimeOf(at!).second, 56);
});

test("a fast clock runs its timers and stops when there is nothing left to play", async () => {
  let left = 5;
  const clock = new PacedClock(0, "max", () => left === 0);
  const tick = (): void => {
    left--;
    if (left > 0) clock.after(1000, tick);
  };
  clock.after(1000, tick);
  clock.run();
  for (let tries = 0; tries < 1000 && clock.elapsed() < 5000; tries++) await new Promise((done) => setImmediate(done));
  assert.ok(clock.elapsed() >= 5000);
});

test("the computer's clock runs a timer after its time", async () => {
  const clock = new SystemClock();
  const from = clock.elapsed();
  await new Promise<void>((done) => clock.after(5, done));
  assert.ok(clock.elapsed() - from >= 4);
});

test("a clock is behind when it lags by ten seconds, and until it lags by less than one; how fast it goes is of the last two", () => {
  const pace = new Pace();
  // To go 1000 times as fast, and going 100 times: 0.9 s of each second are lag.
  const seen: boolean[] = [];
  let [at, gone] = [500, 0];
  const go = (seconds: number, speed: number): void => {
    for (let k = 0; k < 10 * seconds; k++) {
      at += 100;
      gone += 100 * speed;
      pace.take(at, gone, at - 500 - gone / 1000);
      seen.push(pace.isBehind);
    }
  };
  go(11, 100);
  assert.equal(seen.includes(true), false, "9.9 s of lag are a pause");
  assert.equal(pace.reached, 100);
  go(1, 100);
  assert.equal(pace.isBehind, true);
  // 10.8 s of lag, of which 9.8 are gone after so long.
  go(9, 2000);
  assert.equal(pace.isBehind, true);
  assert.equal(pace.reached, 2000);
  go(1, 2000);
  assert.equal(pace.isBehind, false);
  assert.equal(seen.filter((one, k) => one !== seen[k - 1]).length, 3, "it is said once, and once that it is over");
});
