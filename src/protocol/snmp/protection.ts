/** Protects messages, and looks whether they are what their senders sent (RFC 3414, 3 and 6 to 8; RFC 3826, 3). */
import { cipherCfb, decipherCfb, isSame, mac, unguessable } from "#io/ciphers.ts";
import { Writer } from "#wire/cursor.ts";
import { Flag, userBytes, type SecurityParameters, type UserMessage } from "./message.ts";
import { authentications } from "./usm-keys.ts";
import type { SnmpUser, UserKeys } from "./user.ts";

const NOTHING = new Uint8Array(0);

/** Salts of AES: 64 bits that are never the same twice under a key (RFC 3826, 3.1.2.1). */
export class Salts {
  #next = new DataView(unguessable(8).buffer).getBigUint64(0);

  next(): Uint8Array {
    this.#next = BigInt.asUintN(64, this.#next + 1n);
    return new Writer(8)
      .u32(Number(this.#next >> 32n))
      .u32(Number(this.#next & 0xffff_ffffn))
      .done();
  }
}

/** Boots and time of the engine that counts, and a salt (RFC 3826, 3.1.2.1). */
function initial({ boots, time }: Pick<SecurityParameters, "boots" | "time">, salt: Uint8Array): Uint8Array {
  return new Writer(16).u32(boots).u32(time).bytes(salt).done();
}

/** Whether what authenticates a message is of a user's key. */
export function isAuthentic(bytes: Uint8Array, message: UserMessage, user: SnmpUser, keys: UserKeys): boolean {
  const { authentication } = message.security ?? { authentication: NOTHING };
  const { hash, length } = authentications[user.settings.authentication];
  if (authentication.length !== length) return false;
  // Not its own slice(): that of a Buffer is a view.
  const blank = Uint8Array.from(bytes);
  blank.fill(0, message.authenticationAt, message.authenticationAt + length);
  return isSame(mac(hash, keys.authentication, blank).subarray(0, length), authentication);
}

/** What was encrypted; undefined where that cannot be. */
export function decrypted(encrypted: Uint8Array, security: SecurityParameters, keys: UserKeys): Uint8Array | undefined {
  if (keys.privacy === undefined || security.privacy.length !== 8) return undefined;
  return decipherCfb(encrypted, keys.privacy, initial(security, security.privacy));
}

export interface Protected {
  readonly id: number;
  readonly maxSize: number;
  /** Of Flag; what they say is done. */
  readonly flags: number;
  readonly engineId: Uint8Array;
  readonly boots: number;
  readonly time: number;
  /** The scoped PDU. */
  readonly scoped: Uint8Array;
  /** Undefined of who is nobody yet: then nothing is protected. */
  readonly user: SnmpUser | undefined;
  readonly keys: UserKeys | undefined;
}

export function protectedBytes(message: Protected, salts: Salts): Uint8Array {
  const { id, maxSize, flags, engineId, boots, time, scoped, user, keys } = message;
  const isAuthenticated = (flags & Flag.auth) !== 0 && user !== undefined && keys !== undefined;
  const isPrivate = isAuthenticated && (flags & Flag.priv) !== 0 && keys.privacy !== undefined;
  const salt = isPrivate ? salts.next() : NOTHING;
  const security: SecurityParameters = {
    engineId,
    boots,
    time,
    user: user === undefined ? NOTHING : new TextEncoder().encode(user.name),
    authentication: isAuthenticated ? new Uint8Array(user.digestLength) : NOTHING,
    privacy: salt,
  };
  const data =
    isPrivate && keys.privacy !== undefined
      ? { encrypted: cipherCfb(scoped, keys.privacy, initial(security, salt)) }
      : { scoped };
  const { bytes, authenticationAt } = userBytes({ id, maxSize, flags, security, data });
  if (!isAuthenticated) return bytes;
  const { hash, length } = authentications[user.settings.authentication];
  bytes.set(mac(hash, keys.authentication, bytes).subarray(0, length), authenticationAt);
  return bytes;
}
