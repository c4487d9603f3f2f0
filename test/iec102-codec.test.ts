/** Frames and ASDUs of IEC 60870-5-102: what real meters have sent is read and written octet for octet, and every value comes back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { asduBytes, asduOf, type Asdu } from "#protocol/iec102/asdu/asdu.ts";
import { asduWith, bodyOf, type Body } from "#protocol/iec102/asdu/body.ts";
import { noTime, type TimeA, type TimeB } from "#protocol/iec102/asdu/time.ts";
import { types } from "#protocol/iec102/asdu/types.ts";
import { frameBytes, frameOf, type Frame } from "#protocol/iec102/frame/frame.ts";
import { FrameReceiver } from "#protocol/iec102/frame/receiver.ts";
import { WireError } from "#wire/cursor.ts";
import { fromHex, realMeters, session, toHex } from "./iec102-vectors.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

const recorded = [...realMeters, ...session.flatMap(({ reader, station }) => [reader, station])];

/** All that is said is read, and written again. */
function again(hex: string): string {
  const frame = frameOf(fromHex(hex), 2);
  if (frame.kind === "single" || frame.asdu === undefined) return toHex(frameBytes(frame, 2));
  const asdu = asduOf(frame.asdu);
  const written = asduWith(asdu, bodyOf(asdu));
  return toHex(frameBytes({ ...frame, asdu: asduBytes(written) }, 2));
}

test("frames of real meters and of a whole session are written as they were read", () => {
  for (const hex of recorded) assert.equal(again(hex), hex);
});

function bodyIn(hex: string): Body {
  const frame = frameOf(fromHex(hex), 2);
  assert.ok(frame.kind === "frame" && frame.asdu !== undefined);
  return bodyOf(asduOf(frame.asdu));
}

const time = (said: Partial<TimeA>): TimeA => ({ ...noTime, ...said });

// Meter 7000, 2009-09-18, summer: consumption since the beginning at 01:00, channels 7 and 8 not fitted.
test("absolute totals of a real meter have their values and qualities", () => {
  const hex =
    "68 3e 3e 68 08 58 1b 08 08 05 01 00 0b 01 18 01 00 00 00 02 6e 1f 03 00 00 03 04 00 00 00 00 04 00 00 00 00 00 05 cc be 00 00 00 06 98 0d 00 00 00 07 00 00 00 00 80 08 00 00 00 00 80 00 81 b2 09 09 e1 16";
  assert.ok(realMeters.includes(hex));
  const body = bodyIn(hex);
  assert.ok(body.kind === "totals");
  assert.deepEqual(
    body.totals.map(({ object, value, quality }) => [object, value, quality]),
    [
      [1, 280, 0],
      [2, 204_654, 0],
      [3, 4, 0],
      [4, 0, 0],
      [5, 48_844, 0],
      [6, 3480, 0],
      [7, 0, 0x80],
      [8, 0, 0x80],
    ],
  );
  // Friday.
  assert.deepEqual(body.at, time({ year: 9, month: 9, day: 18, hour: 1, summer: true, weekday: 5 }));
});

test("a closure of a real meter has its energies, its maximum and its period", () => {
  const body = bodyIn(realMeters.find((hex) => hex.startsWith("68 48 48 68 08 58 1b 88")) ?? "");
  assert.ok(body.kind === "tariff");
  const [one] = body.objects;
  assert.ok(one !== undefined);
  assert.deepEqual(
    [one.object, one.active, one.inductive, one.capacitive],
    [
      20,
      { absolute: 29_025, incremental: 9700, quality: 0 },
      { absolute: 18_187, incremental: 2440, quality: 0 },
      { absolute: 0, incremental: 0, quality: 0 },
    ],
  );
  assert.deepEqual(
    [one.maximum.value, one.maximum.at],
    [84, time({ year: 8, month: 12, day: 26, hour: 14, weekday: 5 })],
  );
});

test("values of the moment are read as the reference station has them", () => {
  const hex = session.find(({ station }) => station.startsWith("68 68 68 68"))?.station ?? "";
  const body = bodyIn(hex);
  assert.ok(body.kind === "instantaneous");
  const [totals, powers, phases] = body.objects;
  assert.ok(totals?.object === 192 && powers?.object === 193 && phases?.object === 194);
  assert.deepEqual(totals.totals, [111, 222, 333, 444, 555, 666]);
  assert.deepEqual(powers.powers[3], { active: 43, reactive: 12, factor: 976, exports: false, lower: false });
  assert.deepEqual(phases.phases[2], { amps: 53, volts: 2303 });
  assert.deepEqual(totals.at, time({ year: 25, month: 3, day: 4, hour: 10, minute: 20, weekday: 2 }));
});

