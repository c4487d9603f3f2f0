/** What a URL says of a serial line: every rate that ports are set to, and no other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseModbusUrl } from "./modbus-url.ts";
import { UrlError } from "./place.ts";

test("a serial line may have any usual rate, from the 300 bit/s of the slowest meters", () => {
  // The rates of termios(3) from 300 on, of which meters have these.
  for (const baud of [300, 600, 1200, 2400, 9600, 19_200, 115_200, 921_600]) {
    const { place } = parseModbusUrl(`modbus+rtu:///dev/ttyUSB0?baud=${baud}&unit=1`);
    assert.deepEqual(place, { over: "serial", device: "/dev/ttyUSB0", baud, parity: "none" });
  }
  for (const baud of ["0", "299", "9600.5", "1000000", ""])
    assert.throws(() => parseModbusUrl(`modbus+rtu:///dev/ttyUSB0?baud=${baud}&unit=1`), UrlError, baud);
});

test("a word after ? that means nothing is refused", () => {
  assert.throws(() => parseModbusUrl("modbus+rtu:///dev/ttyUSB0?buad=9600"), /has buad; did you mean baud\?/);
  assert.throws(() => parseModbusUrl("modbus://192.0.2.7/1?unit=2"), /has unit; expected nothing after \?/);
});
