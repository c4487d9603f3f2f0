/** Passphrases of users among the secrets of a meter that keeps some: what they are called, and how long they are at least. */
import { LEAST_PASSPHRASE } from "./usm-keys.ts";

export const secretNames = {
  authentication: (user: string) => `snmp.${user}.auth`,
  privacy: (user: string) => `snmp.${user}.priv`,
} as const;

const NAME = /^snmp\.[A-Za-z0-9_-]{1,32}\.(?:auth|priv)$/;

/** Why a secret of SNMP is none, in words; undefined of what is one, and of what is not SNMP's. */
export function wrongPassphrase(name: string, secret: Uint8Array): string | undefined {
  if (!name.startsWith("snmp.")) return undefined;
  if (!NAME.test(name)) return `name: expected snmp., a user, and auth or priv, like snmp.ann.auth; found ${name}`;
  if (secret.length >= LEAST_PASSPHRASE) return undefined;
  return `${name}: ${secret.length} characters, where ${LEAST_PASSPHRASE} were expected at least`;
}
