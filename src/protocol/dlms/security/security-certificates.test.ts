/** Certificates of IC 64: those that OpenSSL has made (test/fixtures/dlms-certificates.txt) are taken, shown, given and removed, or not. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Refused } from "#quantity/authority.ts";
import type { ClientSecurity, SecretKey } from "#protocol/dlms/cosem/logical-device.ts";
import type { ActionResult, Asker } from "#protocol/dlms/cosem/object.ts";
import { array, enumerated, octets, structure, unsigned, type Data } from "#protocol/dlms/data/data.ts";
import { Random } from "#waveform/random.ts";
import { WireError } from "#wire/cursor.ts";
import { certificatesIn, isIssuedBy, parseCertificate } from "./certificate.ts";
import { everyKey, hex } from "./party-fixture.ts";
import { certificateMethods, certificatesOf, type Certified } from "./security-certificates.ts";

const lines = readFileSync(new URL("../../../../test/fixtures/dlms-certificates.txt", import.meta.url), "utf8").split(
  "\n",
);
const made = new Map(lines.filter((line) => /^[a-z]/.test(line)).map((line) => line.split(" ") as [string, string]));

function der(name: string): Uint8Array {
  const text = made.get(name);
  assert.ok(text !== undefined, name);
  return hex(text);
}

const asker: Asker = { client: 1, session: { peer: { protocol: "dlms", port: "ethernet 1", near: false } } };
const clientTitle = hex("4A444C0000000007");
const serverTitle = hex("4752580000000001");

interface Rig {
  readonly certified: Certified;
  readonly keys: Map<SecretKey, Uint8Array>;
  list: readonly Uint8Array[];
  invoke(method: number, data: Data): { readonly result: ActionResult; readonly data?: Data };
  take(name: string): ActionResult;
}

function rig(options: { suite?: 1 | 2; bars?: Refused } = {}): Rig {
  const { suite = 1, bars } = options;
  const keys = new Map<SecretKey, Uint8Array>();
  const security: ClientSecurity = {
    ...everyKey(suite).server,
    policy: 0,
    received: 0,
    signing: der("server-private-key"),
    get clientSigning() {
      return keys.get("clientSigning");
    },
    get clientAgreement() {
      return keys.get("clientAgreement");
    },
    get certificates() {
      return made.list;
    },
    setKey(key, value) {
      if (bars === undefined) keys.set(key, value);
      return bars;
    },
    forgetKey: (key) => void keys.delete(key),
    setCertificates(list) {
      if (bars === undefined) made.list = list;
      return bars;
    },
  };
  const certified = { security, serverTitle, clientTitle: () => clientTitle };
  const methods = certificateMethods(certified, true);
  const made: Rig = {
    certified,
    keys,
    list: [],
    invoke(id, data) {
      const invoked = methods.find((one) => one.id === id)?.invoke(asker, data) ?? assert.fail(`no method ${id}`);
      return typeof invoked === "string" ? { result: invoked } : invoked;
    },
    take: (name) => made.invoke(6, octets(der(name))).result,
  };
  return made;
}

/** Entity, type and title; serial number and issuer. */
const byEntity = (entity: number, type: number, title: Uint8Array): Data =>
  structure(enumerated(0), structure(enumerated(entity), enumerated(type), octets(title)));
const bySerial = (name: string): Data => {
  const { serial, issuer } = parseCertificate(der(name));
  return structure(enumerated(1), structure(octets(serial), octets(issuer)));
};

test("what OpenSSL has put into certificates is found in them, and who has signed them", () => {
  const found = (name: string): readonly unknown[] => {
    const { commonName, usage, curve, serial } = parseCertificate(der(name));
    return [commonName, usage, curve, serial.length === 1 ? serial[0] : undefined];
  };
  assert.deepEqual(found("authority"), ["Root-CA-1", "authority", "P-256", undefined]);
  assert.deepEqual(found("client-signature"), ["4A444C0000000007", "signature", "P-256", 10]);
  assert.deepEqual(found("client-agreement"), ["4A444C0000000007", "agreement", "P-256", 11]);
  assert.deepEqual(found("server-signature"), ["4752580000000001", "signature", "P-256", 12]);
  assert.deepEqual(found("client-tls"), ["4A444C0000000007", "tls", "P-256", 13]);
  const authority = parseCertificate(der("authority"));
  assert.ok(isIssuedBy(authority, authority));
  assert.ok(isIssuedBy(parseCertificate(der("client-signature")), authority));
  assert.ok(!isIssuedBy(parseCertificate(der("client-of-other-authority")), authority));
  assert.ok(!isIssuedBy(authority, parseCertificate(der("client-signature"))));
});

