import assert from "node:assert/strict";
import { test } from "node:test";
import { networkOf } from "./network.ts";

test("an IPv6 subscriber has one network of 64 bits, however he writes it; IPv4 within IPv6 is IPv4", () => {
  // RFC 4291, 2.2 and 2.5.5.2.
  assert.equal(networkOf("2001:db8::1"), "2001:db8:0:0::/64");
  assert.equal(networkOf("2001:db8::1"), networkOf("2001:db8:0:0:ffff::2"));
  assert.equal(networkOf("2001:DB8::1"), networkOf("2001:db8:0:0:1:2:3:4"));
  assert.notEqual(networkOf("2001:db8::1"), networkOf("2001:db8:0:1::1"));
  assert.equal(networkOf("fe80::1%eth0"), networkOf("fe80::2"));
  assert.equal(networkOf("::1"), "0:0:0:0::/64");
  assert.equal(networkOf("::ffff:192.0.2.7"), "192.0.2.7");
  assert.equal(networkOf("192.0.2.7"), "192.0.2.7");
  assert.notEqual(networkOf("192.0.2.7"), networkOf("192.0.2.8"));
  assert.equal(networkOf(undefined), "unknown");
});
