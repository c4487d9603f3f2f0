/** URLs of meters over DNP3, and what is wrong with them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { looksDnp3, parseDnp3Url } from "./dnp3-url.ts";
import { UrlError } from "./place.ts";

test("what a URL does not say is usual: outstation 1, master 100, no confirmation by the link", () => {
  assert.deepEqual(parseDnp3Url("dnp3://192.0.2.7"), {
    protocol: "dnp3",
    transport: "tcp",
    place: { over: "tcp", host: "192.0.2.7", port: 20_000 },
    address: 1,
    master: 100,
    confirm: "never",
  });
});

test("every word of a URL counts", () => {
  assert.partialDeepStrictEqual(
    parseDnp3Url("dnp3+serial:///dev/ttyUSB0?baud=9600&address=7&master=3&confirm=always"),
    {
      transport: "serial",
      place: { over: "serial", device: "/dev/ttyUSB0", baud: 9600, parity: "none" },
      address: 7,
      master: 3,
      confirm: "always",
    },
  );
  assert.partialDeepStrictEqual(parseDnp3Url("dnp3+udp://[2001:db8::1]:20001/65519?master=0"), {
    transport: "udp",
    place: { over: "udp", host: "2001:db8::1", port: 20_001 },
    address: 65_519,
    master: 0,
  });
  assert.partialDeepStrictEqual(parseDnp3Url("dnp3+tls://meter/4?certificate=a.pem&key=b.pem&authority=c.pem"), {
    place: { over: "tls", host: "meter", port: 19_999, certificate: "a.pem", key: "b.pem", authority: "c.pem" },
    address: 4,
  });
});

test("what is wrong with a URL is said with what was expected", () => {
  for (const [text, says] of [
    ["dnp3://192.0.2.7/65520", /address of .*expected 0 to 65519, found "65520"/],
    ["dnp3://192.0.2.7/one", /address of .*found "one"/],
    ["dnp3://192.0.2.7?master=65533", /master of .*expected 0 to 65519/],
    ["dnp3://192.0.2.7?address=3", /has address; expected master, confirm/],
    ["dnp3://192.0.2.7?confirm=maybe", /confirm of .*expected never, multi-frame, always; found "maybe"/],
    ["dnp3+serial://?address=3", /names no device; expected dnp3\+serial:/],
    ["modbus://192.0.2.7", /is not DNP3, and this works over DNP3 only; expected dnp3:/],
  ] as const)
    assert.throws(
      () => parseDnp3Url(text),
      (error) => error instanceof UrlError && says.test(error.message),
      text,
    );
});

test("a text that names a meter over DNP3 is known, well or not", () => {
  assert.deepEqual(["dnp3://x", "dnp3+tls:", "dnp3+serial:///dev/x?address=a", "dnp4://x", "dlms://x"].map(looksDnp3), [
    true,
    true,
    true,
    false,
    false,
  ]);
});
