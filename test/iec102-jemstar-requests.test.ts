/** Requests of every type, to any record, of any objects and range, to a JEMStar II that has run for two days: each is answered to its end, or refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Body } from "#protocol/iec102/asdu/body.ts";
import { bodyOf } from "#protocol/iec102/asdu/body.ts";
import { noTime, type TimeA } from "#protocol/iec102/asdu/time.ts";
import { types, type Shape } from "#protocol/iec102/asdu/types.ts";
import type { FixtureHost } from "./iec102-host.ts";
import { iec102Meter, MADRID, profileOf } from "./iec102-meter.ts";
import { rig } from "./iec102-rig.ts";
import { numbers } from "./mutator.ts";
import { share } from "./share.ts";

const records = [0, 1, 11, 12, 13, 14, 21, 22, 23, 52, 53, 54, 55, 128, 129, 130, 131, 133, 134, 135, 136, 137, 255];

for (const companion of ["ree", "base"] as const)
  test(`whatever is asked of a JEMStar II has an end (${companion})`, async (t) => {
    const configuration = `
communications: { port3: { protocol: iec102, parity: even, address: 7000 } }
iec102: { companion: ${companion}, unit: Wh, password: false, measuringPoint: 1 }
profiles: [${profileOf(15)}]
${MADRID}`;
    const meter = iec102Meter(t, { configuration, utc: Date.UTC(2026, 9, 24, 0) });
    meter.run(2 * 24 * 60);
    const host = meter.device.bindings.iec102?.({ port: "serial 3" });
    assert.ok(host !== undefined);
    const { request, poll } = rig(host as unknown as FixtureHost);
    // By the base standard it says first that it has begun.
    assert.equal(poll()?.type, companion === "base" ? 70 : undefined);
    const random = numbers(2026);

    function time(): TimeA {
      if (random(8) === 0)
        return {
          ...noTime,
          year: random(128),
          month: random(16),
          day: random(32),
          hour: random(32),
          minute: random(64),
        };
      const [day, hour, minute] = [23 + random(5), random(24), 15 * random(4) + (random(10) === 0 ? 1 : 0)];
      return { ...noTime, year: 26, month: 10, day, hour, minute, summer: random(2) === 0 };
    }

    function bodyFor(shape: Shape): Body {
      const range = [time(), time()] as const;
      const objects = [random(12), random(256)] as const;
      switch (shape) {
        case "range":
          return { kind: "asked", range };
        case "objects":
          return { kind: "asked", objects };
        case "period":
          return { kind: "asked", range: [range[0], range[0]] };
        case "objects of a period":
          return { kind: "asked", objects, range: [range[0], range[0]] };
        case "objects of a range":
          return { kind: "asked", objects, range };
        case "block of a range":
          return { kind: "asked", block: 8 + random(5), range };
        case "addresses":
          return { kind: "addresses", addresses: Array.from({ length: random(5) }, () => 190 + random(14)) };
        case "time":
          return { kind: "time", at: { ...time(), second: random(64), millisecond: random(1024) } };
        case "key":
          return { kind: "key", key: random(1000) };
        case "octets":
          return { kind: "octets", octets: Uint8Array.from({ length: random(20) }, () => random(256)) };
        default:
          return { kind: "nothing" };
      }
    }

    const askable = [...types.values()].filter(({ answer, type }) => answer !== undefined && type !== 181);
    let answered = 0;
    for (let k = share(400, 4000, 50_000); k > 0; k--) {
      const { type, shape } = askable[random(askable.length)]!;
      const asked = bodyFor(shape);
      const found = await request(type, asked, { record: records[random(records.length)] ?? 0 });
      const [first, last] = [found[0], found.at(-1)];
      const isEnd = [5, 7, 10, 13, 14, 15, 16, 17, 18].includes(last?.cause ?? 0);
      assert.ok(first !== undefined && isEnd, `type ${type}: ${JSON.stringify(asked)}`);
      for (const one of found) bodyOf(one);
      if (last?.negative === false && last.cause !== 7) answered++;
      else assert.equal(found.length, 1);
    }
    assert.ok(answered > 20, String(answered));
  });