// Of a meter in the field (tests of iec870ree): 17,500 V to 110 V, 2.5 A to 5 A, 60 and 15 minutes, contracts I and II.
test("the configuration of a real meter is read and written", () => {
  const said =
    "42 4b 41 4d c6 12 e1 02 24 00 80 ea f2 03 26 06 08 ff 20 " +
    "00 ".repeat(19) +
    "06 08 06 08 98 ab 02 00 4c 04 00 00 19 00 00 00 32 00 00 00 3c 0f 00 1a " +
    "00 ".repeat(184);
  const head = { type: 142, count: 1, cause: 5, point: 1, record: 0 };
  const body = bodyOf({ ...head, data: fromHex(said) });
  assert.ok(body.kind === "equipment");
  assert.deepEqual(
    [body.manufacturer, body.model, body.firmware, body.device, body.battery, body.edition],
    [66, "KA", 77, 48_304_838, 38, { year: 2002, month: 4 }],
  );
  assert.deepEqual(
    [body.volts, body.amps],
    [
      { primary: 175_000, secondary: 1100 },
      { primary: 25, secondary: 50 },
    ],
  );
  assert.deepEqual(
    [body.periods, body.contracts],
    [
      [60, 15, 0],
      [true, true, false],
    ],
  );
  assert.equal(toHex(asduWith(head, body).data), said.trim());
});

// By hand: 0x01 + 0x0b + 0x02 and 1, 0x1234, 0x20, and the time 0x0a 0x0b 0x0c 0x0d 0x0e: 53 + 0x67 + 0x3c.
test("accounting totals have the sum of what they say as their signature", () => {
  const body: Body = {
    kind: "totals",
    totals: [{ object: 1, value: 0x1234, quality: 0x20 }],
    at: { ...noTime, minute: 10, hour: 11, day: 12, month: 13, year: 14 },
  };
  const asdu = asduWith({ type: 2, cause: 5, point: 1, record: 11 }, body);
  const sum = 1 + 11 + 2 + (1 + 0x12 + 0x34 + 0x20) + (10 + 11 + 12 + 13 + 14);
  assert.equal(toHex(asdu.data), `01 34 12 00 00 20 ${(sum & 0xff).toString(16)} 0a 0b 0c 0d 0e`);
  assert.deepEqual(bodyOf(asdu), body);
  const wrong = { ...asdu, data: asdu.data.slice() };
  wrong.data[1] = 0x35;
  assert.throws(() => bodyOf(wrong), WireError);
});

const timeA: fc.Arbitrary<TimeA> = fc.record({
  year: fc.nat(127),
  month: fc.nat(15),
  day: fc.nat(31),
  weekday: fc.nat(7),
  hour: fc.nat(31),
  minute: fc.nat(63),
  summer: fc.boolean(),
  invalid: fc.boolean(),
  tariffs: fc.boolean(),
  energyTariff: fc.nat(3),
  powerTariff: fc.nat(3),
});
const timeB: fc.Arbitrary<TimeB> = fc
  .tuple(timeA, fc.nat(63), fc.nat(1023))
  .map(([at, second, millisecond]) => ({ ...at, second, millisecond }));
const octet = fc.nat(255);
const u32 = fc.nat(0xffff_ffff);
const energy = fc.record({ absolute: u32, incremental: u32, quality: octet });
const marked = fc.record({ value: u32, quality: octet });
const ratio = fc.record({ primary: u32, secondary: u32 });
const list = <T>(one: fc.Arbitrary<T>, most: number) => fc.array(one, { minLength: 1, maxLength: most });
const range = fc.tuple(timeA, timeA);
const width: Readonly<Record<number, number>> = { 0: 0xffff_ffff, 1: 0xff_ffff, 2: 0xffff };

