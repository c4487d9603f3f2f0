/** The SSH library, taken in when somebody first speaks SSH: a site without it pays nothing for it. */
import { createRequire } from "node:module";

type Ssh2 = typeof import("ssh2");

let taken: Ssh2 | undefined;

export function ssh2(): Ssh2 {
  taken ??= createRequire(import.meta.url)("ssh2") as Ssh2;
  return taken;
}

/**
 * What is offered and taken, best first: no SHA-1, no CBC, and no compression, whose bombs would be inflated here. The strict key exchange
 * against Terrapin (CVE-2023-48795) is the library's own.
 */
export const algorithms = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group14-sha256",
  ],
  cipher: [
    "chacha20-poly1305@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-gcm@openssh.com",
    "aes256-ctr",
    "aes192-ctr",
    "aes128-ctr",
  ],
  hmac: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"],
  compress: ["none"],
} satisfies import("ssh2").Algorithms;

/** What a client takes of servers besides. */
export const serverKeys = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
] satisfies import("ssh2").Algorithms["serverHostKey"];
