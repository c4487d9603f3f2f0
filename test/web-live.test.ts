/** A meter's event stream, followed by several at once: what all are told at a heartbeat is made once, and nobody is told what was so before. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { here, webRig } from "./web-rig.ts";

const SITE = `
store: ":memory:"
meters:
  - { name: sampled, model: leviton-s4100, source: { synthetic: { hz: 50, volts: 230, amps: 5 } } }
`;

interface Told {
  readonly local: string;
  readonly settings: Readonly<Record<string, number>>;
  readonly waveforms?: { readonly channels: readonly (readonly number[])[] };
  readonly rms?: unknown;
}

type Rig = Awaited<ReturnType<typeof webRig>>;

async function follow({ ask, real }: Rig, query = "") {
  const answer = await ask(`/api/v1/meters/sampled/live${query}`, here);
  assert.equal(answer.status, 200);
  const reader = answer.body!.getReader();
  const decoder = new TextDecoder();
  return {
    next: async (): Promise<Told> => {
      for (let blocks = 0; blocks < 20; blocks++) {
        const pending = { open: true };
        const read = reader.read().finally(() => (pending.open = false));
        // What is told waits for what it tells of to be kept, which is due at once.
        for (let turns = 0; pending.open && turns < 1000; turns++) {
          await new Promise((resolve) => setImmediate(resolve));
          real.advance(0);
        }
        assert.ok(!pending.open, "nothing came");
        const data = /^data: (\{.*)$/m.exec(decoder.decode((await read).value))?.[1];
        if (data?.includes('"local"') === true) return JSON.parse(data) as Told;
      }
      return assert.fail("no reading came");
    },
    cancel: () => reader.cancel(),
  };
}

/** One second of the meter and of the site. */
function second({ clock, real, side }: Rig): void {
  clock.advance(1000);
  real.advance(1000);
  side.beat();
}

test("whoever asks for no waveforms is told the same without them; all are told the newest", async (t) => {
  const rig = await webRig(t, { site: SITE });
  second(rig);
  const streams = [await follow(rig), await follow(rig, "?without=waveforms"), await follow(rig)];
  for (const stream of streams) await stream.next();
  const times = new Set<string>();
  for (let k = 0; k < 3; k++) {
    second(rig);
    const [all, without, other] = await Promise.all(streams.map((stream) => stream.next()));
    assert.equal(all?.waveforms?.channels.length, 6);
    assert.equal(without?.waveforms, undefined);
    const { waveforms, ...rest } = all ?? assert.fail();
    assert.ok(waveforms !== undefined);
    assert.deepEqual(without, rest);
    assert.deepEqual(other, all);
    times.add(rest.local);
  }
  assert.equal(times.size, 3);
  for (const stream of streams) await stream.cancel();
  const wrong = await rig.ask("/api/v1/meters/sampled/live?without=readings", here);
  assert.equal(wrong.status, 422);
});

test("who comes in the turn in which others were told is told what has changed since", async (t) => {
  const rig = await webRig(t, { site: SITE });
  second(rig);
  const first = await follow(rig);
  const before = (await first.next()).settings["ctPrimary"];
  second(rig);
  await first.next();
  const body = { ctPrimary: 555 };
  const answer = await rig.ask("/api/v1/meters/sampled/configuration", { ...here, method: "PUT", body });
  assert.equal(answer.status, 200, await answer.text());
  const late = await follow(rig);
  const after = (await late.next()).settings["ctPrimary"];
  assert.notEqual(before, 555);
  assert.equal(after, 555);
  await first.cancel();
  await late.cancel();
});
