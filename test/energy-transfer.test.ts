/** Energy readings moved between whole meters over null modems, with every interruption that can be made. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { ClientError } from "#protocol/modbus/failing.ts";
import { ModbusLine } from "#protocol/modbus/line.ts";
import type { ModbusUnit } from "#protocol/modbus/unit.ts";
import { serveModbusTcp } from "#protocol/modbus/tcp-server.ts";
import { nullModem } from "#io/null-modem.ts";
import type { Link } from "#io/link.ts";
import { byRegister, presetOrder, readEnergies, type Energies } from "#headend/energy-readings.ts";
import { newRecord, runsOn, settle, transfer, type TransferRecord } from "#headend/energy-transfer.ts";
import type { MeterModel } from "#model/model.ts";
import { powerlogicCm2000 } from "#model/powerlogic-cm2000.ts";
import { powerlogicCm4000 } from "#model/powerlogic-cm4000.ts";
import { powerlogicPm800 } from "#model/powerlogic-pm800.ts";
import { MemoryStore } from "#store/store.ts";
import { feeder, live, reading, rig, type Rig } from "./rig.ts";

const order = presetOrder(powerlogicPm800);

/** Readings of an old meter, different everywhere; the signed total is negative. */
const given: Energies = new Map(
  order.map((name, k) => [name, [1111 + k, 2222 - k, 33 + k, 4].map((group) => (k === 4 ? -group : group))]),
);

const MOST_WATTS = 100_000;

type Trouble = (meter: Replacement) => void;

/** A meter to transfer to: it can lose its supply, its line, or both, at any request. */
class Replacement {
  readonly clock = new VirtualClock();
  readonly store = new MemoryStore();
  readonly model: MeterModel;
  readonly functions: number[] = [];
  meter: Rig;
  requests = 0;
  /** What happens at which request, before or after it is carried out. */
  trouble: { readonly at: number; readonly when: "before" | "after"; readonly what: Trouble } | undefined;
  lineDead = false;
  #links: Link[] = [];

  constructor(model: MeterModel = powerlogicPm800) {
    this.model = model;
    this.meter = this.#rig(feeder);
  }

  #rig(settings = {}): Rig {
    const source = live();
    source.push(reading);
    return rig({ model: this.model, source, store: this.store, clock: this.clock, settings });
  }

  /** The supply fails and comes back: what was not on disk is gone, and so are the registers that are not kept. */
  restart(): void {
    this.breakLine();
    this.meter = this.#rig();
  }

  breakLine(): void {
    for (const link of this.#links.splice(0)) link.close();
  }

  #strike(when: "before" | "after"): void {
    if (this.trouble?.at !== this.requests || this.trouble.when !== when) return;
    const { what } = this.trouble;
    this.trouble = undefined;
    what(this);
  }

  line(retries = 2): ModbusLine {
    const unit: ModbusUnit = {
      read: (first, count, out, at) => {
        const result = this.meter.registers.read(first, count, out, at);
        this.#strike("after");
        return result;
      },
      write: (first, values) => {
        const result = this.meter.registers.write(first, values);
        this.#strike("after");
        return result;
      },
      serverId: () => undefined,
      identification: () => undefined,
    };
    const find = (): ModbusUnit | undefined => {
      this.requests++;
      this.#strike("before");
      return this.lineDead || this.#links.length === 0 ? undefined : unit;
    };
    const connect = (): Promise<Link> => {
      if (this.lineDead) return Promise.reject(new ClientError("cannot connect to the meter", "closed"));
      const [here, there] = nullModem();
      this.#links.push(there);
      serveModbusTcp(there, { find, all: () => [] });
      return Promise.resolve(here);
    };
    const options = { framing: "tcp", timeoutMs: 500, retries, backOffMs: 100 } as const;
    return new ModbusLine(connect, this.clock, options);
  }

  /** Lets promises run and time pass until the work is done. */
  async drive<T>(work: Promise<T>): Promise<T> {
    const state = { settled: false };
    const done = (): void => void (state.settled = true);
    work.then(done, done);
    for (let k = 0; !state.settled && k < 10_000; k++) {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      if (state.settled) break;
      this.clock.advance(50);
      this.meter.instrument.advance(this.clock.elapsed());
    }
    return work;
  }

  /** The energies as the meter itself has them. */
  energies(): Energies {
    const words = this.meter.words(1700, 28).map((word) => (word << 16) >> 16);
    return new Map(order.map((name, k) => [name, words.slice(4 * k, 4 * k + 4)]));
  }

  plan(record: TransferRecord, keep: (record: TransferRecord) => void = () => {}, single = false) {
    const unit = { line: this.line(), unit: 1 };
    return {
      unit,
      model: this.model,
      clock: this.clock,
      energies: given,
      record,
      keep,
      single,
      waitMs: 5000,
      mostWatts: MOST_WATTS,
    };
  }
}

