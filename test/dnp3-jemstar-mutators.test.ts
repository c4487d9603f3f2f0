/** A whole JEMStar II under damaged requests, its clock between two milliseconds: it answers sound ones afterwards, and nothing is thrown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { outstation } from "#protocol/dnp3/outstation/outstation.ts";
import { fromHex } from "./dnp3-exchanges.ts";
import { FixtureLine } from "./dnp3-host.ts";
import { dnpMeter } from "./dnp3-meter.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

const samples = [
  "c0 01 3c 02 06 3c 03 06 3c 04 06 3c 01 06",
  "c1 02 50 01 00 07 07 00",
  "c2 02 32 01 07 01 00 f4 51 c2 8c 01",
  "c3 18",
  "c4 02 32 03 07 01 00 f4 51 c2 8c 01",
  "c5 07 14 00 06",
  "c6 09 14 00 00 00 01",
  "c7 0d",
  "c8 0e",
  "c9 17",
  "ca 01 1e 05 01 00 00 01 00 14 01 17 02 00 01 15 09 28 01 00 02 00",
  "cb 00",
  "cc 01 32 01 07 01",
].map(fromHex);

test("damaged requests throw nothing, and a sound one is answered between them", (t) => {
  const meter = dnpMeter(t, { configuration: "communications: { ethernet1: { dnp3: { use: enabled } } }" });
  meter.pass(1);
  const station = outstation(meter.host, { clock: meter.clock, port: "ethernet 1" });
  t.after(() => station.close());
  const lines = [100, 101, 102].map((master) => new FixtureLine(master));
  const random = numbers(102);
  for (let k = share(2000, 10_000, 100_000); k > 0; k--) {
    const line = lines[random(lines.length)]!;
    // An outright sample now and then: what one leads to, the next meets.
    const request = random(3) === 0 ? samples[random(samples.length)]! : mutated(samples, random);
    station.take(request.slice(), line);
    if (random(4) === 0) meter.clock.advance(random(3000) + random(1000) / 1000);
    if (random(100) === 0) {
      const before = line.sent.length;
      const sequence = random(16);
      // The same twice in a row is answered as it was.
      station.take(Uint8Array.of(0xc0 | sequence, 0x17), line);
      const [last] = line.sent.slice(before);
      assert.ok(last !== undefined && last[1] === 0x81, `after ${request.toHex()}`);
    }
    if (line.sent.length > 100) line.sent.length = 0;
  }
});
