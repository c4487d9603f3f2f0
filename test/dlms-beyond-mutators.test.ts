/** Whatever a client sends to an object beyond Appendix D: an answer of the standard, nothing thrown, and the meter measures on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessResults } from "#protocol/dlms/cosem/object.ts";
import { numberTypes, type Data } from "#protocol/dlms/data/data.ts";
import { Random } from "#waveform/random.ts";
import { beyond, DLMS } from "./dlms-beyond-rig.ts";
import { share } from "./share.ts";

const answers = new Set<string>([...Object.keys(accessResults), "denied", "none"]);
const lengths = [0, 1, 4, 5, 6, 12, 64, 65];

/** Something of the shapes that objects take, more often than not with something wrong in it. */
function anything(random: Random, depth = 0): Data {
  const below = (count: number): number => Math.floor(random.next() * count);
  const kind = below(depth > 3 ? 4 : 8);
  if (kind === 0) {
    const numbers = [0, 1, 2, 7, 12, 31, 255, 0xffff, 0xffff_ffff, -1, 0.5, Number.NaN];
    return { type: numberTypes[below(numberTypes.length)] ?? "unsigned", value: numbers[below(numbers.length)] ?? 0 };
  }
  if (kind === 1) return { type: "null-data" };
  if (kind === 2) return { type: "utf8-string", value: "\u{1f4a9}'\"\n" };
  if (kind === 3) {
    const filler = [0xff, 0x00, 0x01, 0xfe][below(4)] ?? 0;
    const bytes = new Uint8Array(lengths[below(lengths.length)] ?? 0).fill(filler);
    for (let k = 0; k < bytes.length; k++) if (below(3) === 0) bytes[k] = below(256);
    return { type: "octet-string", value: bytes };
  }
  const members = Array.from({ length: below(9) }, () => anything(random, depth + 1));
  return { type: kind < 6 ? "structure" : "array", value: members };
}

test("whatever is set or told, the answer is one of the standard's, and the meter goes on", (t) => {
  const seed = share(1, 2, 3);
  const meter = beyond(t, {
    level: "full",
    configuration: `
dlms: { push: [{ host: a, when: { every: day } }] }
tou: { seasons: [{ month: 1, day: 1, days: { monday: [{ at: "06:30", rate: A }] } }], holidays: [{ date: 2026-12-25 }] }
timekeeping: { billingReset: { every: month, day: 1 } }
`,
    push: () => true,
  });
  const admin = meter.as("admin", DLMS);
  const random = new Random(seed);
  let asked = 0;
  for (let round = 0; round < share(300, 1000, 20_000); round++) {
    for (const { logicalName, attributes, methods } of round % 100 === 0
      ? meter.objects()
      : changeable(meter.objects())) {
      for (const { id, set } of attributes) {
        if (set === undefined) continue;
        const answer = meter.set(logicalName, id, anything(random), admin);
        assert.ok(answers.has(answer), `${logicalName} ${id}: ${answer}`);
        asked++;
      }
      for (const { id } of methods) {
        const answer = meter.act(logicalName, id, anything(random), admin);
        assert.ok(answers.has(answer), `${logicalName} method ${id}: ${answer}`);
        asked++;
      }
    }
  }
  assert.ok(asked > share(3000, 10_000, 100_000), `${asked}`);
  meter.run(5);
  assert.ok(meter.surface.status().powered);
});

/** Those that take something of a client: few of many. */
function changeable(objects: ReturnType<ReturnType<typeof beyond>["objects"]>): typeof objects {
  return objects.filter(
    ({ attributes, methods }) => methods.length > 0 || attributes.some(({ set }) => set !== undefined),
  );
}
