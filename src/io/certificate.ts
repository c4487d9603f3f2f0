/** Certificates and keys in files: what is wrong with them, before anything listens with them. */
import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { readText } from "./file.ts";

/** Paths of PEM files: who one is, and who signs those whom one believes. */
export interface IdentityFiles {
  readonly certificate: string;
  readonly key: string;
  readonly authority?: string | undefined;
}

function tried<T>(make: () => T, why: (error: unknown) => string): { readonly made: T } | { readonly wrong: string } {
  try {
    return { made: make() };
  } catch (error) {
    return { wrong: why(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function certificateIn(file: string): { readonly made: X509Certificate } | { readonly wrong: string } {
  const text = tried(() => readText(file), messageOf);
  if ("wrong" in text) return text;
  return tried(
    () => new X509Certificate(text.made),
    () => `${file} is no certificate: expected PEM, -----BEGIN CERTIFICATE-----`,
  );
}

function keyIn(file: string): { readonly made: KeyObject } | { readonly wrong: string } {
  const text = tried(() => readText(file), messageOf);
  if ("wrong" in text) return text;
  const how = /ENCRYPTED/.test(text.made)
    ? "without a passphrase, which openssl pkey takes off"
    : "-----BEGIN PRIVATE KEY-----";
  return tried(
    () => createPrivateKey(text.made),
    () => `${file} is no private key: expected PEM, ${how}`,
  );
}

/** "certificate: FILE is no certificate: …", key by key; nothing where they can be used. */
export function identityProblems({ certificate, key, authority }: IdentityFiles): readonly string[] {
  const [own, secret] = [certificateIn(certificate), keyIn(key)];
  const signer = authority === undefined ? undefined : certificateIn(authority);
  const problems: string[] = [];
  if ("wrong" in own) problems.push(`certificate: ${own.wrong}`);
  if ("wrong" in secret) problems.push(`key: ${secret.wrong}`);
  if (signer !== undefined && "wrong" in signer) problems.push(`authority: ${signer.wrong}`);
  if ("made" in own && "made" in secret && !own.made.checkPrivateKey(secret.made))
    problems.push(`key: ${key} is not the key of ${certificate}`);
  return problems;
}
