/** Buffered reports (IEC 61850-7-2, 17.2.2): what is buffered, resumed, purged and lost, and what a failure of the power leaves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Data } from "#protocol/iec61850/mms/data.ts";
import type { ReportControl } from "#protocol/iec61850/model/ied.ts";
import { reports } from "#protocol/iec61850/server/reports.ts";
import { bits, octets, ReportHost, reportsTo, shortly, text, truth, unsigned } from "./mms-report-host.ts";
import { serving, Store, type Serving, type TestClient } from "./mms-serving.ts";
import { leafNumber, reportIed } from "./report-ied.ts";
import { share } from "./share.ts";

const START = Date.UTC(2026, 10, 27, 5, 0, 0);
const brcb = "LLN0$BR$brcb01";

/** A meter whose counter is its events: each one is one more. */
class Counter {
  readonly host: ReportHost;
  readonly meter: Serving;
  count = 0;
  readonly #counter: number;

  constructor(
    what: {
      store?: Store;
      entries?: number;
      octets?: number;
      block?: Partial<ReportControl>;
      utc?: number;
      count?: number;
    } = {},
  ) {
    const { store, entries = 8, octets = 100_000, block = {}, utc = START, count = 0 } = what;
    const ied = reportIed({ reports: [{ name: "brcb", buffered: true, dataSet: "Energy", ...block }] });
    this.host = new ReportHost(ied, { buffer: { entries, octets } }, store);
    this.host.utc = utc;
    this.#counter = leafNumber(ied, "MMTR1.TotWh.actVal");
    // What it counted it has kept.
    this.count = count;
    if (count > 0) this.host.become([[this.#counter, BigInt(count)]]);
    this.meter = serving(this.host, [reports]);
  }

  happen(times = 1): void {
    for (let k = 0; k < times; k++) this.host.become([[this.#counter, BigInt(++this.count)]]);
  }

  pass(ms: number): void {
    this.host.utc += ms;
    this.meter.clock.advance(ms);
  }
}

function enable(client: TestClient, meter: Counter, behind?: Data): number | undefined {
  if (behind !== undefined) {
    const error = client.write(`${brcb}$EntryID`, behind);
    if (error !== undefined) return error;
  }
  const error = client.write(`${brcb}$RptEna`, truth(true));
  client.heard = [];
  meter.pass(0);
  return error;
}

/** The counter in each report, "!" before what came with an overflow. */
function counts(client: TestClient): string {
  return reportsTo(client)
    .map(({ overflow, members: [first] }) => {
      const value = first?.value.kind === "structure" ? first.value.items[0] : undefined;
      return `${overflow === true ? "!" : ""}${value?.kind === "integer" ? String(value.value) : "?"}`;
    })
    .join(" ");
}

function entryOf(client: TestClient): Data {
  const read = client.read(`${brcb}$EntryID`);
  if (read?.kind !== "octets") throw new Error("no entry");
  return read;
}

const invalid = 11;

test("events are buffered with nobody there; who says where he is goes on behind it (17.2.2.10)", async () => {
  const meter = new Counter();
  meter.happen(2);
  const client = await meter.meter.client();
  assert.equal(enable(client, meter), undefined);
  assert.equal(counts(client), "!1 2", "who does not say where he is may have missed some");
  meter.happen();
  assert.equal(counts(client), "3");
  const third = entryOf(client);
  client.hangUp();
  meter.happen(2);
  const next = await meter.meter.client();
  assert.equal(enable(next, meter, third), undefined);
  assert.equal(counts(next), "4 5");
  next.write(`${brcb}$RptEna`, truth(false));
  assert.equal(enable(next, meter, octets("0000000000000000")), undefined, "from the oldest");
  assert.equal(counts(next), "1 2 3 4 5");
});

test("what nobody knows is no entry, and who went there gets all (17.2.2.10)", async () => {
  const meter = new Counter();
  meter.happen(3);
  const client = await meter.meter.client();
  for (const id of ["0000000000000001", "7777777777777777", "ffffffffffffffff"])
    assert.equal(client.write(`${brcb}$EntryID`, octets(id)), invalid, id);
  assert.equal(client.write(`${brcb}$EntryID`, octets("01")), invalid);
  assert.equal(enable(client, meter), undefined);
  assert.equal(counts(client), "!1 2 3");
});

test("EntryID and TimeofEntry are of the last entry; enabled of the last that was sent (tissues 49, 190)", async () => {
  const meter = new Counter();
  const client = await meter.meter.client();
  assert.deepEqual(entryOf(client), octets("0000000000000000"));
  meter.happen();
  const first = entryOf(client);
  meter.pass(1000);
  meter.happen();
  const second = entryOf(client);
  assert.notDeepEqual(first, second);
  // 5:00:01 on the day 15,671 after 1984-01-01.
  assert.deepEqual(client.read(`${brcb}$TimeofEntry`), {
    kind: "binaryTime",
    octets: Uint8Array.of(0x01, 0x12, 0xac, 0x68, 0x3d, 0x37),
  });
  assert.equal(client.write(`${brcb}$EntryID`, first), undefined);
  assert.deepEqual(entryOf(client), first, "where it goes on");
  client.waiting = 1 << 30;
  assert.equal(enable(client, meter), undefined);
  assert.deepEqual(entryOf(client), first, "the other has not been sent");
  client.waiting = 0;
  meter.pass(1000);
  assert.equal(counts(client), "2");
  assert.deepEqual(entryOf(client), second);
});

test("beyond its depth the oldest are lost, and BufOvfl says so once (17.2.2.11)", async () => {
  const meter = new Counter({ entries: 3 });
  const client = await meter.meter.client();
  assert.equal(enable(client, meter, octets("0000000000000000")), undefined);
  meter.happen();
  assert.equal(counts(client), "1");
  const first = entryOf(client);
  client.hangUp();
  meter.happen(3);
  const next = await meter.meter.client();
  assert.equal(enable(next, meter, first), undefined, "none behind it has been lost");
  assert.equal(counts(next), "2 3 4");
  next.hangUp();
  meter.happen(4);
  const last = await meter.meter.client();
  assert.equal(last.write(`${brcb}$EntryID`, first), invalid);
  assert.equal(enable(last, meter), undefined);
  assert.equal(counts(last), "!6 7 8");
  last.waiting = 1 << 30;
  meter.happen(5);
  last.waiting = 0;
  meter.pass(1000);
  assert.equal(counts(last), "!11 12 13");
});

test("octets are a depth, too", async () => {
  const meter = new Counter({ entries: 100, octets: 200 });
  const client = await meter.meter.client();
  meter.happen(20);
  assert.equal(enable(client, meter), undefined);
  const told = counts(client).split(" ");
  assert.ok(told.length > 2 && told.length < 20);
  assert.equal(told.at(-1), "20");
  const kept = [...meter.host.reports.records.values()].filter(({ length }) => length < 200);
  assert.ok(kept.reduce((sum, { length }) => sum + length, 0) < 400);
});

test("other settings, and PurgeBuf, empty the buffer; other optional fields do not (17.2.2.14)", async () => {
  const meter = new Counter();
  const client = await meter.meter.client();
  const left = (): string => {
    assert.equal(enable(client, meter, octets("0000000000000000")), undefined);
    const all = counts(client);
    client.write(`${brcb}$RptEna`, truth(false));
    return all;
  };
  for (const [name, value] of [
    ["RptID", text("other")],
    ["BufTm", unsigned(0)],
    ["TrgOps", bits("010000")],
    ["IntgPd", unsigned(60_000)],
    ["DatSet", text("JEM01MTR/LLN0$States")],
    ["DatSet", text("JEM01MTR/LLN0$Energy")],
    ["PurgeBuf", truth(true)],
  ] as const) {
    meter.happen();
    assert.equal(client.write(`${brcb}$${name}`, value), undefined, name);
    const isSame = name === "BufTm";
    assert.equal(left() === "", !isSame, name);
  }
  meter.happen();
  assert.equal(client.write(`${brcb}$OptFlds`, bits("0111111110")), undefined);
  assert.equal(client.write(`${brcb}$PurgeBuf`, truth(false)), undefined);
  assert.equal(left(), String(meter.count));
});

test("a picture of all members takes the place of the one before it: events are not pushed out by time", async () => {
  const meter = new Counter({ entries: 4, block: { integrityMs: 100 } });
  meter.happen();
  meter.pass(5000);
  meter.happen();
  meter.pass(5000);
  const client = await meter.meter.client();
  assert.equal(enable(client, meter), undefined);
  assert.deepEqual(reportsTo(client).map(shortly), [
    "#0, overflow, 0={1 0 utc 4000} data change",
    "#1, 0={2 0 utc 4000} data change",
    "#2, 0={2 0 utc 4000} integrity",
  ]);
});

test("what a client has set, and events that he has not got, live through a failure of the power", async () => {
  const meter = new Counter();
  const client = await meter.meter.client();
  assert.equal(client.write(`${brcb}$RptID`, text("SOE")), undefined);
  assert.equal(client.write(`${brcb}$OptFlds`, bits("0111001110")), undefined);
  assert.equal(enable(client, meter), undefined);
  meter.happen(2);
  assert.equal(counts(client), "1 2".replace("1", "!1"));
  const second = entryOf(client);
  client.hangUp();
  meter.happen(2);
  const after = new Counter({ store: meter.host.reports, utc: START + 60_000, count: 4 });
  const next = await after.meter.client();
  assert.deepEqual(next.read(`${brcb}$RptID`), text("SOE"));
  assert.deepEqual(next.read(`${brcb}$OptFlds`), bits("0111001110"));
  assert.deepEqual(next.read(`${brcb}$RptEna`), truth(false));
  assert.equal(enable(next, after, second), undefined);
  assert.equal(counts(next), "3 4");
  after.happen();
  assert.equal(counts(next), "5");
});

test("what waits for others when a server ends is an entry of the next one", async () => {
  const meter = new Counter({ block: { bufferMs: 1000 } });
  const client = await meter.meter.client();
  assert.equal(enable(client, meter), undefined);
  meter.happen();
  meter.pass(500);
  assert.equal(counts(client), "");
  meter.meter.server.close();
  const after = new Counter({ store: meter.host.reports, block: { bufferMs: 1000 }, utc: START + 2000, count: 1 });
  const next = await after.meter.client();
  assert.equal(enable(next, after, octets("0000000000000000")), undefined);
  assert.equal(counts(next), "1");
});

test("a picture that was sent, and not in the store when the power failed, is known all the same", async () => {
  const meter = new Counter();
  const client = await meter.meter.client();
  assert.equal(enable(client, meter), undefined);
  meter.happen(2);
  const store = copyOf(meter.host.reports);
  assert.equal(client.write(`${brcb}$GI`, truth(true)), undefined);
  client.heard = [];
  meter.pass(0);
  assert.deepEqual(reportsTo(client).map(shortly), ["#2, 0={2 0 utc 4000} general interrogation"]);
  const picture = entryOf(client);
  for (const happened of [0, 2]) {
    const after = new Counter({ store: copyOf(store), utc: START + 5000, count: 2 });
    after.happen(happened);
    const next = await after.meter.client();
    assert.equal(enable(next, after, picture), undefined, `after ${happened} more`);
    after.happen();
    assert.equal(counts(next), happened === 0 ? "3" : "3 4 5");
  }
});

test("what has become another while the meter was not there is an event of its next start, once", async () => {
  const meter = new Counter();
  const client = await meter.meter.client();
  assert.equal(enable(client, meter), undefined);
  meter.happen(2);
  assert.equal(counts(client), "!1 2");
  const second = entryOf(client);
  const store = copyOf(meter.host.reports);
  // The meter counts on, and fails before that is an event.
  const after = new Counter({ store, utc: START + 60_000, count: 9 });
  const again = new Counter({ store: copyOf(store), utc: START + 90_000, count: 9 });
  for (const one of [after, again]) {
    const next = await one.meter.client();
    assert.equal(enable(next, one, second), undefined);
    one.happen();
    assert.deepEqual(reportsTo(next).map(shortly), [
      "#0, 0={9 0 utc 4000} data change",
      "#1, 0={10 0 utc 4000} data change",
    ]);
  }
});

test("a block whose triggers do not want a change has none at the next start", async () => {
  const meter = new Counter();
  const client = await meter.meter.client();
  assert.equal(client.write(`${brcb}$TrgOps`, bits("001000")), undefined);
  assert.equal(enable(client, meter), undefined);
  const after = new Counter({ store: meter.host.reports, utc: START + 60_000, count: 9 });
  const next = await after.meter.client();
  assert.equal(enable(next, after, octets("0000000000000000")), undefined);
  assert.equal(counts(next), "");
});

test("with another model of its own a block begins anew, and forgets what it had", async () => {
  const meter = new Counter();
  const client = await meter.meter.client();
  assert.equal(client.write(`${brcb}$RptID`, text("SOE")), undefined);
  meter.happen(2);
  // The block, what it told last, and two events.
  assert.equal(meter.host.reports.records.size, 4);
  const after = new Counter({ store: meter.host.reports, block: { dataSet: "States" } });
  const next = await after.meter.client();
  assert.deepEqual(next.read(`${brcb}$RptID`), text("JEM01MTR/LLN0$BR$brcb01"));
  assert.equal(meter.host.reports.records.size, 0);
});

test("a store that has nonsense, or blocks of a former model, is no reason not to start", async () => {
  const meter = new Counter();
  const client = await meter.meter.client();
  assert.equal(enable(client, meter), undefined);
  meter.happen(2);
  const store = meter.host.reports;
  const entry = [...store.records.keys()].find((key) => /\/[0-9a-f]{16}$/.test(key)) ?? "";
  store.put(entry, Uint8Array.of(1, 2, 3));
  store.put("report/JEM01MTR/LLN0$BR$gone01", Uint8Array.of(0x82));
  store.put("report/JEM01MTR/LLN0$BR$gone01/0000000000000007", Uint8Array.of(0));
  store.put("report/JEM01MTR/LLN0$BR$brcb01/nonsense", Uint8Array.of(0));
  store.put("state/JEM01MTR/LLN0$BR$gone01", Uint8Array.of(0x82));
  store.put("state/JEM01MTR/LLN0$BR$brcb01", Uint8Array.of(0x82, 2, 1));
  const after = new Counter({ store, count: 2 });
  const next = await after.meter.client();
  assert.equal(enable(next, after), undefined);
  assert.equal(counts(next), "!2");
  assert.equal(store.records.size, 3);
  store.put("report/JEM01MTR/LLN0$BR$brcb01", Uint8Array.of(0x82, 1));
  void new Counter({ store });
  assert.equal(store.records.size, 0);
});

test("a meter whose inputs do not change writes nothing, nor does one that nobody ever asked", async () => {
  const meter = new Counter({ block: { integrityMs: 1000 } });
  meter.happen(20);
  meter.pass(100_000);
  assert.equal(meter.host.reports.records.size, 0, "nobody has taken a block");
  const client = await meter.meter.client();
  assert.equal(enable(client, meter), undefined);
  client.hangUp();
  const written: string[] = [];
  const { reports: store } = meter.host;
  const put = store.put.bind(store);
  store.put = (key, bytes) => {
    written.push(`${key} ${bytes.length}`);
    put(key, bytes);
  };
  meter.pass(100_000);
  assert.deepEqual(written, []);
  meter.happen();
  // 22 octets, one for its member, and 35 of its value; what was told last of the only member.
  assert.equal(written.length, 2);
  assert.match(written[0] ?? "", /^report\/JEM01MTR\/LLN0\$BR\$brcb01\/[0-9a-f]{16} \d\d$/);
  assert.match(written[1] ?? "", /^state\/JEM01MTR\/LLN0\$BR\$brcb01 \d\d$/);
});

type Step =
  | { readonly kind: "events"; readonly count: number }
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "hangUp" | "connect" | "commit" | "fail" | "slow" | "interrogate" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("events" as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 400 }) }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...(["hangUp", "connect", "connect", "commit", "fail", "slow", "interrogate"] as const).map((kind) => ({ kind })),
    ),
  },
);

const DEPTH = 8;

/** A client that keeps the number of the last entry it got, and a meter that loses its power now and then. */
class Story {
  readonly #block: Partial<ReportControl>;
  #meter: Counter;
  #client: TestClient | undefined;
  /** What is in the store for good. */
  #committed = new Store();
  /** Events that a failure of the power has taken. */
  readonly #lost = new Set<number>();
  #sinceCommit: number[] = [];
  /** The last event that the client has got; and its last entry. */
  #got = 0;
  #entry: Data = octets("0000000000000000");
  /** Whether a report since the last event has said that some have been lost. */
  #overflow = false;

