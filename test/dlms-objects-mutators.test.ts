/**
 * Every attribute of a whole meter, asked and written with values that are bent, cut and made up: there is a value or a refusal, nothing is
 * thrown, no selection has rows that there are not, and the clock only goes to instants that were said.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeData } from "#protocol/dlms/data/decode.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import { accessResults, type Asker } from "#protocol/dlms/cosem/object.ts";
import { WireError } from "#wire/cursor.ts";
import { Random } from "#waveform/random.ts";
import { dlmsMeter } from "./dlms-meter.ts";
import { share } from "./share.ts";

const whole = (random: Random, below: number): number => Math.floor(random.next() * below);

const clock = "0204 12 0008 0906 0000010000FF 0F02 12 0000";
const time = "090C 07EA0101 FF 00000000 8000 FF";
const seeds = [
  `0204 ${clock} ${time} ${time} 0100`,
  `0204 ${clock} ${time} 090C 07EA0201 FF 00000000 FFC4 80 0101 ${clock}`,
  `0204 ${clock} 19 07EA0101 FF 00000000 8000 FF 00 0100`,
  "0204 0600000001 0600000000 120001 120000",
  "0204 0600000002 0600000005 120002 120003",
  time,
  "19 07EA0302FF 0C000000 FFC4 00",
].map((hex) => Uint8Array.fromHex(hex.replaceAll(" ", "")));

/** A seed with some of its bytes others, or nothing like it. */
function bent(random: Random): Uint8Array {
  const seed = seeds[whole(random, seeds.length)] ?? new Uint8Array();
  const bytes = seed.slice(0, random.next() < 0.1 ? whole(random, seed.length + 1) : seed.length);
  const changes = whole(random, 4);
  for (let k = 0; k < changes && bytes.length > 0; k++)
    bytes[whole(random, bytes.length)] = random.next() < 0.3 ? 0xff : whole(random, 256);
  return bytes;
}

/** What the bytes are, if they are anything. */
function dataOf(bytes: Uint8Array): Data | undefined {
  try {
    return decodeData(bytes);
  } catch (error) {
    assert.ok(error instanceof WireError);
    return undefined;
  }
}

test("bent selections and times are answered or refused", (t) => {
  const random = new Random(14);
  const meter = dlmsMeter(t, {
    configuration: `timekeeping: { utcOffsetMinutes: 60, daylightSaving: { start: { month: 3, week: 5, weekday: 0, hour: 2 }, end: { month: 10, week: 5, weekday: 0, hour: 3 } } }
profiles: [{ minutes: 1, data: engineering, channels: [{ measure: { quantity: Wh } }, { measure: { quantity: V, phase: c } }] }]`,
  });
  meter.run(200);
  const asker: Asker = {
    session: meter.device.surface.open({ protocol: "dlms", port: "ethernet 1", near: false }),
    client: 16,
  };
  const profile = meter.object("1.0.99.1.0.255");
  const log = meter.object("0.0.99.98.0.255");
  const time = meter.object("0.0.1.0.0.255").attributes[0];
  let [answered, refused, set] = [0, 0, 0];
  for (let n = share(3000, 10_000, 100_000); n > 0; n--) {
    const parameters = dataOf(bent(random));
    if (parameters === undefined) continue;
    const object = random.next() < 0.8 ? profile : log;
    const attribute = object.attributes[whole(random, random.next() < 0.8 ? 1 : object.attributes.length)];
    const found =
      attribute?.get(asker, { selector: whole(random, 4), parameters }) ?? assert.fail("an object has attributes");
    if ("denied" in found) {
      refused++;
      assert.ok(found.denied in accessResults);
    } else {
      answered++;
      assert.equal(found.type, "rows");
      if (found.type !== "rows") continue;
      // Whenever the clock was set there is a row more.
      const [own] = meter.device.surface.profiles;
      assert.ok(own !== undefined && found.count <= own.next - own.first, `${found.count} rows`);
      if (found.count > 0) assert.ok(found.row(0) !== undefined && found.row(found.count - 1) !== undefined);
    }
    if (n % 8 === 0) {
      const result = time?.set?.(asker, parameters) ?? assert.fail("a clock is set");
      assert.ok(result in accessResults, result);
      if (result === "success") set++;
      assert.ok(Number.isFinite(meter.device.surface.now().utc));
    }
  }
  // Not all of them are nonsense, and not all sense.
  assert.ok(answered > 100 && refused > 100 && set > 5, `${answered} answered, ${refused} refused, ${set} times set`);
});
