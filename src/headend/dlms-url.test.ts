/** URLs of meters over DLMS/COSEM, and what is wrong with them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { looksDlms, parseDlmsUrl } from "./dlms-url.ts";
import { UrlError } from "./place.ts";

test("what a URL does not say is usual: the public client, the management logical device, nothing shown", () => {
  assert.deepEqual(parseDlmsUrl("dlms://192.0.2.7"), {
    protocol: "dlms",
    transport: "tcp",
    place: { over: "tcp", host: "192.0.2.7", port: 4059 },
    client: 16,
    server: 1,
    physical: 1,
    addressBytes: 4,
    info: 128,
    window: 1,
    mechanism: "none",
    security: undefined,
    dedicated: false,
    general: false,
    suite: 0,
    // "PLY", and 1.
    title: Uint8Array.of(0x50, 0x4c, 0x59, 0, 0, 0, 0, 1),
    counter: undefined,
  });
});

test("every word of a URL counts", () => {
  const url =
    "dlms+hdlc:///dev/ttyUSB0?baud=9600&client=2&server=3&physical=17&address=2&info=2030&window=7&auth=gmac&security=encrypted" +
    "&suite=2&title=4b414d0000000007&counter=0.0.43.1.1.255&dedicated=yes&general=yes";
  assert.partialDeepStrictEqual(parseDlmsUrl(url), {
    transport: "hdlc",
    place: { over: "serial", device: "/dev/ttyUSB0", baud: 9600, parity: "none" },
    client: 2,
    server: 3,
    physical: 17,
    addressBytes: 2,
    info: 2030,
    window: 7,
    mechanism: "high-gmac",
    security: "encrypted",
    suite: 2,
    counter: "0.0.43.1.1.255",
    dedicated: true,
    general: true,
  });
  assert.equal(parseDlmsUrl("dlms://[::1]:4061?counter=7").counter, 7);
});

test("what is wrong is said, with what was expected", () => {
  for (const [query, says] of [
    ["client=0", /client of .*: expected 1 to 65535, found "0"/],
    ["auth=gmca", /auth of .*: expected none, low, high, md5, sha1, gmac, sha256, ecdsa; found "gmca"/],
    ["security=yes", /security of .*: expected none, authenticated, encrypted, both; found "yes"/],
    ["suite=3", /suite of .*: expected 0 to 2, found "3"/],
    ["title=PLY1", /title of .*: expected 16 hexadecimal digits/],
    ["counter=0.0.43", /counter of .*: expected a number, or an object like 0\.0\.43\.1\.0\.255/],
    ["address=3", /expected 1, 2 or 4 bytes, found 3/],
  ] as const)
    assert.throws(
      () => parseDlmsUrl(`dlms://192.0.2.7?${query}`),
      (error) => error instanceof UrlError && says.test(error.message),
      query,
    );
  // A client's address has seven bits in HDLC.
  assert.throws(() => parseDlmsUrl("dlms+hdlctcp://192.0.2.7?client=128"), /expected 1 to 127/);
  assert.throws(
    () => parseDlmsUrl("modbus://192.0.2.7/1"),
    /is not DLMS, and this works over DLMS only; expected dlms:/,
  );
});

test("a word that begins like a DLMS URL is one, well or not", () => {
  for (const text of ["dlms://", "dlms+udp://h", "dlms+hdlctcp://h", "dlms+hdlc:///dev/x", "dlms+optical:///dev/x"])
    assert.ok(looksDlms(text), text);
  for (const text of ["modbus://h/1", "http://h", "dlmsx://h"]) assert.ok(!looksDlms(text), text);
});

test("a word after ? that means nothing is refused: it may be a misspelt password's", () => {
  assert.throws(
    () => parseDlmsUrl("dlms://192.0.2.7?clint=17"),
    /has clint; did you mean client\?; expected client, server, .*counter/,
  );
  assert.throws(() => parseDlmsUrl("dlms://192.0.2.7?baud=9600"), /has baud/);
  assert.equal(parseDlmsUrl("dlms+hdlc:///dev/ttyUSB0?baud=9600&parity=even&client=17").client, 17);
});
