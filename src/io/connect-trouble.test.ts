/** What cannot be connected to is said in words of ours, by the codes of connect(2) and getaddrinfo(3). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectTrouble } from "./connect-trouble.ts";
import { connectTcp } from "./tcp.ts";

const said: readonly (readonly [code: string, words: RegExp])[] = [
  ["ECONNREFUSED", /^nothing listens there$/],
  ["ENOTFOUND", /^nobody knows a host meter\.invalid; is its name right\?$/],
  ["EAI_AGAIN", /^nobody answers who meter\.invalid is/],
  ["EHOSTUNREACH", /^no such host can be reached/],
  ["ENETUNREACH", /^this machine has no way to that network/],
  ["ETIMEDOUT", /^nobody answers there/],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", /^its certificate is signed by none of those in the authority's file$/],
  ["ERR_SSL_WRONG_VERSION_NUMBER", /^what it says is not TLS; does it listen without\?$/],
  ["EACCES", /may not connect there$/],
];

test("why nobody could be connected to is said without the system's own words", () => {
  for (const [code, words] of said) {
    const error: NodeJS.ErrnoException = Object.assign(new Error(`connect ${code} meter.invalid:502`), { code });
    assert.match(connectTrouble("meter.invalid", error), words);
  }
  assert.equal(
    connectTrouble("meter.invalid", new Error("unable to verify the first certificate")),
    "unable to verify the first certificate",
  );
});

test("over TLS a peer that hangs up may not know this certificate; one that says so is believed", () => {
  const told = (code: string): string =>
    connectTrouble("meter.invalid", Object.assign(new Error("what OpenSSL says"), { code }), "tls");
  assert.match(
    told("ECONNRESET"),
    /^it ended the connection during the handshake; is this certificate of the authority/,
  );
  assert.match(told("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA"), /^it does not know who signed this certificate/);
  assert.match(told("ECONNREFUSED"), /^nothing listens there$/);
});

test("a name that nobody has (RFC 6761, 6.4) is said to be none", async () => {
  // Without a network there is no name server who says so.
  await assert.rejects(
    connectTcp("meter.invalid", 502),
    /^Error: cannot connect to meter\.invalid:502: nobody (knows a host|answers who) meter\.invalid/,
  );
});
