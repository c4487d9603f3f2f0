import assert from "node:assert/strict";
import { test } from "node:test";
import type { Input } from "#waveform/channel-map.ts";
import { examine } from "./examine.ts";
import { motorReader } from "./motor-fixture.ts";
import { computedReader, mapOf } from "./wave-fixture.ts";

const settings = { wiring: "wye", map: mapOf(), nominalVolts: 230, hz: 50 } as const;

test("a motor that runs up for longer than its waveform is kept is one", () => {
  const { events } = examine(motorReader({ remains: 0.2, back: 0.976 }), settings);
  assert.deepEqual(
    events.map(({ kind, percent, cut }) => [kind, Math.round(percent), cut]),
    [["dip", 83, undefined]],
  );
  const [{ explained, trace, wave, at, seconds }] = events as [(typeof events)[number]];
  assert.equal(explained?.cause?.cause, "motor start");
  // 0.2 of the 6 that came on: by RMS, which adds angles, no more than that.
  const [, lasting = NaN] =
    /current that came on ([\d.]+) % remain/.exec(explained.cause.criteria.map(({ says }) => says).join()) ?? [];
  assert.ok(Number(lasting) > 0.5 && Number(lasting) <= 100 / 30 + 0.1, `${lasting} %`);
  // What is kept of it is no longer for that.
  assert.ok(trace!.times.at(-1)! <= at + seconds + 0.53);
  assert.equal(trace!.isCut, false);
  assert.ok(wave!.channels[0]!.samples.length <= 2 * wave!.rate);
});

test("a load that stays on is no motor that has started, however slowly the voltage comes back", () => {
  const { events } = examine(motorReader({ remains: 4, back: 0.976 }), settings);
  const cause = events[0]?.explained?.cause;
  assert.equal(cause?.cause, "unknown");
  const said = cause.considered["motor start"].find(({ says }) => says.includes("remain"));
  assert.equal(said?.holds, false);
});

test("a fault that lasts longer than its waveform is kept comes back sharply all the same", () => {
  const value = (input: Input, sample: number): number => {
    const t = sample / 4800;
    const angle = 2 * Math.PI * (50 * t - ["a", "b", "c"].indexOf(input[1]!) / 3);
    const isUnder = t >= 2.003 && t < 5.003;
    if (input[0] === "v") return Math.SQRT2 * 230 * (isUnder ? 0.5 : 1) * Math.sin(angle);
    return Math.SQRT2 * 20 * (isUnder ? 8 : 1) * Math.sin(angle - (isUnder ? 1.3 : 0.5));
  };
  const { events } = examine(computedReader({ rate: 4800, seconds: 8, value }), settings);
  assert.deepEqual(
    events.map(({ explained }) => [explained?.cause?.cause, explained?.cause?.type?.letter]),
    [["fault", "A"]],
  );
});