  constructor(block: Partial<ReportControl>) {
    this.#block = block;
    this.#meter = new Counter({ entries: DEPTH, block });
  }

  async run(steps: readonly Step[]): Promise<void> {
    // The block is taken before anything happens.
    await this.#connect();
    this.#commit();
    for (const one of steps) {
      await this.#do(one);
      this.#listen();
    }
    await this.#connect();
    this.#meter.pass(1000);
    this.#listen();
    assert.equal(this.#nextWanted(), this.#meter.count + 1, "all that there was is told at last");
  }

  async #do(one: Step): Promise<void> {
    switch (one.kind) {
      case "events":
        for (let k = 0; k < one.count; k++) {
          this.#meter.happen();
          this.#sinceCommit.push(this.#meter.count);
        }
        return;
      case "pass":
        this.#meter.pass(one.ms);
        return;
      case "hangUp":
        this.#client?.hangUp();
        this.#client = undefined;
        return;
      case "connect":
        return this.#connect();
      case "commit":
        return this.#commit();
      case "fail":
        return this.#fail();
      case "slow":
        if (this.#client !== undefined) this.#client.waiting = this.#client.waiting === 0 ? 1 << 30 : 0;
        return;
      case "interrogate":
        this.#client?.write(`${brcb}$GI`, truth(true));
    }
  }

  async #connect(): Promise<void> {
    if (this.#client !== undefined) {
      this.#client.waiting = 0;
      this.#meter.pass(100);
      return;
    }
    const client = await this.#meter.meter.client();
    this.#client = client;
    const error = client.write(`${brcb}$EntryID`, this.#entry);
    // What waits for others is no entry yet; of pictures there are two at most.
    const behind = this.#meter.count - this.#got;
    if (error !== undefined) {
      assert.equal(error, invalid);
      assert.ok(behind > DEPTH - 2, `${behind} events are within its depth`);
    }
    assert.equal(client.write(`${brcb}$RptEna`, truth(true)), undefined);
    this.#meter.pass(0);
  }

  #commit(): void {
    this.#committed = copyOf(this.#meter.host.reports);
    this.#sinceCommit = [];
  }

