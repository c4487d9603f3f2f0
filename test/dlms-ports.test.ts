/** The states of a JEMStar II's ports in DLMS (Appendix D, Communication Events), on lines that are null modems. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Listeners } from "#fleet/listeners.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { dlms } from "#fleet/protocols/dlms.ts";
import type { Served, Server, Station } from "#fleet/protocols/protocol.ts";
import { modbus } from "#fleet/protocols/modbus.ts";
import { siteSchemaOf } from "#fleet/site-schema.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { frameBytes } from "#protocol/dlms/hdlc/frame.ts";
import { jemStar } from "./authority-rig.ts";
import { fromHex, toHex, usualHdlc } from "./dlms-exchanges.ts";
import { TestHost } from "./dlms-host.ts";
import { Cables } from "./simulator/cables.ts";

const modelNumber = "JSII-09I6020-1B/2A-DIO-DLMS";
const source = { live: {} };

/** A meter with HDLC on its third port, whose peers go by the clock of the rig. */
async function rig(t: TestContext, configuration = "") {
  const m = jemStar(t, { modelNumber, configuration, ownTime: true });
  const device = deviceOf(m.jem);
  const { surface } = device;
  const cables = new Cables();
  const listen = [{ dlms: "hdlc", device: "/dev/line" }];
  const [entry] = siteSchemaOf([modbus, dlms]).parse({ meters: [{ name: "jem", model: "x", source, listen }] }).meters;
  const listeners = new Listeners({ clock: m.clock, folder: ".", table: [modbus, dlms], carriers: cables.carriers });
  await listeners.open([
    {
      ...device,
      name: "jem",
      listen: entry!.listen,
      ports: ["serial 3"],
      answers: (port, protocol) => surface.answers(port, protocol),
    },
  ]);
  t.after(() => listeners.close());
  const line = cables.dial("/dev/line", "line")!;
  let heard = "";
  line.receive((bytes) => (heard += toHex(bytes)));
  const seconds = (count: number): void => {
    m.clock.advance(1000 * count);
    m.jem.catchUp();
  };
  return {
    ...m,
    line,
    seconds,
    state: () => surface.port("serial 3", "dlms"),
    /** The meter's delays of port 3 are 60 ms. */
    ask(bytes: Uint8Array): string {
      heard = "";
      line.send(bytes);
      m.clock.advance(100);
      return heard;
    },
  };
}

const meter = { upper: 1, lower: 1, bytes: 4 } as const;

function frame(kind: "SNRM" | "DISC" | "RR"): Uint8Array {
  const control = kind === "RR" ? { kind, receive: 0, poll: true } : { kind, poll: true };
  return frameBytes({
    destination: meter,
    source: { upper: 16, bytes: 1 },
    control,
    segmented: false,
    information: new Uint8Array(0),
  });
}

test("a port is Ready, Active from SNRM to DISC, however long its client thinks in between", async (t) => {
  const m = await rig(t);
  assert.equal(m.state(), "Ready");
  assert.match(m.ask(frame("SNRM")), /^7EA0212100020003/);
  assert.equal(m.state(), "Active");
  m.seconds(119);
  assert.equal(m.state(), "Active");
  assert.match(m.ask(frame("RR")), /^7EA00A2100020003/);
  m.seconds(60);
  assert.equal(m.state(), "Active");
  assert.match(m.ask(frame("DISC")), /^7EA00A2100020003/);
  assert.equal(m.state(), "Ready");
});

test("it is Alert when a client has been silent for 120 s, until somebody is understood or as long again has gone by", async (t) => {
  const m = await rig(t);
  m.ask(frame("SNRM"));
  m.seconds(121);
  assert.equal(m.state(), "Alert");
  m.ask(frame("SNRM"));
  assert.equal(m.state(), "Active");
  m.seconds(121);
  assert.equal(m.state(), "Alert");
  m.seconds(120);
  assert.equal(m.state(), "Ready");
});

test("it is Alert when the rest of a frame has not come within the port's receive time-out", async (t) => {
  const m = await rig(t, "communications: { port3: { rxTimeoutMs: 500 } }");
  assert.equal(m.ask(fromHex("7EA02E0002")), "");
  m.clock.advance(399);
  assert.notEqual(m.state(), "Alert");
  m.clock.advance(1);
  assert.equal(m.state(), "Alert");
});

test("it is absent, and silent, where the configuration has another protocol on the port", async (t) => {
  const m = await rig(t, "communications: { port3: { protocol: modbus } }");
  assert.equal(m.state(), "absent");
  assert.equal(m.ask(frame("SNRM")), "");
});

test("in test mode serial ports go on answering", async (t) => {
  const m = await rig(t);
  assert.equal(m.tell({ command: "enterTestMode" }), "done");
  assert.match(m.ask(frame("SNRM")), /^7EA0212100020003/);
});

/** Who stands behind a place: meters of hosts with physical addresses. */
function stationsOf(...physical: readonly number[]): [Station, ...Station[]] {
  const [first, ...others] = physical.map((address): Station => {
    const host = new TestHost({ settings: { hdlc: { ...usualHdlc, physical: address } } });
    const device = {
      name: `meter-${address}`,
      listen: [],
      bindings: { dlms: () => host },
      line: { address, baud: 9600, parity: 0 },
      room: () => undefined,
    };
    return { device, port: "serial 3", keys: {}, line: device.line, answers: undefined };
  });
  return [first!, ...others];
}

test("a place of the wrapper has one meter, a line of HDLC those with addresses of their own, and none that has no DLMS", () => {
  const serve = (transport: string, stations: [Station, ...Station[]]): Server =>
    dlms.serve({
      transport: dlms.transports.find(({ name }) => name === transport)!,
      stations: stations as Served<object>["stations"],
      clock: new VirtualClock(),
      misunderstood() {},
      connected() {},
      left() {},
    });
  assert.throws(
    () => serve("tcp", stationsOf(1, 2)),
    /meter-1 and meter-2 are both on one place, where the wrapper has room/,
  );
  assert.throws(
    () => serve("hdlc", stationsOf(1, 2, 1)),
    /meter-1 is there twice, each time with physical address 1 on one place/,
  );
  for (const transport of ["hdlc", "hdlc-over-tcp", "optical"]) serve(transport, stationsOf(1, 2));
  for (const transport of ["tcp", "udp"]) serve(transport, stationsOf(1));
  const [station] = stationsOf(1);
  const without = { ...station, device: { ...station.device, bindings: {} } };
  assert.throws(() => serve("tcp", [without]), /meter-1 does not speak DLMS/);
});
