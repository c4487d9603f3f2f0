/**
 * The key by which a meter is known over SSH: made at first need, kept with the secrets of its protocols, and never made anew while it is
 * there. People cannot set it: no secret of theirs has such a name.
 */
import { fingerprintOf, makeHostKey } from "#io/ssh-key.ts";
import type { Commanded } from "./commanded.ts";
import type { Secrets } from "./secrets.ts";

const NAME = "ssh host key";

/** Throws an Error with why there is none. `say` hears of that, and of a new one by its fingerprint. */
export function hostKeyOf(secrets: Secrets, say: (what: string) => void): string {
  const kept = secrets.secret(NAME);
  if (kept !== undefined) return new TextDecoder().decode(kept);
  const none = (why: string): Error => {
    say(`no host key: ${why}`);
    return new Error(`no host key: ${why}`);
  };
  if (secrets.has(NAME)) throw none(secrets.trouble ?? "it cannot be read");
  const key = makeHostKey();
  const trouble = secrets.setSecret(NAME, new TextEncoder().encode(key));
  if (trouble !== undefined) throw none(trouble);
  say(`host key ${fingerprintOf(key)} made`);
  return key;
}

/** The key of a meter on a port; what becomes of it is in the security log. */
export function hostKey({ secrets, securityLog }: Commanded, port: string): string {
  return hostKeyOf(secrets, (what) => securityLog.note(what, { by: "automatic", port, protocol: "sftp" }, {}));
}
