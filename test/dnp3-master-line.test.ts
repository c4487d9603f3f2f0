/** A master and outstations of ours on one line: what is lost, late, doubled or bent on it, several outstations, and confirmation by the link. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import { frameBytes } from "#protocol/dnp3/link/frame.ts";
import { serveDnp } from "#protocol/dnp3/link/serve.ts";
import { outstation } from "#protocol/dnp3/outstation/outstation.ts";
import { Association } from "#protocol/dnp3/master/association.ts";
import { DnpError } from "#protocol/dnp3/master/failing.ts";
import { readFile } from "#protocol/dnp3/master/file-read.ts";
import { Line, type LineSettings } from "#protocol/dnp3/master/line.ts";
import { clearRestart, freeze, read, restart } from "#protocol/dnp3/master/outstation.ts";
import { Points } from "#protocol/dnp3/master/points.ts";
import { classes, integrity } from "#protocol/dnp3/master/requests.ts";
import { synchronise } from "#protocol/dnp3/master/time-sync.ts";
import { FixtureHost, usualSettings } from "./dnp3-host.ts";
import { fromHex } from "./dnp3-exchanges.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

/** What becomes of bytes on their way: as they are, or other ones, or none. */
type Way = (bytes: Uint8Array, pass: (bytes: Uint8Array) => void) => void;
const asItIs: Way = (bytes, pass) => pass(bytes);

const wide = {
  binaries: Array.from({ length: 64 }, (_, k) => k % 3 === 0),
  outputs: [true, false],
  counters: Array.from({ length: 300 }, (_, k) => 100_000 + 7 * k),
  analogs: Array.from({ length: 200 }, (_, k) => 1000 * k - 70_000),
};

interface Rigged {
  readonly clock: VirtualClock;
  readonly line: Line;
  readonly hosts: readonly FixtureHost[];
  /** Bytes of the master, and of the outstations. */
  toThem: Way;
  toUs: Way;
  readonly link: Link;
  association(address?: number, retries?: number): Association;
  /** What work ends with, while time goes by for it. */
  ends<T>(work: Promise<T>, mostMs?: number): Promise<T>;
}

function rigged(
  hosts: readonly FixtureHost[] = [new FixtureHost()],
  confirm: LineSettings["confirm"] = "never",
): Rigged {
  const clock = new VirtualClock();
  const [ours, near] = nullModem();
  const [far, theirs] = nullModem();
  const stations = hosts.map((host) => ({
    server: outstation(host, { clock, port: "lan1" }),
    settings: () => host.settings,
  }));
  serveDnp(theirs, stations, clock);
  const line = new Line(ours, clock, { master: 100, confirm, timeoutMs: 500, retries: 2 });
  const rig: Rigged = {
    clock,
    line,
    hosts,
    toThem: asItIs,
    toUs: asItIs,
    link: near,
    association: (address = 1, retries = 2) => new Association(line.to(address), clock, { timeoutMs: 1000, retries }),
    async ends(work, mostMs = 60_000) {
      let ended = false;
      const done = work.finally(() => (ended = true));
      done.catch(() => {});
      for (let ms = 0; ms <= mostMs; ms += 50) {
        await new Promise<void>((resolve) => void setImmediate(resolve));
        if (ended) return done;
        clock.advance(50);
      }
      assert.fail(`it goes on after ${mostMs} ms`);
    },
  };
  near.receive((bytes) => rig.toThem(bytes, (own) => far.send(own)));
  far.receive((bytes) => rig.toUs(bytes, (own) => near.send(own)));
  return rig;
}

const station = (address: number, counters: readonly number[], confirm: LineSettings["confirm"] = "never") =>
  new FixtureHost(
    { address, link: { ...usualSettings.link, confirm } },
    { binaries: [], outputs: [], counters, analogs: [] },
  );

async function counter(rig: Rigged, association: Association, index = 0): Promise<unknown> {
  const points = new Points();
  await rig.ends(read(association, classes(0), points));
  return points.get("counter", index)?.value;
}

