/** Inputs of a JEMStar II are known over IEC 61850 when they change: each change by itself, in its order, with the time of its contact. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { GooseMeter } from "#protocol/iec61850/goose/goose-meter.ts";
import { readAllData, readGoosePdu } from "#protocol/iec61850/goose/goose-pdu.ts";
import { GooseReceiver } from "#protocol/iec61850/goose/receiver.ts";
import { readUtcTime } from "#protocol/iec61850/mms/time-octets.ts";
import { quality } from "#protocol/iec61850/model/value.ts";
import { reports } from "#protocol/iec61850/server/reports.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { jemStar } from "./authority-rig.ts";
import { iedMeter, IEC_MODEL } from "./iec61850-meter.ts";
import { reportsTo, truth } from "./mms-report-host.ts";
import { serving, type TestClient } from "./mms-serving.ts";

const listens = "communications: { ethernet1: { iec61850: { use: enabled } } }";
/** The factory's (Contact Debounce). */
const DEBOUNCE_MS = 20;

/** Values and times of a member in what a client has heard. */
function told(client: TestClient, place: number): [value: unknown, utc: number][] {
  return reportsTo(client).flatMap(({ members }) =>
    members.flatMap(({ index, value }) => {
      if (index !== place || value.kind !== "structure") return [];
      const [state, , t] = value.items;
      assert.ok(state?.kind === "boolean" && t?.kind === "utc");
      return [[state.value, readUtcTime(t.octets).utc] as [unknown, number]];
    }),
  );
}

function published(t: TestContext) {
  const meter = iedMeter(t, { configuration: listens });
  const states: unknown[] = [];
  const goose = new GooseMeter(
    {
      host: meter.host,
      settings: { publish: true, simulated: false, subscribe: [] },
      clock: meter.clock,
      answers: () => true,
      sendOf: () => (octets) => {
        const pdu = readGoosePdu(octets.slice());
        if (pdu.sqNum === 0)
          states.push([
            meter.clock.elapsed(),
            pdu.stNum,
            readAllData(pdu).flatMap((one) => (one.kind === "boolean" ? [one.value] : [])),
          ]);
      },
      tell: () => {},
    },
    new GooseReceiver(),
  );
  t.after(() => goose.end());
  return { meter, goose, states };
}

test("an input that is closed for 100 ms between two calculation cycles is reported closed and open, with the times of its contact", async (t) => {
  const meter = iedMeter(t, { configuration: listens });
  const served = serving(meter.host, [reports]);
  meter.pass(1);
  const client = await served.client();
  for (const name of ["RptEna"]) assert.equal(client.write(`LLN0$BR$brcbIO01$${name}`, truth(true)), undefined);
  served.clock.advance(0);
  client.heard = [];
  const from = meter.clock.utc();
  meter.clock.advance(250);
  assert.equal(meter.tell({ command: "input", channel: 7, closed: true }), "done");
  meter.clock.advance(100);
  served.clock.advance(0);
  // Known before the cycle, and read so, too.
  assert.equal(meter.value("IN_GGIO1.Ind7.stVal"), true);
  assert.deepEqual(told(client, 0), [[true, from + 250]]);
  assert.equal(meter.tell({ command: "input", channel: 7, closed: false }), "done");
  meter.clock.advance(DEBOUNCE_MS);
  served.clock.advance(0);
  assert.deepEqual(told(client, 0), [[false, from + 350]]);
  // The cycle has nothing to add.
  meter.pass(1 / 60);
  assert.deepEqual(told(client, 0), []);
  assert.equal(meter.value("IN_GGIO1.Ind7.q"), quality.good);
});

test("changes that a meter works off at once are told each by itself, in their order", async (t) => {
  const meter = iedMeter(t, { configuration: listens });
  const served = serving(meter.host, [reports]);
  meter.pass(1);
  const client = await served.client();
  assert.equal(client.write("LLN0$BR$brcbIO01$RptEna", truth(true)), undefined);
  served.clock.advance(0);
  client.heard = [];
  const from = meter.clock.utc();
  const { inputs } = meter.jem;
  const at = meter.jem.meter.clock.stamp(from);
  // As a process that stood still for a while hands them on.
  for (const [k, closed] of [true, false, true].entries())
    inputs.take({ channel: 7, closed, at: { ...at, utc: from + 40 * k } });
  inputs.take({ channel: 8, closed: true, at: { ...at, utc: from + 50 } });
  inputs.tell();
  served.clock.advance(0);
  const heard = reportsTo(client).map(({ members }) =>
    members.map(({ index, value }) => [index, value.kind === "structure" ? value.items[0] : undefined]),
  );
  assert.deepEqual(heard, [[[0, truth(true)]], [[0, truth(false)]], [[0, truth(true)]], [[1, truth(true)]]]);
});

test("a contact that bounces for less than its debounce is no change", async (t) => {
  const { meter, goose, states } = published(t);
  meter.pass(1);
  goose.begin();
  const input = (channel: number, closed: boolean): void => {
    assert.equal(meter.tell({ command: "input", channel, closed }), "done");
  };
  const from = meter.clock.elapsed();
  input(7, true);
  meter.clock.advance(DEBOUNCE_MS - 1);
  input(7, false);
  meter.clock.advance(200);
  assert.deepEqual(states, []);
  input(8, true);
  meter.clock.advance(5);
  input(7, true);
  meter.clock.advance(40);
  input(7, false);
  meter.clock.advance(200);
  const since = from + DEBOUNCE_MS - 1 + 200 + DEBOUNCE_MS;
  assert.deepEqual(states, [
    [since, 2, [false, true]],
    [since + 5, 3, [true, true]],
    [since + 45, 4, [false, true]],
  ]);
});

test("a meter whose inputs nobody waits for is not woken by them", (t) => {
  const { jem, clock, tell } = jemStar(t, { modelNumber: IEC_MODEL });
  deviceOf(jem);
  clock.advance(1000);
  jem.catchUp();
  assert.equal(tell({ command: "input", channel: 7, closed: true }), "done");
  const { elapsed } = jem.meter;
  clock.advance(500);
  assert.equal(jem.meter.elapsed, elapsed);
});