/** A type, and a body that it may have. */
const bodies: fc.Arbitrary<readonly [type: number, body: Body]> = fc.oneof(
  fc.integer({ min: 2, max: 13 }).chain((type) => {
    const total = fc.record({ object: octet, value: fc.nat(width[(type - 2) % 3] ?? 0), quality: octet });
    return fc
      .record({ kind: fc.constant("totals" as const), totals: list(total, 30), at: timeA })
      .map((body) => [type, body] as const);
  }),
  fc.constantFrom(9, 10, 11).chain((block) => {
    const size = block === 9 ? 8 : block === 10 ? 6 : 3;
    const period = fc.record({ totals: fc.array(marked, { minLength: size, maxLength: size }), at: timeA });
    return list(period, 5).map((periods) => [140, { kind: "blocks", block, periods }] as const);
  }),
  list(fc.record({ address: octet, qualifier: fc.nat(127), on: fc.boolean(), at: timeB }), 20).map(
    (events) => [1, { kind: "events", events }] as const,
  ),
  timeB.map((at) => [181, { kind: "time", at }] as const),
  range.map((both) => [134, { kind: "asked", range: both }] as const),
  fc.tuple(octet, octet).map((objects) => [105, { kind: "asked", objects }] as const),
  timeA.map((at) => [106, { kind: "asked", range: [at, at] }] as const),
  fc
    .tuple(fc.tuple(octet, octet), timeA)
    .map(([objects, at]) => [119, { kind: "asked", objects, range: [at, at] }] as const),
  fc
    .tuple(fc.tuple(octet, octet), range)
    .map(([objects, both]) => [122, { kind: "asked", objects, range: both }] as const),
  fc
    .tuple(fc.constantFrom(9, 10, 11), range)
    .map(([block, both]) => [190, { kind: "asked", block, range: both }] as const),
  u32.map((key) => [183, { kind: "key", key }] as const),
  list(octet, 100).map((addresses) => [162, { kind: "addresses", addresses }] as const),
  list(
    fc.record({
      object: octet,
      active: energy,
      inductive: energy,
      capacitive: energy,
      reserve7: marked,
      reserve8: marked,
      maximum: fc.record({ value: u32, quality: octet, at: timeA }),
      excess: marked,
      start: timeA,
      end: timeA,
    }),
    3,
  ).map((objects) => [136, { kind: "tariff", objects }] as const),
  fc
    .tuple(list(fc.record({ object: octet, value: u32 }), 9), timeA)
    .map(([powers, at]) => [145, { kind: "powers", powers, at }] as const),
  list(timeA, 40).map((days) => [148, { kind: "days", days }] as const),
  fc.tuple(octet, fc.tuple(octet, octet), ratio, ratio).map(
    ([battery, periods, volts, amps]) =>
      [
        157,
        {
          kind: "settings",
          settings: [
            { object: 192, battery },
            { object: 197, periods },
            { object: 198, volts, amps },
            { object: 200, octets: new Uint8Array(25).fill(battery) },
          ],
        },
      ] as const,
  ),
  fc
    .tuple(fc.array(fc.option(fc.nat(0x07ff_ffff), { nil: undefined }), { minLength: 6, maxLength: 6 }), timeA)
    .map(([totals, at]) => [163, { kind: "instantaneous", objects: [{ object: 192, totals, at }] }] as const),
  fc
    .tuple(
      fc.array(
        fc.option(
          fc.record({
            active: fc.nat(0xff_ffff),
            reactive: fc.nat(0xff_ffff),
            factor: fc.nat(1000),
            exports: fc.boolean(),
            lower: fc.boolean(),
          }),
          { nil: undefined },
        ),
        { minLength: 4, maxLength: 4 },
      ),
      fc.array(fc.option(fc.record({ amps: fc.nat(0xff_ffff), volts: fc.nat(0x3fff_ffff) }), { nil: undefined }), {
        minLength: 3,
        maxLength: 3,
      }),
      timeA,
    )
    .map(
      ([powers, phases, at]) =>
        [
          163,
          {
            kind: "instantaneous",
            objects: [
              { object: 193, powers, at },
              { object: 194, phases, at },
            ],
          },
        ] as const,
    ),
  fc
    .record({ year: fc.integer({ min: 2000, max: 2015 }), month: fc.nat(15) })
    .chain((edition) => fc.tuple(octet, u32).map(([manufacturer, device]) => ({ edition, manufacturer, device })))
    .map((one) => [71, { kind: "product", ...one }] as const),
);

test("every body comes back as it was written", () => {
  fc.assert(
    fc.property(bodies, octet, fc.nat(65_535), ([type, body], record, point) => {
      const asdu = asduWith({ type, cause: 5, point, record }, body);
      // fast-check makes records without a prototype.
      assert.deepEqual(bodyOf(asduOf(asduBytes(asdu))), structuredClone(body));
    }),
    { numRuns: share(300, 1000, 20_000) },
  );
});