function record(model: MeterModel = powerlogicPm800): TransferRecord {
  const readAt = "2026-01-01T00:00:00Z";
  return newRecord(
    { source: "old", model: "powerlogic-cm4000", readAt, registers: byRegister(powerlogicCm4000, given) },
    { meter: "new", model: model.name },
  );
}

const clone = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

test("the readings arrive, the load runs on, and the record says what was read, written and found", async () => {
  const to = new Replacement();
  to.meter.run(600);
  const kept: TransferRecord[] = [];
  const done = await to.drive(transfer(to.plan(record(), (one) => kept.push(clone(one)))));
  assert.deepEqual(
    kept.map((one) => [one.step, one.holds]),
    [
      ["buffer", "old readings"],
      ["commanded", "unknown"],
      ["finished", "new readings"],
    ],
  );
  assert.deepEqual(done.status, { result: 0, means: "the settings completed successfully" });
  assert.equal(done.before?.registers["1701"], 1);
  assert.deepEqual(
    Object.values(done.written?.registers ?? {}),
    order.flatMap((name) => given.get(name)),
  );
  assert.deepEqual(
    Object.keys(done.written?.registers ?? {}),
    Array.from({ length: 28 }, (_, k) => String(8022 + k)),
  );
  assert.ok(runsOn(given, to.energies(), 10_000, 61_000));
  // 61 kW for a few seconds.
  to.meter.run(60);
  const minute = to.energies().get("Wh.import")!;
  assert.ok(minute[0]! > 1111 + 1000 && minute[0]! < 1111 + 1300, String(minute));
  assert.deepEqual(minute.slice(1), [2222, 33, 4]);
});

test("a Series 2000 is read in its own order and given in the replacement's", async () => {
  const old = new Replacement(powerlogicCm2000);
  old.meter.run(7200);
  const energies = await old.drive(readEnergies({ line: old.line(), unit: 1 }, powerlogicCm2000));
  const to = new Replacement();
  const done = await to.drive(transfer({ ...to.plan(record()), energies }));
  assert.equal(done.holds, "new readings");
  // Two hours: 122,000 Wh, 36,000 varh, 127,200 VAh, in the order of 8022 to 8049.
  const written = Object.values(done.written?.registers ?? {});
  assert.deepEqual(
    [0, 1, 4, 5, 16, 17, 20, 21, 24, 25].map((k) => written[k]),
    [2000, 12, 6000, 3, 2000, 12, 6000, 3, 7200, 12],
  );
});

test("singly or as a block, the same registers are written", async () => {
  for (const single of [false, true]) {
    const to = new Replacement();
    const done = await to.drive(transfer(to.plan(record(), undefined, single)));
    assert.equal(done.holds, "new readings");
    assert.equal(done.written?.by, single ? "single" : "block");
    // 28 + 2 + 3 registers, or three blocks.
    assert.ok(single ? to.requests > 36 : to.requests < 20, String(to.requests));
  }
});

test("status 82 is explained, and the readings are the old ones", async () => {
  const to = new Replacement();
  to.meter.run(600);
  to.meter.set({ revenueSecurity: 1 });
  const done = await to.drive(transfer(to.plan(record())));
  assert.equal(done.holds, "old readings");
  assert.match(done.note, /^status 82: invalid parameters: .*revenue security.*; the energies are as they were$/);
});

test("status 81 is explained: the meter does not know the command", async () => {
  // Somebody takes a Series 2000 for something newer; its energies are elsewhere, so that alone stops it.
  const to = new Replacement(powerlogicCm2000);
  const done = await to.drive(transfer({ ...to.plan(record()), model: powerlogicPm800 }));
  assert.equal(done.holds, "old readings");
  assert.match(done.note, /refused registers 1700 to 1727: illegal data address \(0x02\); is it this model\?/);
  const { resultMeaning } = await import("#headend/meter-command.ts");
  assert.match(resultMeaning(81), /^invalid command: the code in register 8000/);
});

test("a value outside -9999 to +9999 is refused by the meter, and nothing has changed", async () => {
  const to = new Replacement();
  const energies = new Map([...given, ["Wh.export", [0, 10_000, 0, 0]] as const]);
  const done = await to.drive(transfer({ ...to.plan(record()), energies }));
  assert.deepEqual([done.holds, done.status?.result], ["old readings", 82]);
});

/** Old or new, whichever; never anything else, and what the record says is true. */
function verdict(to: Replacement, before: Energies): "old readings" | "new readings" {
  const now = to.energies();
  const isNew = runsOn(given, now, to.clock.elapsed(), 61_000);
  const isOld = runsOn(before, now, to.clock.elapsed(), 61_000);
  assert.ok(isNew !== isOld, `the meter holds neither the old nor the new readings: ${JSON.stringify([...now])}`);
  return isNew ? "new readings" : "old readings";
}

/** What a second run does: settles what is open, and transfers again when the readings are the old ones. */
async function again(to: Replacement, left: TransferRecord): Promise<TransferRecord> {
  if (left.step === "commanded") {
    const { record: _record, energies: _energies, ...rest } = to.plan(left);
    await to.drive(settle(left, rest));
  }
  if (left.holds === "new readings") return left;
  assert.equal(left.holds, "old readings");
  return to.drive(transfer(to.plan(record())));
}

