/** Frames of DNP3's data link and its transport function: golden bytes both ways, the table of TB2013-003, and properties. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FrameReader } from "#protocol/dnp3/link/frame-reader.ts";
import { decodeFrame, frameBytes, frameSize, headerBytes, type Frame } from "#protocol/dnp3/link/frame.ts";
import { fragmentBytes, Reassembler, segmentsOf } from "#protocol/dnp3/link/segments.ts";
import { WireError } from "#wire/cursor.ts";
import { crc16Dnp } from "#wire/crc16-dnp.ts";
import { exchanges, fromHex, skip, toHex } from "./dnp3-exchanges.ts";

const logged = [...exchanges("dnp3.txt"), ...exchanges("dnp3-multi-fragment.txt")].flatMap(({ frames }) => frames);

/** The frames that a reader finds in pieces. */
function read(pieces: readonly Uint8Array[], reader = new FrameReader()): readonly Frame[] {
  const found: Frame[] = [];
  for (const piece of pieces) {
    reader.add(piece);
    for (let frame = reader.next(); frame !== undefined; frame = reader.next())
      found.push({ ...frame, data: frame.data.slice() });
  }
  return found;
}

test("the CRC of 123456789 is 0xEA82, as the catalogue of CRCs has it, and that of a link status request E116", () => {
  assert.equal(crc16Dnp(new TextEncoder().encode("123456789")), 0xea82);
  assert.equal(crc16Dnp(fromHex("05 64 05 c9 01 00 64 00")), 0xe116);
});

test("every frame that opendnp3 has sent is read, and made again octet for octet", { skip }, () => {
  assert.equal(logged.length, 147);
  for (const { hex, from, segment } of logged) {
    const wire = fromHex(hex);
    const { frame, size } = decodeFrame(wire);
    assert.equal(size, wire.length, hex);
    assert.equal(toHex(frameBytes(frame)), hex);
    assert.deepEqual(read([wire]), [frame]);
    assert.equal(from === "outstation" ? frame.destination : frame.source, 100);
    if (segment !== undefined) assert.equal(toHex(frame.data), `${segment.header} ${segment.fragment}`.trim());
  }
});

test("its segments are put together to its fragments, and cut again into its frames", { skip }, () => {
  const reassemblers = new Map<string, Reassembler>();
  let fragments = 0;
  let wire: string[] = [];
  for (const { hex, from } of logged) {
    const { frame } = decodeFrame(fromHex(hex));
    if (frame.data.length === 0) continue;
    const key = `${from} ${frame.destination}`;
    const reassembler = reassemblers.get(key) ?? new Reassembler();
    reassemblers.set(key, reassembler);
    wire.push(hex);
    const fragment = reassembler.take(frame.data);
    if (fragment === undefined) continue;
    fragments++;
    const first = decodeFrame(fromHex(wire[0]!)).frame;
    assert.equal(toHex(fragmentBytes(first, fragment, first.data[0]! & 0x3f)), wire.join(" "));
    wire = [];
  }
  assert.equal(fragments, 135);
  assert.deepEqual(wire, []);
});

const request = "0564 0bc4 0100 6400 44ea c0c0 013c 0106 ff50";
const status = "0564 05c9 0100 6400 16e1";

/** Control octets and user octets of the frames in a hex text. */
function found(...pieces: readonly string[]): readonly string[] {
  return read(pieces.map(fromHex)).map(({ control, data }) => toHex(Uint8Array.of(control, ...data)));
}