test("several outstations on a line are read each by its address, one after the other", async () => {
  const rig = rigged([station(1, [11]), station(7, [77]), station(300, [333])]);
  const three = [1, 7, 300].map((address) => rig.association(address));
  // All are asked at once: the line has them one by one.
  let under = 0;
  rig.toThem = (bytes, pass) => {
    assert.equal(++under, 1);
    pass(bytes);
    under--;
  };
  assert.deepEqual(await Promise.all(three.map((one) => counter(rig, one))), [11, 77, 333]);
  assert.deepEqual(await rig.ends(rig.line.present([1, 2, 7, 299, 300], 300)), [1, 7, 300]);
});

for (const [ours, theirs] of [
  ["always", "never"],
  ["never", "always"],
  ["multi-frame", "multi-frame"],
  ["always", "always"],
] as const)
  test(`with confirmation by the link ${ours} here and ${theirs} there everything arrives`, async () => {
    const host = new FixtureHost({ link: { ...usualSettings.link, confirm: theirs } }, wide);
    const rig = rigged([host], ours);
    const association = rig.association();
    const points = new Points();
    await rig.ends(read(association, integrity, points));
    assert.equal(points.get("counter", 299)?.value, 100_000 + 7 * 299);
    assert.equal(points.get("analog", 199)?.value, 129_000);
    await rig.ends(freeze(association));
    assert.equal(host.frozen.length, 1);
    rig.clock.advance(6000);
    const events = new Points();
    await rig.ends(read(association, classes(1), events));
    assert.equal(events.events.length, 300);
  });

test("a request or an answer that is lost is asked for again, and nothing is done twice", async () => {
  for (const lost of ["toThem", "toUs"] as const) {
    const rig = rigged();
    const association = rig.association();
    let left = 1;
    rig[lost] = (bytes, pass) => {
      if (left-- <= 0) pass(bytes);
    };
    await rig.ends(freeze(association));
    assert.equal(rig.hosts[0]!.frozen.length, 1, lost);
  }
});

test("who never answers is said, with how long and how often", async () => {
  const rig = rigged();
  rig.toUs = () => {};
  const began = rig.clock.elapsed();
  await assert.rejects(
    rig.ends(read(rig.association(), classes(0), new Points())),
    /null modem \w, outstation 1, did not answer within 1000 ms, asked 3 times/,
  );
  assert.ok(rig.clock.elapsed() - began <= 3100);
});

test("an answer that comes late is not taken for that of the next request", async () => {
  const rig = rigged([new FixtureHost()]);
  const association = rig.association(1, 0);
  const held: (() => void)[] = [];
  rig.toUs = (bytes, pass) => void held.push(() => pass(bytes));
  await assert.rejects(
    rig.ends(read(association, [{ group: 30, variation: 3, which: "all" }], new Points())),
    DnpError,
  );
  const points = new Points();
  const asked = read(association, [{ group: 20, variation: 0, which: "all" }], points);
  await new Promise<void>((resolve) => void setImmediate(resolve));
  assert.equal(held.length, 2);
  for (const pass of held) pass();
  await rig.ends(asked);
  assert.deepEqual(
    points.present.map(({ kind }) => kind),
    ["counter", "counter", "counter"],
  );
});

test("what comes twice is taken once", async () => {
  const rig = rigged([new FixtureHost({}, wide)]);
  rig.toUs = (bytes, pass) => {
    pass(bytes.slice());
    pass(bytes);
  };
  rig.toThem = rig.toUs;
  const association = rig.association();
  await rig.ends(freeze(association));
  rig.clock.advance(6000);
  const points = new Points();
  await rig.ends(read(association, integrity, points));
  assert.equal(points.events.length, 300);
  assert.equal(rig.hosts[0]!.frozen.length, 1);
});

test("when the rest of an answer does not come it is said, and its events are there when they are asked for again", async () => {
  const rig = rigged([new FixtureHost({}, wide)]);
  const association = rig.association();
  await rig.ends(freeze(association));
  rig.clock.advance(6000);
  let fragments = 0;
  rig.toUs = (bytes, pass) => {
    if (++fragments !== 2) pass(bytes);
  };
  const points = new Points();
  await assert.rejects(
    rig.ends(read(association, classes(1), points)),
    /began to answer, and nothing came within 1000 ms behind fragment 1/,
  );
  rig.toUs = asItIs;
  const rest = new Points();
  await rig.ends(read(association, classes(1), rest));
  const indices = new Set([...points.events, ...rest.events].map(({ index }) => index));
  assert.equal(indices.size, 300);
});

