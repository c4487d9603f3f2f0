import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, isLoopback } from "./address.ts";

test("an address is written one way, however a socket or a URL writes it", () => {
  // RFC 5952 for IPv6; RFC 4291, 2.5.5.2 for IPv4 in it.
  for (const [text, written] of [
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["::FFFF:c000:0207", "192.0.2.7"],
    ["[2001:DB8:0:0::1]", "2001:db8::1"],
    ["fe80::1%eth0", "fe80::1"],
    ["localhost", undefined],
    ["192.0.2", undefined],
    ["", undefined],
    [undefined, undefined],
  ] as const)
    assert.equal(addressOf(text), written, String(text));
});

test("loopback is 127.0.0.0/8 and ::1, and nothing that only looks like it", () => {
  for (const one of ["127.0.0.1", "127.255.0.3", "::1", "[::1]", "::ffff:127.0.0.1"]) assert.ok(isLoopback(one), one);
  for (const one of ["128.0.0.1", "::2", "::ffff:10.0.0.1", "127.0.0.1.example", "localhost", undefined])
    assert.ok(!isLoopback(one), String(one));
});
