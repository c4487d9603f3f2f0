/** Counters over restarts, whenever the process ends: none is sent twice, and none is taken twice that changed something. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Counters, RESERVE } from "./counters.ts";

/** A disk: what is put goes there with the next commit, and what is not there is lost at the end of a process. */
class Disk {
  onDisk: Uint8Array | undefined;
  #put: Uint8Array | undefined;
  puts = 0;
  mark = "a";

  start(first = 100): Counters {
    this.#put = undefined;
    const counters: Counters = new Counters(
      {
        kept: () => this.onDisk,
        changed: (when) => {
          if (when === "soon") return;
          this.#put = counters.bytes;
          this.puts++;
        },
        mark: () => this.mark,
      },
      first,
    );
    return counters;
  }

  /** What waited is on disk; only now what was said may be sent. */
  commit(): void {
    this.onDisk = this.#put ?? this.onDisk;
  }
}

test("a counter goes on over restarts, a block at most is skipped, and a block is kept once", () => {
  const disk = new Disk();
  let counters = disk.start();
  const sent = new Set<number>();
  for (let run = 0; run < 5; run++) {
    for (let k = 0; k < RESERVE + 3; k++) {
      const next = counters.next();
      disk.commit();
      assert.ok(!sent.has(next), `${next} was sent twice`);
      sent.add(next);
    }
    counters = disk.start();
  }
  assert.equal(disk.puts, 10);
  assert.ok(Math.max(...sent) <= 100 + 10 * RESERVE);
});

test("what was not on disk was not sent: a process that ends before begins where it began", () => {
  const disk = new Disk();
  assert.equal(disk.start().next(), 100);
  // No commit: nobody has it.
  assert.equal(disk.start(7).next(), 7);
});

test("who comes again is refused, before and after a restart", () => {
  const disk = new Disk();
  let counters = disk.start();
  assert.ok(counters.accept("unicast", 0), "the first may be 0");
  assert.ok(!counters.accept("unicast", 0));
  assert.ok(counters.accept("unicast", 41));
  assert.ok(!counters.accept("unicast", 41));
  assert.ok(!counters.accept("unicast", 40));
  assert.ok(counters.accept("broadcast", 3));
  disk.commit();
  counters = disk.start();
  assert.ok(!counters.accept("unicast", 41));
  assert.ok(!counters.accept("broadcast", 3));
  assert.equal(counters.received("unicast"), 41);
  assert.ok(counters.accept("unicast", 42));
  assert.ok(counters.accept("unicast", 0xffffffff));
  assert.ok(!counters.accept("unicast", 0xffffffff));
});

test("questions are kept with what is kept next", () => {
  const disk = new Disk();
  const counters = disk.start();
  assert.ok(counters.accept("unicast", 5, true));
  assert.equal(disk.puts, 0);
  assert.ok(!counters.accept("unicast", 5, true), "and are not taken twice meanwhile");
  assert.ok(counters.accept("broadcast", 1));
  disk.commit();
  assert.equal(disk.start().received("unicast"), 5);
});

test("counters of another key begin anew", () => {
  const disk = new Disk();
  const counters = disk.start();
  assert.ok(counters.accept("unicast", 1000));
  disk.mark = "b";
  assert.equal(counters.received("unicast"), undefined);
  assert.ok(counters.accept("unicast", 1));
  assert.ok(!counters.accept("unicast", 1));
});

test("a counter that is used up sends nothing more", () => {
  const disk = new Disk();
  const counters = disk.start(0xfffffffe);
  assert.equal(counters.next(), 0xfffffffe);
  assert.equal(counters.next(), 0xffffffff);
  assert.throws(() => counters.next(), /used up: another key has to be set/);
});

test("nothing is kept of a client that nobody has heard", () => {
  const disk = new Disk();
  const counters = disk.start();
  assert.equal(counters.bytes, undefined);
  assert.equal(counters.received("unicast"), undefined);
});

test("who begins begins anywhere, and leaves room for a life's messages", () => {
  const from = new Set<number>();
  for (let k = 0; k < 50; k++) {
    const first = new Counters({ kept: () => undefined, changed: () => {}, mark: () => "" }).next();
    assert.ok(first >= 0 && first < 2 ** 30);
    from.add(first);
  }
  assert.ok(from.size > 40);
});