  /** What was not in the store is lost, but the last of it: what the meter has counted it finds when it starts again. */
  #fail(): void {
    this.#listen();
    const { count, host } = this.#meter;
    for (const one of this.#sinceCommit) if (one < count) this.#lost.add(one);
    this.#meter.meter.server.close();
    this.#meter = new Counter({
      store: copyOf(this.#committed),
      entries: DEPTH,
      block: this.#block,
      utc: host.utc + 2000,
      count,
    });
    this.#client = undefined;
    // Nor is what it finds then in the store yet.
    this.#sinceCommit = this.#sinceCommit.slice(-1);
  }

  #nextWanted(): number {
    let next = this.#got + 1;
    while (this.#lost.has(next)) next++;
    return next;
  }

  #listen(): void {
    if (this.#client === undefined) return;
    const told = reportsTo(this.#client);
    // Nothing is told that is not in the store: what goes out waits for it.
    if (told.length > 0) this.#commit();
    for (const { overflow, entryId, members } of told) {
      const value = members[0]?.value;
      const count =
        value?.kind === "structure" && value.items[0]?.kind === "integer" ? Number(value.items[0].value) : 0;
      if (entryId !== undefined) this.#entry = { kind: "octets", value: entryId };
      if (overflow === true) this.#overflow = true;
      if (members[0]?.reasons.includes("data change") !== true) continue;
      // Each one once and in its order, or it is said that some have been lost.
      if (!this.#overflow && !this.#lost.has(count)) assert.equal(count, this.#nextWanted(), "the next event");
      this.#overflow = false;
      this.#got = count;
    }
  }
}

function copyOf(store: Store): Store {
  const copy = new Store();
  for (const [key, value] of store.records) copy.put(key, value);
  return copy;
}

test("whatever happens to lines and power, each event is told once and in its order, or BufOvfl says that some were lost", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => new Story({}).run(steps)),
    { numRuns: share(200, 1000, 5000) },
  );
});

test("the same with pictures by time", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => new Story({ integrityMs: 250 }).run(steps)),
    { numRuns: share(100, 500, 2000) },
  );
});
