/** Sources that are slow, fast, invalid or stall: what a grid behind a feed makes of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CycleMeter } from "#metrology/cycle-meter.ts";
import type { GridHalf } from "#metrology/grid-half.ts";
import { wirings } from "#quantity/wiring.ts";
import { GridFeed } from "./grid-feed.ts";
import type { SampleRun, SampleSource } from "./source.ts";

const VOLTS = 230;

/** 50.2 Hz at a rate, sampled without end but where it stalls; `missing` are channels that have no sample, as bits. */
class Made implements SampleSource {
  readonly kind = "samples";
  readonly utc = NaN;
  readonly ended = false;
  elapsed = 0;
  readonly #rate: number;
  readonly #missing: number;
  readonly #stalls: (t: number) => boolean;
  #made = 0;
  #joined = false;

  constructor(rate: number, missing = 0, stalls: (t: number) => boolean = () => false) {
    this.#rate = rate;
    this.#missing = missing;
    this.#stalls = stalls;
  }

  read(seconds: number): readonly SampleRun[] {
    const stalled = this.#stalls(this.elapsed + seconds / 2);
    this.elapsed += seconds;
    const first = this.#made;
    this.#made = Math.round(this.elapsed * this.#rate);
    const count = this.#made - first;
    if (stalled || count === 0) {
      this.#joined &&= !stalled;
      return [];
    }
    const channels = [0, 1, 2, 3, 4, 5].map((c) =>
      Float64Array.from({ length: count }, (_, k) => {
        const theta = 2 * Math.PI * (50.2 * ((first + k) / this.#rate) - (c % 3) / 3);
        return (this.#missing & (1 << c)) === 0 ? Math.SQRT2 * (c < 3 ? VOLTS : 5) * Math.sin(theta) : 0;
      }),
    );
    const missing = this.#missing === 0 ? undefined : new Uint8Array(count).fill(this.#missing);
    const run = {
      channels,
      count,
      rate: this.#rate,
      perCycle: 0,
      at: first / this.#rate,
      joined: this.#joined,
      missing,
    };
    this.#joined = true;
    return [run];
  }
}

interface Seen {
  readonly at: number;
  readonly volts: number;
  readonly amps: number;
  readonly joined: boolean;
}

function play(
  source: SampleSource,
  seconds: number,
  each?: (feed: GridFeed) => void,
): { seen: Seen[]; feed: GridFeed } {
  const wiring = wirings.wye;
  const seen: Seen[] = [];
  const feed = new GridFeed(source, { grid: 64, wiring, frequency: [45, 65], cyclesKept: 8 });
  const meter = new CycleMeter(feed.grid, { wiring, reactive: "shifted" });
  const half = ({ at, joined }: GridHalf): void => {
    if (meter.half() === 0) return;
    seen.push({ at, joined, volts: Math.sqrt(meter.values.v2[1]!), amps: Math.sqrt(meter.values.i2[1]!) });
  };
  feed.sinks = [{ half }];
  feed.grid.floorVolts = 5;
  for (let k = 0; k < seconds * 10; k++) {
    feed.run(0.1);
    each?.(feed);
  }
  return { seen, feed };
}

for (const rate of [180, 240, 400, 800, 1000, 3200, 10_000, 51_200, 200_000, 1_000_000]) {
  test(`${rate} samples a second carry the fundamental: volts and frequency are true`, () => {
    const { seen, feed } = play(new Made(rate), 1);
    assert.ok(seen.length > 60, `${seen.length} half cycles`);
    // What the kernel reads before the first sample is its image: 16 samples, and the two half cycles of a value.
    const begun = 16 / rate + 0.02;
    for (const { at, volts } of seen)
      assert.ok(Math.abs(volts / VOLTS - 1) < (at > begun ? 2e-5 : 0.01), `${volts} V at ${at} s`);
    assert.ok(Math.abs(feed.grid.hz - 50.2) < 1e-3, `${feed.grid.hz} Hz`);
    assert.equal(feed.absence, undefined);
  });
}

for (const rate of [1, 50, 100, 150, 175]) {
  test(`${rate} samples a second carry no fundamental of 65 Hz: nothing is measured, and it is said`, () => {
    const { seen, feed } = play(new Made(rate), 3);
    assert.equal(seen.length, 0);
    assert.match(feed.absence!, /carry a fundamental|a gap/);
    assert.ok(Number.isNaN(feed.grid.takeFrequency()));
  });
}

const ofRates: readonly (readonly [rate: number, words: string])[] = [
  // A log of ten minutes, of two seconds, of a second.
  [1 / 600, "one sample each 600 s does not carry a fundamental"],
  [0.5, "one sample each 2 s does not carry a fundamental"],
  [1, "1 sample a second does not carry a fundamental"],
  [4, "4 samples a second do not carry a fundamental"],
  [100 / 3, "33.3333 samples a second do not carry a fundamental"],
];
for (const [rate, words] of ofRates)
  test(`samples that come too slowly, also between two of them: ${words}`, () => {
    const said = new Set<string | undefined>();
    play(new Made(rate), Math.ceil(2 / rate) + 1, ({ absence, grid }) => {
      if (grid.tooSlow) said.add(absence);
    });
    assert.deepEqual([...said], [words]);
  });

test("all channels invalid: half cycles go on and nothing is known in them", () => {
  const { seen, feed } = play(new Made(3200, 0b111111), 2);
  assert.ok(seen.length > 100);
  for (const { at, volts, amps } of seen) assert.ok(Number.isNaN(volts + amps), `${volts} V, ${amps} A at ${at} s`);
  assert.match(feed.absence!, /samples of va, vb, vc, ia, ib, ic are missing/);
  assert.ok(Number.isNaN(feed.grid.takeFrequency()));
});

test("all volts invalid: amps have no cycle, and are known of the nominal one all the same", () => {
  const { seen } = play(new Made(3200, 0b000111), 2);
  assert.ok(seen.length > 100);
  assert.ok(seen.every(({ volts, amps }) => Number.isNaN(volts) && Math.abs(amps / 5 - 1) < 0.15));
});

test("a source that stalls and resumes: what lies before is measured to its end, a gap is a gap, and what comes after begins anew", () => {
  for (const [from, to] of [
    [1, 1.1],
    [1, 1.5],
    [1, 4],
  ] as const) {
    const said = new Set<string | undefined>();
    const { seen, feed } = play(new Made(3200, 0, (t) => t > from && t < to), 6, ({ absence }) => said.add(absence));
    for (const { at, volts } of seen) {
      assert.ok(Math.abs(volts / VOLTS - 1) < 1e-3, `stalled to ${to} s: ${volts} V at ${at} s`);
      assert.ok(at < from || at > to - 0.001, `a half cycle of ${at} s lies in the gap`);
    }
    const [last, next] = [seen.findLast(({ at }) => at < from)!, seen.find(({ at }) => at > to - 0.001)!];
    assert.ok(last.at > from - 0.03 && next.at < to + 0.04, `from ${last.at} to ${next.at} s nothing was measured`);
    assert.ok(seen.length > 100 * (6 - (to - from)) - 10, `${seen.length} half cycles`);
    assert.equal(feed.absence, undefined);
    assert.equal(
      [...said].some((why) => why?.startsWith("a gap") ?? false),
      to - from > 0.25,
    );
  }
});
