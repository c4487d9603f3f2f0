/** What goes on at a port, on a clock that stands still until it is moved. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { portNames } from "./port-names.ts";
import { PortTraffic } from "./port-traffic.ts";

function traffic() {
  const clock = new VirtualClock();
  return { clock, port: new PortTraffic(() => clock.elapsed()) };
}

test("a peer that connects counts as heard; when the last has gone nothing is known of any", () => {
  const { clock, port } = traffic();
  assert.equal(port.silentMs, undefined);
  port.connected();
  clock.advance(70);
  port.connected();
  clock.advance(30);
  assert.deepEqual([port.sessions, port.silentMs], [2, 30]);
  port.left();
  assert.deepEqual([port.sessions, port.silentMs], [1, 30]);
  port.left();
  assert.deepEqual([port.sessions, port.silentMs], [0, undefined]);
});

test("on a line nobody comes and goes: it is silent since it was heard, and when it is gone it is failed until it is back", () => {
  const { clock, port } = traffic();
  port.opened();
  port.heard();
  clock.advance(1999);
  assert.deepEqual([port.sessions, port.silentMs, port.isFailed], [0, 1999, false]);
  port.misunderstood();
  port.failed();
  assert.deepEqual([port.silentMs, port.unrecognised, port.isFailed], [undefined, false, true]);
  port.opened();
  assert.equal(port.isFailed, false);
});

test("what came last was not understood, until something is heard that is, or for two minutes", () => {
  const { clock, port } = traffic();
  port.heard();
  port.misunderstood();
  clock.advance(119_999);
  assert.equal(port.unrecognised, true);
  clock.advance(1);
  assert.equal(port.unrecognised, false);
  port.misunderstood();
  port.heard();
  assert.equal(port.unrecognised, false);
});

test("listeners are ports by name: all on Ethernet are one, serial lines count in their order, two on one line are one port", () => {
  const serial = (place: string) => ({ protocol: "modbus", transport: "rtu", port: "serial", place }) as const;
  const net = { protocol: "modbus", transport: "tcp", port: "ethernet" } as const;
  const names = portNames([serial("/dev/ttyS1"), net, serial("/dev/ttyS0"), net, serial("/dev/ttyS1")]);
  assert.deepEqual(names, ["serial 1", "ethernet 1", "serial 2", "ethernet 1", "serial 1"]);
  assert.deepEqual(portNames([net, serial("/dev/ttyS0")], 3), ["ethernet 1", "serial 3"]);
});
