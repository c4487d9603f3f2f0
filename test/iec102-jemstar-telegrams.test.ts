/** A JEMStar II read by telegrams of IEC 60870-5-102: what its station says over a null modem. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Asdu } from "#protocol/iec102/asdu/asdu.ts";
import type { FixtureHost } from "./iec102-host.ts";
import { iec102Meter, MADRID, profileOf } from "./iec102-meter.ts";
import { between, bodies, causes, minute, rig, timeText } from "./iec102-rig.ts";

const nothing = { kind: "nothing" } as const;

const ree = (rest: string): string => `
communications: { port3: { protocol: iec102, parity: even, baud: 19200, address: 7000 } }
iec102: { companion: ree, unit: Wh, measuringPoint: 1, manufacturer: 33 }
${MADRID}
${rest}`;

function read(t: TestContext, options: Parameters<typeof iec102Meter>[1] & { readonly configuration: string }) {
  const meter = iec102Meter(t, options);
  assert.equal(meter.tell({ command: "secret", name: "iec102.password", value: "7" }), "done");
  const host = meter.device.bindings.iec102?.({ port: "serial 3" });
  assert.ok(host !== undefined);
  const line = rig(Object.assign(host, { key: 7 }) as unknown as FixtureHost);
  return { ...meter, open: line.open, request: line.request, line };
}

const totalsIn = (asdus: readonly Asdu[]): readonly string[] =>
  bodies(asdus).flatMap((body) =>
    body.kind === "totals"
      ? [
          `${timeText(body.at)} ${body.totals.map(({ object, value, quality }) => `${object}:${value}/${quality.toString(16)}`).join(" ")}`,
        ]
      : [],
  );

test("hours of the day with 25, incremental and absolute, with what is in reserve invalid", async (t) => {
  const { run, open, request } = read(t, {
    configuration: ree(`profiles: [${profileOf(60)}]`),
    utc: Date.UTC(2026, 9, 24, 22),
  });
  run(25 * 60);
  assert.equal((await open())?.negative, false);
  const range = between(minute("2026-10-25T01:00", { summer: true }), minute("2026-10-25T04:00"));
  const incremental = await request(123, range, { record: 11 });
  assert.deepEqual(causes(incremental), [7, 5, 5, 5, 5, 5, 10]);
  const hour = "1:2880/0 2:0/0 3:2160/0 4:0/0 5:0/0 6:0/0 7:0/80 8:0/80";
  assert.deepEqual(totalsIn(incremental), [
    `2026-10-25 01:00 summer ${hour}`,
    `2026-10-25 02:00 summer ${hour}`,
    `2026-10-25 02:00 ${hour}`,
    `2026-10-25 03:00 ${hour}`,
    `2026-10-25 04:00 ${hour}`,
  ]);
  const absolute = await request(122, range, { record: 11 });
  assert.deepEqual(
    totalsIn(absolute).map((one) => / 1:(\d+)/.exec(one)?.[1]),
    [1, 2, 3, 4, 5].map((hours) => String(2880 * hours)),
  );
  assert.deepEqual(causes(await request(122, range, { record: 12 })), [-15], "no quarters of an hour are recorded");
  const blocks = await request(
    190,
    { kind: "asked", block: 11, range: [minute("2026-10-25T10:00"), minute("2026-10-25T12:00")] } as const,
    { record: 11 },
  );
  assert.deepEqual(causes(blocks), [7, 5, 10]);
});

test("the clock is read and set, a wrong key is refused, and locks out", async (t) => {
  const meter = read(t, { configuration: ree(`profiles: [${profileOf(15)}]`) });
  const { open, request, run } = meter;
  assert.equal((await open(8))?.negative, true);
  assert.deepEqual(causes(await request(103, nothing)), [-7]);
  await open();
  const [time] = bodies(await request(103, nothing));
  assert.ok(time?.kind === "time");
  assert.equal(timeText(time.at), "2026-01-01 01:00");
  run(1);
  const told = await request(181, { kind: "time", at: { ...time.at, hour: 2, minute: 30 } });
  assert.deepEqual(causes(told), [7]);
  assert.equal(new Date(meter.device.surface.now().utc).toISOString(), "2026-01-01T01:30:00.000Z");
  for (const wrong of [1, 2, 3]) assert.equal((await open(wrong))?.negative, true);
  assert.equal((await open(7))?.negative, true, "locked out");
});

test("what it is, its values and its events have their telegrams", async (t) => {
  const meter = read(t, {
    configuration: ree(`profiles: [${profileOf(15)}]\ntou: { holidays: [{ date: 2026-12-25 }] }`),
    serial: "204-17",
  });
  const { open, request, run } = meter;
  run(60);
  meter.tell({ command: "powerDown" });
  run(5);
  meter.tell({ command: "powerUp" });
  run(1);
  await open();
  const [product] = bodies(await request(100, nothing));
  assert.ok(product?.kind === "product");
  assert.deepEqual([product.manufacturer, product.device], [33, 20_417]);
  const [moment] = bodies(await request(162, { kind: "addresses", addresses: [192, 193, 194] }));
  assert.ok(moment?.kind === "instantaneous");
  assert.equal(moment.objects.length, 3);
  const [first, powers, phases] = moment.objects;
  assert.ok(first?.object === 192 && powers?.object === 193 && phases?.object === 194);
  // 61 minutes at 2,880 W and 2,160 var.
  assert.deepEqual(first.totals, [2928, 0, 2196, 0, 0, 0]);
  assert.deepEqual(powers.powers[0], { active: 3, reactive: 2, factor: 800, exports: false, lower: false });
  const range = [minute("2026-01-01T00:00"), minute("2026-01-01T04:00")] as const;
  const events = await request(102, { kind: "asked", range }, { record: 52 });
  assert.deepEqual(causes(events), [7, 5, 10]);
  const [, told] = bodies(events);
  assert.ok(told?.kind === "events");
  assert.deepEqual(
    told.events.map(({ address, qualifier, on }) => [address, qualifier, on]),
    [[1, 2, true]],
  );
  const [days] = bodies(await request(147, nothing, { record: 134 }));
  assert.ok(days?.kind === "days");
  assert.equal(days.days.length, 1);
  assert.deepEqual(causes(await request(144, nothing, { record: 134 })), [-13], "no power is contracted");
  const running = await request(133, nothing, { record: 134 });
  assert.deepEqual(causes(running), [7, 5, 10]);
  assert.deepEqual(causes(await request(133, nothing, { record: 135 })), [-15]);
});

test("the clock is told as it is when it is polled", async (t) => {
  const meter = read(t, { configuration: ree(`profiles: [${profileOf(15)}]`) });
  await meter.open();
  await meter.line.tell(103, nothing);
  meter.clock.advance(2345);
  const [time] = bodies(meter.line.rest());
  assert.ok(time?.kind === "time");
  assert.deepEqual([time.at.second, time.at.millisecond], [2, 345]);
});

test("a closure is found by the minute in which it ends", async (t) => {
  const registers = `registers: { normal: [{ id: 0, type: consumption, measure: { quantity: Wh }, digits: 9, selfRead: true, units: units }], alternate: [], test: [] }
selfRead: { every: billingReset }`;
  const meter = read(t, { configuration: ree(`profiles: [${profileOf(15)}]\n${registers}`) });
  meter.run(24 + 49 / 60);
  meter.tell({ command: "billingReset" });
  await meter.open();
  const asked = (at: string) => ({ kind: "asked", range: [minute(at), minute(at)] }) as const;
  const found = await meter.request(134, asked("2026-01-01T01:24"), { record: 134 });
  assert.deepEqual(causes(found), [7, 5, 10]);
  assert.deepEqual(causes(await meter.request(134, asked("2026-01-01T01:23"), { record: 134 })), [-18]);
  assert.deepEqual(causes(await meter.request(134, asked("2026-01-01T01:25"), { record: 134 })), [-18]);
});