test("the first is an authority's; then those that it has signed, and the client's key comes with them", () => {
  const one = rig();
  assert.equal(one.take("client-signature"), "other-reason");
  assert.equal(one.take("authority"), "success");
  assert.equal(one.take("client-of-other-authority"), "other-reason");
  assert.equal(one.take("client-signature"), "success");
  assert.deepEqual(one.keys.get("clientSigning"), parseCertificate(der("client-signature")).publicKey);
  assert.equal(one.take("client-agreement"), "success");
  assert.deepEqual(one.keys.get("clientAgreement"), parseCertificate(der("client-agreement")).publicKey);
  assert.equal(one.take("client-tls"), "success");
  assert.equal(one.take("server-signature"), "success");
  assert.equal(one.list.length, 5);
  assert.equal(one.take("client-signature"), "success");
  assert.equal(one.list.length, 5, "the same takes its own place");
  assert.equal(one.take("other-authority"), "success");
  assert.equal(one.take("client-of-other-authority"), "success");
  assert.deepEqual(one.keys.get("clientSigning"), parseCertificate(der("client-of-other-authority")).publicKey);
});

test("a certificate of a key that the meter has not, of another curve, bent or no certificate is not taken", () => {
  const one = rig();
  one.take("authority");
  const other = rig({ suite: 2 });
  assert.equal(other.take("authority"), "other-reason");
  const bent = der("client-signature");
  bent[bent.length - 1] = (bent.at(-1) ?? 0) ^ 1;
  assert.equal(one.invoke(6, octets(bent)).result, "other-reason");
  assert.equal(one.invoke(6, octets(hex("3003020101"))).result, "other-reason");
  assert.equal(one.invoke(6, unsigned(0)).result, "type-unmatched");
  const security = { ...one.certified.security, signing: undefined, agreement: undefined };
  const [method] = certificateMethods({ ...one.certified, security }, true);
  assert.equal(method?.invoke(asker, octets(der("server-signature"))), "other-reason");
  assert.equal(one.list.length, 1);
});

test("what is kept is shown: whose, for what, serial number and names", () => {
  const one = rig();
  one.take("authority");
  one.take("client-agreement");
  const { issuer, subject, serial } = parseCertificate(der("client-agreement"));
  const shown = certificatesOf(one.certified);
  assert.ok(shown.type === "array" && shown.value.length === 2);
  assert.deepEqual(
    shown.value[1],
    structure(enumerated(1), enumerated(1), octets(serial), octets(issuer), octets(subject), octets(new Uint8Array(0))),
  );
  // SEQUENCE { SET { SEQUENCE { 2.5.4.3, UTF8String "Root-CA-1" } } }
  assert.deepEqual(issuer, hex("3014311230100603550403" + "0C09" + "526F6F742D43412D31"));
});

test("certificates are given and removed by whose they are, and by their number; the client's key goes with its own", () => {
  const one = rig();
  for (const name of ["authority", "client-signature", "server-signature"]) one.take(name);
  assert.deepEqual(one.invoke(7, byEntity(1, 0, clientTitle)).data, octets(der("client-signature")));
  assert.deepEqual(one.invoke(7, byEntity(0, 0, serverTitle)).data, octets(der("server-signature")));
  assert.deepEqual(one.invoke(7, byEntity(2, 0, new Uint8Array(0))).data, octets(der("authority")));
  assert.deepEqual(one.invoke(7, bySerial("server-signature")).data, octets(der("server-signature")));
  assert.equal(one.invoke(7, byEntity(1, 1, clientTitle)).result, "object-unavailable");
  assert.equal(one.invoke(7, bySerial("client-agreement")).result, "object-unavailable");
  for (const nonsense of [
    array([]),
    structure(enumerated(2), structure()),
    structure(enumerated(0), structure(enumerated(0))),
  ])
    for (const method of [7, 8]) assert.equal(one.invoke(method, nonsense).result, "type-unmatched");
  assert.equal(one.invoke(8, bySerial("client-signature")).result, "success");
  assert.equal(one.keys.has("clientSigning"), false);
  assert.equal(one.invoke(8, bySerial("client-signature")).result, "object-unavailable");
  assert.equal(one.list.length, 2);
});

test("who may not changes nothing", () => {
  const one = rig({ bars: { refused: "privilege", words: [] } });
  assert.equal(one.take("authority"), "read-write-denied");
  assert.deepEqual([one.list, one.keys.size], [[], 0]);
});

test("5,000 bent certificates are parsed or refused, and none passes for one that its authority has signed", () => {
  const random = new Random(64);
  const authority = parseCertificate(der("authority"));
  const whole = der("client-signature");
  for (let k = 0; k < 5000; k++) {
    const bytes = whole.slice(0, k % 3 === 0 ? Math.floor(random.next() * whole.length) : whole.length);
    const at = Math.floor(random.next() * bytes.length);
    if (k % 3 !== 0) bytes[at] = (bytes[at] ?? 0) ^ (1 + Math.floor(255 * random.next()));
    try {
      const certificate = parseCertificate(bytes);
      assert.ok(!isIssuedBy(certificate, authority), `byte ${at}`);
    } catch (error) {
      assert.ok(error instanceof WireError, String(error));
    }
  }
});

test("certificates one behind the other are taken apart", () => {
  const some = ["authority", "client-signature", "server-signature"].map(der);
  assert.deepEqual(certificatesIn(Uint8Array.from(some.flatMap((one) => [...one]))), some);
  assert.deepEqual(certificatesIn(new Uint8Array(0)), []);
  assert.throws(() => certificatesIn(der("authority").subarray(0, 50)), WireError);
});
