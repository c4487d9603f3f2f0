/** Certificates that OpenSSL makes, with roles of Modbus/TCP Security in them. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { runProgram } from "./programs.ts";

const EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** An authority, a listener's certificate and one for each role, as the guide in docs/protocols/modbus.md makes them. */
export async function certificates(folder: string): Promise<(name: string) => string> {
  const at = (name: string): string => path.join(folder, name);
  const openssl = async (...args: string[]): Promise<void> => {
    const { status, out } = await runProgram("openssl", args);
    assert.equal(status, 0, out);
  };
  for (const authority of ["ca", "stranger-ca"]) {
    const files = ["-keyout", at(`${authority}.key`), "-out", at(`${authority}.pem`)];
    await openssl("req", "-x509", ...EC, ...files, "-days", "2", "-subj", `/CN=${authority}`);
  }
  const signed = async (name: string, extensions: string, authority = "ca"): Promise<void> => {
    writeFileSync(at(`${name}.ext`), extensions);
    await openssl("req", ...EC, "-keyout", at(`${name}.key`), "-out", at(`${name}.csr`), "-subj", `/CN=${name}`);
    const by = ["-CA", at(`${authority}.pem`), "-CAkey", at(`${authority}.key`), "-CAcreateserial"];
    const files = ["-in", at(`${name}.csr`), "-extfile", at(`${name}.ext`), "-out", at(`${name}.pem`)];
    await openssl("x509", "-req", ...by, ...files, "-days", "2");
  };
  await signed("meter", "subjectAltName=IP:127.0.0.1\n");
  for (const role of ["operator", "viewer", "cleaner"]) {
    await signed(role, `1.3.6.1.4.1.50316.802.1=ASN1:UTF8String:${role}\n`);
  }
  await signed("nobody", "");
  await signed("stranger", "1.3.6.1.4.1.50316.802.1=ASN1:UTF8String:operator\n", "stranger-ca");
  return at;
}