const heads: fc.Arbitrary<Asdu> = fc.record({
  type: octet,
  count: fc.nat(127),
  sequence: fc.boolean(),
  cause: fc.nat(63),
  negative: fc.boolean(),
  test: fc.boolean(),
  point: fc.nat(65_535),
  record: octet,
  data: fc.uint8Array({ maxLength: 246 }),
});

test("every identifier comes back as it was written", () => {
  fc.assert(
    fc.property(heads, (asdu) => {
      const read = asduOf(asduBytes(asdu));
      assert.deepEqual({ ...read, data: toHex(read.data) }, { ...asdu, data: toHex(asdu.data) });
    }),
  );
});

const control = fc.oneof(
  fc.record({
    from: fc.constant("primary" as const),
    fn: fc.nat(15),
    fcb: fc.option(fc.boolean(), { nil: undefined }),
  }),
  fc.record({ from: fc.constant("secondary" as const), fn: fc.nat(15), acd: fc.boolean(), dfc: fc.boolean() }),
);

const frames = (octets: 1 | 2): fc.Arbitrary<Frame> =>
  fc.oneof(
    fc.constant<Frame>({ kind: "single" }),
    fc.record({
      kind: fc.constant("frame" as const),
      control,
      address: fc.nat(octets === 1 ? 255 : 65_535),
      asdu: fc.option(fc.uint8Array({ maxLength: 254 - octets }), { nil: undefined }),
    }),
  );

test("every frame is found again, however what carries it is cut", () => {
  fc.assert(
    fc.property(
      fc.constantFrom<1 | 2>(1, 2).chain((octets) => fc.tuple(fc.constant(octets), list(frames(octets), 6))),
      fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
      ([octets, sent], cuts) => {
        const bytes = Buffer.concat(sent.map((frame) => frameBytes(frame, octets)));
        const receiver = new FrameReceiver(() => octets);
        const found: Frame[] = [];
        for (let at = 0; at < bytes.length;) {
          const [cut = 1] = cuts.take(1);
          found.push(...receiver.take(bytes.subarray(at, at + cut)));
          at += cut;
        }
        const plain = (all: readonly Frame[]) => all.map((frame) => toHex(frameBytes(frame, octets)));
        assert.deepEqual(plain(found), plain(sent));
        assert.equal(receiver.waits, false);
      },
    ),
    { numRuns: share(100, 300, 5000) },
  );
});

test("a frame behind noise is found, and one behind a beginning that never ends when that is given up", () => {
  const receiver = new FrameReceiver(() => 2);
  const status = fromHex("10 49 58 1b bc 16");
  assert.equal(receiver.take(Buffer.concat([fromHex("00 ff 10 49 58 1b 00 16 68 05 06 68"), status])).length, 1);
  assert.equal(receiver.noise, 1);
  assert.equal(receiver.take(Buffer.concat([fromHex("68 fd fd 68 73"), status])).length, 0);
  assert.equal(receiver.waits, true);
  assert.equal(receiver.giveUp().length, 1);
  assert.equal(receiver.waits, false);
});

test("mutated frames are frames, or are told to be none", () => {
  const random = numbers(102);
  const samples = recorded.map(fromHex);
  for (let k = share(5000, 20_000, 100_000); k > 0; k--) {
    const receiver = new FrameReceiver(() => 2);
    const bytes = mutated(samples, random);
    for (const frame of [...receiver.take(bytes), ...receiver.giveUp()]) {
      if (frame.kind === "single" || frame.asdu === undefined) continue;
      try {
        bodyOf(asduOf(frame.asdu));
      } catch (error) {
        assert.ok(error instanceof WireError, toHex(bytes));
      }
    }
  }
});

test("mutated ASDUs are read, or are told to be none", () => {
  const random = numbers(5);
  const samples = recorded.flatMap((hex) => {
    const frame = frameOf(fromHex(hex), 2);
    return frame.kind === "frame" && frame.asdu !== undefined ? [frame.asdu] : [];
  });
  const numbersOfTypes = [...types.keys()];
  for (let k = share(10_000, 50_000, 200_000); k > 0; k--) {
    const bytes = mutated(samples, random);
    if (bytes.length > 0 && random(2) === 0) bytes[0] = numbersOfTypes[random(numbersOfTypes.length)] ?? 0;
    try {
      bodyOf(asduOf(bytes));
    } catch (error) {
      assert.ok(error instanceof WireError, toHex(bytes));
    }
  }
});
