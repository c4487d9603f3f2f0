/** OpenSSL reads the request for a certificate of a server's key, and finds that whoever made it has the key. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { makeKeyPair } from "#io/curves.ts";
import { certificateRequest } from "#protocol/dlms/security/certificate-request.ts";
import { runProgram, without } from "./programs.ts";

for (const [curve, name, hash] of [
  ["P-256", "prime256v1", "SHA256"],
  ["P-384", "secp384r1", "SHA384"],
] as const) {
  test(`openssl verifies a request for a certificate on ${curve}`, { skip: without("openssl") }, async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), "csr-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const title = Uint8Array.from(Buffer.from("4752580000000001", "hex"));
    for (let k = 0; k < 20; k++) {
      const { privateKey } = makeKeyPair(curve);
      const made = certificateRequest(curve, privateKey, title);
      assert.ok(made !== undefined);
      const file = path.join(folder, `${k}.der`);
      writeFileSync(file, made);
      const { out, status } = await runProgram("openssl", [
        "req",
        "-inform",
        "DER",
        "-in",
        file,
        "-verify",
        "-noout",
        "-text",
      ]);
      assert.equal(status, 0, out);
      assert.match(out, /verify OK/);
      assert.match(out, /Subject: CN ?= ?4752580000000001/);
      assert.match(out, new RegExp(`ASN1 OID: ${name}`));
      assert.match(out, new RegExp(`Signature Algorithm: ecdsa-with-${hash}`));
    }
  });
}

test("no request is made with what is no key", () => {
  assert.equal(certificateRequest("P-256", new Uint8Array(32), new Uint8Array(8)), undefined);
});