test("events that cannot be read are not confirmed: they stay where they are", async () => {
  const rig = rigged();
  const association = rig.association();
  await rig.ends(freeze(association));
  rig.clock.advance(6000);
  const points = new Points();
  const cannot = association.ask({
    code: 1,
    objects: fromHex("3c 02 06"),
    take: (fragment, from) => {
      points.take(fragment.slice(0, -3), from);
    },
  });
  await assert.rejects(rig.ends(cannot), /answered what cannot be read: /);
  assert.deepEqual(points.events, []);
  const again = new Points();
  await rig.ends(read(association, classes(1), again));
  assert.equal(again.events.length, 3);
});

test("a line that ends says so at once, to who waits and to who asks afterwards", async () => {
  const rig = rigged();
  const association = rig.association();
  rig.toThem = () => {};
  const waiting = read(association, classes(0), new Points());
  await new Promise<void>((resolve) => void setImmediate(resolve));
  rig.link.close();
  await assert.rejects(waiting, (error) => error instanceof DnpError && error.reason === "closed");
  await assert.rejects(read(association, classes(0), new Points()), /ended the connection/);
  await assert.rejects(rig.line.present([1], 100), /ended the connection/);
});

test("an outstation that does not acknowledge what the link sends is said", async () => {
  const rig = rigged([new FixtureHost()], "always");
  rig.toUs = () => {};
  await assert.rejects(
    rig.ends(read(rig.association(), classes(0), new Points())),
    /does not acknowledge what the data link sends|did not answer/,
  );
});

test("a delay is half of what the outstation has not taken, and a bent clock is set", async () => {
  const host = new FixtureHost();
  const rig = rigged([host]);
  const [there, back] = [300, 500];
  rig.toThem = (bytes, pass) => void rig.clock.after(there, () => pass(bytes));
  rig.toUs = (bytes, pass) => void rig.clock.after(back, () => pass(bytes));
  const association = rig.association();
  const { delayMs } = await rig.ends(synchronise(association, "direct", rig.clock));
  assert.equal(delayMs, (there + back) / 2);
  // It was written 400 ms ahead, and came after 300.
  const off = host.times[0]! - (rig.clock.utc() - back);
  assert.ok(Math.abs(off - 100) <= 100, `${off} ms`);
});

test("an outstation that counts its frames and never resets the link is told so once, and then taken as it counts", async () => {
  for (const fcb of [0, 0x20]) {
    const [ours, theirs] = nullModem();
    const clock = new VirtualClock();
    const line = new Line(ours, clock, { master: 100, confirm: "never", timeoutMs: 500, retries: 0 });
    const association = new Association(line.to(1), clock, { timeoutMs: 1000, retries: 0 });
    const heard: number[] = [];
    let count = fcb;
    const answer = (sequence: number): void => {
      const octets = Uint8Array.of(0xc0, 0xc0 | sequence, 0x81, 0, 0);
      theirs.send(frameBytes({ control: 0x53 | count, destination: 100, source: 1, data: octets }));
    };
    theirs.receive((bytes) => {
      const control = bytes[3]!;
      heard.push(control);
      if (control === 0xc4) answer(bytes[11]! & 0x0f);
      // What is refused it sends once more, as it was; what is acknowledged goes on.
      if (control === 0x81) answer(0);
      if (control === 0x80) count ^= 0x20;
    });
    for (let k = 0; k < 3; k++) assert.equal((await association.ask({ code: 1 })).iin, 0);
    assert.deepEqual(heard, [0xc4, 0x81, 0x80, 0xc4, 0x80, 0xc4, 0x80]);
  }
});

test("a time over a LAN is whole milliseconds, whenever it was recorded", async () => {
  const host = new FixtureHost();
  const rig = rigged([host]);
  rig.clock.advance(0.25);
  rig.toThem = (bytes, pass) => {
    rig.clock.advance(0.125);
    pass(bytes);
  };
  await rig.ends(synchronise(rig.association(), "lan", rig.clock));
  assert.deepEqual(host.times.map(Number.isInteger), [true]);
});

/** Bent fragments of one answer. */
const BENT = 10;

