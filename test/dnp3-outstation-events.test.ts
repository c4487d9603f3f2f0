/** Whatever a master asks, confirms and leaves: each event arrives, is confirmed once, keeps its order, and is indicated while it waits. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeFragment } from "#protocol/dnp3/application/fragment.ts";
import { indications } from "#protocol/dnp3/application/indications.ts";
import { decodeObjects } from "#protocol/dnp3/application/objects.ts";
import { fromHex } from "./dnp3-exchanges.ts";
import { Bench, FixtureHost, usualSettings } from "./dnp3-host.ts";
import { share } from "./share.ts";

type Step =
  | { readonly do: "change"; readonly index: number }
  | { readonly do: "count"; readonly index: number }
  | { readonly do: "freeze" }
  | {
      readonly do: "read";
      readonly objects: string;
      readonly ending: "confirm" | "leave" | "wrong number" | "link ends";
    };

const reads = [
  "3c 02 06",
  "3c 03 06 3c 02 07 02",
  "3c 02 06 3c 03 06 3c 04 06",
  "3c 02 06 3c 03 06 3c 04 06 3c 01 06",
  "3c 00 06",
  "02 02 07 01",
  "02 00 00 02 05",
  "16 05 17 02 00 01",
  "17 05 06",
  "17 05 08 02 00",
  "17 05 28 01 00 01 00",
  "01 00 06",
];

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("change" as const), index: fc.nat(9) }),
    fc.record({ do: fc.constant("count" as const), index: fc.nat(2) }),
    fc.record({ do: fc.constant("freeze" as const) }),
    fc.record({
      do: fc.constant("read" as const),
      objects: fc.constantFrom(...reads),
      ending: fc.constantFrom("confirm", "confirm", "confirm", "leave", "wrong number", "link ends" as const),
    }),
  ),
  { maxLength: 40 },
);

/** A master that keeps what it has confirmed, as "group index time". */
class Collector {
  readonly bench: Bench;
  readonly got: string[] = [];
  #sequence = 0;

  constructor(bench: Bench) {
    this.bench = bench;
  }

  /** Objects of events in a fragment; what it says of itself. */
  #taken(answer: string): {
    readonly events: string[];
    readonly isLast: boolean;
    readonly confirm: boolean;
    readonly iin: number;
  } {
    const fragment = fromHex(answer);
    const { control, iin = 0, objectsAt } = decodeFragment(fragment);
    const events = decodeObjects(fragment, objectsAt, true).flatMap(({ header, objects }) =>
      [2, 22, 23].includes(header.group) ? objects.map(({ index, time }) => `${header.group} ${index} ${time}`) : [],
    );
    return { events, isLast: control.last, confirm: control.confirm, iin };
  }

  /** The indications of the last fragment. */
  read(objects: string, ending: Extract<Step, { do: "read" }>["ending"]): number {
    const { bench } = this;
    this.#sequence = (this.#sequence + 1) & 15;
    let [answer = ""] = bench.ask(`c${this.#sequence.toString(16)} 01 ${objects}`);
    for (;;) {
      const { events, isLast, confirm, iin } = this.#taken(answer);
      assert.equal(confirm, events.length > 0 || !isLast);
      assertOrder(events);
      if (ending !== "confirm" || !confirm) {
        if (ending === "wrong number")
          assert.deepEqual(bench.ask(`c${((this.#sequence + 1) & 15).toString(16)} 00`), []);
        if (ending === "link ends") bench.station.ended(bench.line);
        return iin;
      }
      this.got.push(...events);
      const [next] = bench.ask(`c${this.#sequence.toString(16)} 00`);
      if (isLast) {
        assert.equal(next, undefined);
        return iin;
      }
      answer = next ?? "";
      this.#sequence = (this.#sequence + 1) & 15;
    }
  }
}

function assertOrder(events: readonly string[]): void {
  const times = events.map((event) => Number(event.split(" ")[2]));
  assert.deepEqual(
    times,
    times.toSorted((one, other) => one - other),
  );
}

const CLASSES = indications.class1 | indications.class2 | indications.class3;

test("each event arrives once, however it is asked for", () => {
  const events = {
    ...usualSettings.events,
    scanMs: 250,
    binary: { class: 2, variation: 2 },
    counter: { class: 3, variation: 5 },
    most: { freezes: 100, others: 1000 },
  } as const;
  fc.assert(
    fc.property(steps, (all) => {
      const host = new FixtureHost({ events, application: { confirmTimeoutMs: 10_000, maxFragment: 249 } });
      const bench = new Bench(host);
      const master = new Collector(bench);
      bench.ask("cf 18");
      const expected: string[] = [];
      let counts = [0, 0, 0];
      for (const step of all) {
        host.utc += 1000;
        if (step.do === "change") {
          host.setBinary(step.index, (host.image().binaries[step.index] ?? 0) < 0x80);
          expected.push(`2 ${step.index} ${host.utc}`);
        } else if (step.do === "count") {
          const before = host.image().counters.values32;
          counts = counts.map((_, k) => (before[k] ?? 0) + (k === step.index ? 1 : 0));
          host.setCounters(counts);
          expected.push(`22 ${step.index} ${host.utc}`);
        } else if (step.do === "freeze") {
          host.freeze(false);
          expected.push(...[0, 1, 2].map((index) => `23 ${index} ${host.utc}`));
        } else {
          master.read(step.objects, step.ending);
          continue;
        }
        bench.clock.advance(250);
      }
      // What is left is indicated, and comes.
      const left = expected.length > master.got.length;
      const [told = ""] = bench.ask("cf 17");
      assert.equal((Number.parseInt(told.slice(4, 6), 16) & CLASSES) !== 0, left);
      const iin = master.read("3c 02 06 3c 03 06 3c 04 06", "confirm");
      assert.equal(iin & (CLASSES | indications.overflow), 0);
      assert.deepEqual(master.got.toSorted(), expected.toSorted());
      assert.equal(host.mark("dnp3 lan1 127.0.0.1 100") ?? 0, host.frozen.length);
    }),
    { numRuns: share(200, 1000, 5000) },
  );
});
