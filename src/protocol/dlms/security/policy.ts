/** The security policy of IC 64 version 1 (Blue Book 4.4.7): what messages must have, beside what they have. */
import type { Done, SecurityPolicy } from "./style.ts";

/** Bits of `security_policy`; bits 0 and 1 are reserved. */
export const policyBits = {
  "authenticated-request": 0x04,
  "encrypted-request": 0x08,
  "signed-request": 0x10,
  "authenticated-response": 0x20,
  "encrypted-response": 0x40,
  "signed-response": 0x80,
} as const;
const RESERVED = 0x03;

export function policyOf(bits: number): SecurityPolicy {
  const has = (bit: keyof typeof policyBits): boolean => (bits & policyBits[bit]) !== 0;
  return {
    request: {
      authenticated: has("authenticated-request"),
      encrypted: has("encrypted-request"),
      signed: has("signed-request"),
    },
    response: {
      authenticated: has("authenticated-response"),
      encrypted: has("encrypted-response"),
      signed: has("signed-response"),
    },
  };
}

/** What is missing, in words; undefined where nothing is. */
export function lacking(has: Done, needed: Done): string | undefined {
  const missing = (["authenticated", "encrypted", "signed"] as const).filter((one) => needed[one] && !has[one]);
  return missing.length === 0 ? undefined : `not ${missing.join(", not ")}, which the security policy asks for`;
}

/** Whether bits are a policy, and one that may follow another: a policy only grows stronger (Blue Book 4.4.7.3.1). */
export function mayFollow(next: number, before: number): boolean {
  return (next & RESERVED) === 0 && next <= 0xff && (next & before) === before;
}