const troubles: Record<string, Trouble> = {
  "the line breaks for good": (to) => {
    to.lineDead = true;
    to.breakLine();
  },
  "the line breaks and comes back": (to) => to.breakLine(),
  "the meter restarts": (to) => to.restart(),
};

for (const single of [false, true]) {
  for (const [what, trouble] of Object.entries(troubles)) {
    for (const when of ["before", "after"] as const) {
      test(`${what}, ${when} any request, ${single ? "singly" : "as a block"}: the readings are the old or the new, and another run completes them`, async () => {
        const seen = new Set<string>();
        for (let at = 1; ; at++) {
          const to = new Replacement();
          to.meter.run(600);
          const before = to.energies();
          to.trouble = { at, when, what: trouble };
          let kept = record();
          const done = await to.drive(transfer(to.plan(kept, (one) => (kept = clone(one)), single)));
          if (to.trouble !== undefined) break;
          for (let second = 0; second < 3; second++) to.meter.run(1);
          const truth = verdict(to, before);
          assert.deepEqual(kept, clone(done), "the record on disk is the one that was returned");
          if (done.holds === "unknown") assert.equal(done.step, "commanded");
          else assert.equal(done.holds, truth, `request ${at}: ${done.note}`);
          seen.add(`${done.holds}`);
          to.lineDead = false;
          const finished = await again(to, kept);
          assert.equal(finished.holds, "new readings", `request ${at}: ${finished.note}`);
          assert.equal(verdict(to, before), "new readings");
          assert.ok(at < 200);
        }
        assert.ok(seen.size >= 2 || what === "the line breaks and comes back", [...seen].join());
      });
    }
  }
}

test("a reader that is killed at any step leaves a record from which the next run goes on", async () => {
  const outcomes = new Set<string>();
  for (let at = 1; ; at++) {
    const to = new Replacement();
    to.meter.run(600);
    const before = to.energies();
    let killed = false;
    to.trouble = { at, when: "after", what: () => (killed = true) };
    let kept: TransferRecord | undefined;
    const plan = to.plan(record(), (one) => {
      if (!killed) kept = clone(one);
    });
    // From the kill on, nothing of this run reaches the meter or the disk.
    const running = transfer({ ...plan, unit: { ...plan.unit, line: silentOnce(plan.unit.line, () => killed) } });
    await to.drive(Promise.race([running, until(to, () => killed)]));
    if (!killed) break;
    to.meter.run(3);
    const truth = verdict(to, before);
    if (kept !== undefined && kept.holds !== "unknown") assert.equal(kept.holds, truth);
    outcomes.add(`${kept?.step} ${truth}`);
    const finished = await again(to, kept ?? record());
    assert.equal(finished.holds, "new readings");
    assert.equal(verdict(to, before), "new readings");
  }
  assert.ok(outcomes.has("commanded new readings") && outcomes.has("buffer old readings"), [...outcomes].join());
});

/** A requester that never answers again once it has been silenced. */
function silentOnce(line: ModbusLine, silenced: () => boolean) {
  return {
    request: (...args: Parameters<ModbusLine["request"]>) =>
      line.request(...args).then((response) => (silenced() ? new Promise<never>(() => {}) : response)),
    close: () => line.close(),
  };
}

async function until(to: Replacement, holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise<void>((resolve) => to.clock.after(50, resolve));
}

test("what a meter shows later fits a reading only if it can have run on to it", () => {
  const at = (...values: number[]): Energies => new Map(order.map((name, k) => [name, [values[k]!, 0, 0, 0]]));
  const hour = 3_600_000;
  const from = at(100, 50, 10, 5, 110, 55, 120);
  const cases: [to: Energies, fits: boolean, why: string][] = [
    [from, true, "the same"],
    [at(160, 60, 10, 5, 170, 65, 180), true, "60 Wh in, absolute"],
    [at(160, 60, 20, 5, 160, 65, 190), true, "60 Wh in and 10 out, signed"],
    [at(160, 60, 10, 5, 110, 65, 180), false, "the total does not follow"],
    [at(99, 50, 10, 5, 110, 55, 120), false, "less than before"],
    [at(1200, 50, 10, 5, 1210, 55, 1300), false, "more than a kilowatt in an hour"],
    [at(0, 0, 0, 0, 0, 0, 0), false, "cleared"],
  ];
  for (const [to, fits, why] of cases) assert.equal(runsOn(from, to, hour, 1000), fits, why);
  const end: Energies = new Map(order.map((name) => [name, [9990, 9999, 9999, 9999]]));
  const over: Energies = new Map(
    order.map((name) => [name, name.includes("export") ? [9990, 9999, 9999, 9999] : [5, 0, 0, 0]]),
  );
  assert.equal(runsOn(end, over, hour, 1000), true, "after the last digit it begins again");
});