/** All that a master does, whatever comes of what it did before. */
async function everything(rig: Rigged): Promise<void> {
  const association = rig.association(1, 0);
  const points = new Points();
  association.unsolicited(points.take);
  const tries: readonly (() => Promise<unknown>)[] = [
    () => read(association, integrity, points),
    () => clearRestart(association),
    () => freeze(association),
    () => read(association, classes(1, 2, 3), points),
    () => synchronise(association, "direct", rig.clock),
    () => synchronise(association, "lan", rig.clock),
    () => readFile(association, "file", 1000),
    () => restart(association, "warm"),
    () => rig.line.present([1, 2, 3], 100),
  ];
  for (const one of tries)
    await rig.ends(one()).catch((error: unknown) => {
      assert.ok(error instanceof DnpError, String(error));
      assert.ok(error.message.length > 10);
    });
}

test("bent, cut and swapped answers end in an error that says so, soon, and the line is whole afterwards", async () => {
  let left = share(1000, 10_000, 100_000);
  for (let seed = 1; left > 0; seed++) {
    const random = numbers(seed);
    const rig = rigged([new FixtureHost({ application: { confirmTimeoutMs: 1000, maxFragment: 249 } })]);
    const before: Uint8Array[] = [];
    const once = 1 + random(3);
    let bent = 0;
    rig.toUs = (bytes, pass) => {
      if (before.length < 8) before.push(bytes.slice());
      if (random(once) > 0) return pass(bytes);
      bent++;
      pass(mutated([bytes, ...before], random));
    };
    await everything(rig);
    left -= bent;
    rig.toUs = asItIs;
    // Half a frame may wait for its rest: the first question may go with it.
    const healthy = rig.association(1, 3);
    await rig.ends(read(healthy, classes(0), new Points()));
  }
});

test("fragments that are bent below right frames end in an error or a value, and none is confirmed that was not read", async () => {
  let left = share(2000, 10_000, 100_000);
  const samples = [
    "c0 81 00 00 1e 03 00 00 03 97 9b 03 00 fb ff ff ff d0 07 00 00 b8 0b 00 00",
    "e0 81 00 00 17 05 28 03 00 00 00 01 40 42 0f 00 96 ae c5 fb a1 01 01 00 01 41 42 0f 00 96 ae c5 fb a1 01",
    "f1 82 90 00 02 02 28 01 00 01 00 81 05 2a c8 fb a1 01",
    "a0 81 90 00 01 01 00 00 09 49 02",
    "c0 81 00 00 46 05 5b 01 0a 00 04 03 02 01 00 00 00 00 30 2c",
    "c0 81 00 00 34 02 07 01 00 00",
    "c0 81 00 00 6e 04 00 00 01 61 62 63 00 64 65 66 00",
  ].map(fromHex);
  for (let seed = 1; left > 0; seed++) {
    const random = numbers(seed);
    const clock = new VirtualClock();
    let take: (fragment: Uint8Array) => void = () => {};
    let [confirmed, taken] = [0, 0];
    const came = new Set<string>();
    const association = new Association(
      {
        peer: "bent",
        send(fragment) {
          if (fragment[1] === 0) {
            confirmed++;
            return 0;
          }
          for (let k = 0; k < BENT; k++) {
            const bent = mutated(samples, random);
            const before = [confirmed, taken];
            take(bent);
            // What comes once more is confirmed once more, and not taken.
            if (confirmed > before[0]!) assert.ok(taken > before[1]! || came.has(bent.toHex()));
            came.add(bent.toHex());
          }
          return 0;
        },
        receive: (run) => (take = run),
        failed() {},
        turn: (work) => work(),
      },
      clock,
      { timeoutMs: 100, retries: 0 },
    );
    const points = new Points();
    const counting = (fragment: Uint8Array, from: number): void => {
      points.take(fragment, from);
      taken++;
    };
    association.unsolicited(counting);
    const asked = association.ask({ code: 1, objects: fromHex("3c 01 06"), take: counting }).catch((error: unknown) => {
      assert.ok(error instanceof DnpError, String(error));
    });
    await Promise.resolve();
    clock.advance(100);
    await asked;
    left -= BENT;
    assert.ok(points.events.length + points.present.length < 70_000 * 10);
  }
});
