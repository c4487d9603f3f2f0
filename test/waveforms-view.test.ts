/** The last cycles of a meter's waveforms, as its page draws them: a sine of known size and phase, whole cycles of it, and nothing where nothing is known. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { MeterView } from "#quantity/meter-api.ts";
import { webRig } from "./web-rig.ts";

const LINE = "hz: 60, volts: [120, 130, 140], amps: [5, 4, 3], pf: 1";
const SITE = `
store: ":memory:"
meters:
  - { name: jem, model: ametek-jemstar-ii, configuration: jem.yaml, auxiliary: false, source: { synthetic: { ${LINE}, events: [{ kind: interruption, at: 20, for: 30 }] } } }
  - { name: small, model: leviton-s4100, source: { synthetic: { ${LINE} } } }
  - { name: steps, model: ametek-jemstar-ii, configuration: jem.yaml, source: { synthetic: { ${LINE}, steps: true } } }
`;

test("waveforms of now are three whole cycles, of which each instant is what the source gives there", async (t) => {
  const { ask, clock } = await webRig(t, { site: SITE, jem: "{}" });
  const of = async (name: string): Promise<MeterView> =>
    (await (await ask(`/api/v1/meters/${name}`)).json()) as MeterView;
  assert.equal((await of("jem")).waveforms, undefined, "nothing has been measured yet");
  clock.advance(6000);
  for (const name of ["jem", "small"]) {
    const { hz, cycles, channels } = (await of(name)).waveforms!;
    assert.deepEqual([Math.round(hz! * 1000), cycles, channels.length], [60_000, 3, 6]);
    const [count, peak] = [channels[0]!.length / cycles, Math.SQRT2];
    assert.ok(count >= 64 && count <= 128, `${count} instants of a cycle`);
    const sizes = [120, 130, 140, 5, 4, 3];
    for (const [k, samples] of channels.entries())
      for (const [n, sample] of samples.entries()) {
        // They begin at a rising zero crossing of phase a; b and c are a third of a cycle behind.
        const wanted = sizes[k]! * peak * Math.sin(2 * Math.PI * (n / count - (k % 3) / 3));
        assert.ok(Math.abs(sample - wanted) < 0.002 * sizes[k]!, `${name} ${k} ${n}: ${sample} for ${wanted}`);
      }
  }
  assert.equal((await of("steps")).waveforms, undefined);
  clock.advance(20_000);
  assert.equal((await of("jem")).waveforms, undefined, "it is without power");
  clock.advance(40_000);
  assert.equal((await of("jem")).waveforms?.cycles, 3);
});