test("noise, wrong start octets, lengths and CRCs are passed over up to the next frame", () => {
  const [asked, stated] = ["c4 c0 c0 01 3c 01 06", "c9"];
  assert.deepEqual(found(status + request), [stated, asked]);
  assert.deepEqual(found(`0505 64ff 05${status}`), [stated]);
  assert.deepEqual(found(status.replace("0564", "0965") + status), [stated]);
  assert.deepEqual(found(status.replace("16e1", "16e2") + status), [stated]);
  assert.deepEqual(found(request.replace("ff50", "ff51") + status), [stated]);
  assert.deepEqual(found(request.replace("ff50", "fe50"), request), [asked]);
  // Lengths of 4 and of 0, whose CRCs hold.
  for (const length of [4, 0]) {
    const header = Uint8Array.of(0x05, 0x64, length, 0xc9, 1, 0, 100, 0);
    const crc = crc16Dnp(header);
    const short = Buffer.from([...header, crc & 0xff, crc >> 8]);
    assert.throws(() => decodeFrame(short), /expected a length of at least 5/);
    assert.deepEqual(found(short.toString("hex") + status), [stated]);
  }
});

test("a frame that was cut off does not swallow those behind it", () => {
  const long = frameBytes({ control: 0xc4, destination: 1, source: 100, data: new Uint8Array(250).fill(0x5a) });
  for (let cut = 1; cut < long.length; cut++) {
    const reader = new FrameReader();
    const rest = Array.from({ length: 3 }, () => fromHex(status));
    // What there is of a block is not enough to tell: at most two more frames go with it.
    const after = read([long.subarray(0, cut), ...rest], reader).length;
    assert.ok(after > 0, `cut at ${cut}`);
    if (reader.held > 0) assert.equal(reader.next(true), undefined);
    assert.equal(reader.held, 0);
  }
});

test("what cannot be a frame says why, and where", () => {
  const why = (hex: string): string => {
    try {
      decodeFrame(fromHex(hex));
    } catch (error) {
      assert.ok(error instanceof WireError);
      return error.message;
    }
    return "";
  };
  assert.equal(why("0564 05"), "a header needs 10 octets where 3 are there (at byte 3)");
  assert.equal(why("0563 05c9 0100 6400 16e1"), "expected the start octets 05 64 (at byte 0)");
  assert.equal(why("0564 05c9 0200 6400 16e1"), "the CRC of the header does not hold (at byte 8)");
  assert.equal(why(request.replace("013c", "013d")), "the CRC of block 1 does not hold (at byte 10)");
  assert.equal(why(request.slice(0, -2)), "the frame has 18 octets where 17 are there (at byte 17)");
});

const octets = (most: number) => fc.uint8Array({ maxLength: most });
const address = fc.integer({ min: 0, max: 0xffff });

test("frames in noise without start octets are read however they are cut into pieces", () => {
  const noise = octets(40).map((bytes) => bytes.map((one) => (one === 0x05 ? 0x06 : one)));
  const frame = fc.record({
    control: fc.integer({ min: 0, max: 255 }),
    destination: address,
    source: address,
    data: octets(250),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(noise, frame), { maxLength: 6 }), fc.infiniteStream(fc.nat(60)), (sent, cuts) => {
      const wire = Buffer.concat(sent.flatMap(([noise, frame]) => [noise, frameBytes(frame)]));
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < wire.length;) {
        const end = at + (cuts.next().value ?? 0);
        pieces.push(wire.subarray(at, end));
        at = end;
      }
      const reader = new FrameReader();
      assert.deepEqual(
        read(pieces, reader),
        sent.map(([, frame]) => ({ ...frame })),
      );
      assert.equal(reader.held, 0);
      assert.equal(
        reader.noise,
        sent.reduce((sum, [noise]) => sum + noise.length, 0),
      );
      for (const [, frame] of sent) assert.equal(frameBytes(frame).length, frameSize(frame.data.length));
    }),
  );
});

test("fragments of up to 2048 octets are cut into segments of 249 and put together again", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 2048, size: "max" }), fc.nat(63), (fragment, sequence) => {
      const wire = fragmentBytes({ control: 0x44, destination: 100, source: 1 }, fragment, sequence);
      const frames = read([wire]);
      assert.equal(frames.length, segmentsOf(fragment.length));
      assert.equal(frames.length, Math.ceil(fragment.length / 249));
      frames.forEach(({ data }, k) => {
        const isLast = k === frames.length - 1;
        assert.equal(data[0], ((sequence + k) % 64) | (k === 0 ? 0x40 : 0) | (isLast ? 0x80 : 0));
        assert.equal(data.length, isLast ? 1 + fragment.length - 249 * k : 250);
      });
      const reassembler = new Reassembler();
      const whole = frames.flatMap(({ data }) => reassembler.take(data) ?? []);
      assert.deepEqual(whole, [fragment]);
    }),
  );
});

/** Segments, as header and octets; what each of them hands up. */
function putTogether(...segments: readonly string[]): readonly (string | undefined)[] {
  const reassembler = new Reassembler();
  return segments.map((hex) => {
    const whole = reassembler.take(fromHex(hex));
    return whole === undefined ? undefined : toHex(whole);
  });
}

/** First 0x40, last 0x80, number. */
const table: readonly [row: string, segments: readonly string[], handedUp: string | undefined][] = [
  ["idle, not first: discarded", ["8501"], undefined],
  ["idle, neither first nor last: discarded", ["0501", "8602"], undefined],
  ["idle, first and last: handed up", ["c501"], "01"],
  ["idle, first and last without octets: nothing is handed up", ["c5"], undefined],
  ["idle, first: a series begins, and its last is handed up", ["4501", "0602", "8703"], "01 02 03"],
  ["the number goes on with 0 behind 63", ["7f01", "8002"], "01 02"],
  ["under way, first and last: the series is given up, and the new one handed up", ["4501", "c902"], "02"],
  ["under way, first: the series is given up for a new one", ["4501", "4902", "8a03"], "02 03"],
  ["under way, the next: it goes on", ["4501", "0602", "0703", "8804"], "01 02 03 04"],
  [
    "under way, the last one again octet for octet: dropped, and the series goes on",
    ["4501", "0602", "0602", "8703"],
    "01 02 03",
  ],
  ["under way, the first one again: the series begins with it", ["4501", "4501", "8602"], "01 02"],
  ["under way, the same number with other octets: given up", ["4501", "0602", "0603", "8703"], undefined],
  ["under way, the same number and fewer octets: given up", ["4501", "060203", "0602", "8704"], undefined],
  ["under way, the same number, but the last: given up", ["4501", "0602", "8602", "8703"], undefined],
  ["under way, another number: given up", ["4501", "0702", "8803"], undefined],
  ["under way, the number before: given up", ["4501", "0602", "0501", "8703"], undefined],
  ["a series that ends without an octet hands up nothing", ["45", "86"], undefined],
];
for (const [row, segments, handedUp] of table) {
  test(`TB2013-003: ${row}`, () => {
    const whole = putTogether(...segments);
    assert.equal(whole.at(-1), handedUp);
    assert.deepEqual(whole.slice(0, -1).filter(Boolean), []);
  });
}

test("TB2013-003: a fragment longer than 2048 octets is given up, and what follows begins anew", () => {
  const reassembler = new Reassembler();
  const segment = (header: number, octets: number): Uint8Array => Uint8Array.of(header, ...new Uint8Array(octets));
  assert.equal(reassembler.take(segment(0x40, 249)), undefined);
  for (let k = 1; k < 8; k++) assert.equal(reassembler.take(segment(k, 249)), undefined);
  assert.equal(reassembler.held, 8 * 249);
  // 8 x 249 + 56 is 2048.
  assert.equal(reassembler.take(segment(0x88, 57)), undefined);
  assert.equal(reassembler.held, 0);
  assert.equal(reassembler.take(segment(0x89, 1)), undefined);
  reassembler.take(segment(0x40, 249));
  for (let k = 1; k < 8; k++) reassembler.take(segment(k, 249));
  assert.equal(reassembler.take(segment(0x88, 56))?.length, 2048);
});

test("a frame without user octets is its header", () => {
  assert.equal(toHex(headerBytes({ control: 0xc0, destination: 1, source: 100 })), "05 64 05 c0 01 00 64 00 59 97");
});
