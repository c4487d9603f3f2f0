/**
 * The engine of who receives informs: its time counts for them (RFC 3414, 2.2.1). Who it is is asked first, then how often it has begun and
 * what time it is, which only a message counts for that is authentic (RFC 3414, 4).
 */
import type { Clock } from "#clock/clock.ts";
import { isSame } from "#io/ciphers.ts";
import { limits } from "#quantity/limits.ts";
import { Flag, readScopedPdu, scopedBytes, type UserMessage } from "./message.ts";
import { usmStats } from "./names.ts";
import { beginsWith } from "./oid.ts";
import type { Pdu } from "./pdu.ts";
import { decrypted, isAuthentic, protectedBytes, type Salts } from "./protection.ts";
import type { SnmpUser } from "./user.ts";

const NOTHING = new Uint8Array(0);
/** RFC 3411, 5. */
const engineIdLength = { least: 5, most: 32 } as const;

/** What has come: an acknowledgement of a request, word of the engine that makes another try worth while, or nothing. */
export type Heard = { readonly acknowledged: number } | "again" | "nothing";

interface Known {
  readonly id: Uint8Array;
  boots: number;
  time: number;
  /** When that was its time. */
  at: number;
}

export class RemoteEngine {
  readonly #user: SnmpUser;
  readonly #clock: Clock;
  readonly #salts: Salts;
  #known: Known | undefined;

  constructor(user: SnmpUser, clock: Clock, salts: Salts) {
    this.#user = user;
    this.#clock = clock;
    this.#salts = salts;
  }

  /** An inform, or the question who it is while that is not known; undefined while the user has no passphrases. */
  request(id: number, pdu: Pdu, contextEngineId: Uint8Array): Uint8Array | undefined {
    const known = this.#known;
    const base = { id, maxSize: limits.snmp.messageBytes };
    if (known === undefined) {
      const asks: Pdu = { kind: "get", requestId: id, errorStatus: 0, errorIndex: 0, variables: [] };
      const scoped = scopedBytes({ contextEngineId: NOTHING, contextName: NOTHING, pdu: asks });
      const nobody = { engineId: NOTHING, boots: 0, time: 0, user: undefined, keys: undefined };
      return protectedBytes({ ...base, ...nobody, flags: Flag.reportable, scoped }, this.#salts);
    }
    const keys = this.#user.keysAt(known.id);
    if (keys === undefined) return undefined;
    const since = Math.floor((this.#clock.elapsed() - known.at) / 1000);
    const scoped = scopedBytes({ contextEngineId, contextName: NOTHING, pdu });
    const flags = Flag.auth | Flag.reportable | (keys.privacy === undefined ? 0 : Flag.priv);
    const { id: engineId, boots, time } = known;
    // Before it has said what time it is nothing passes.
    const now = boots === 0 ? 0 : time + since;
    return protectedBytes({ ...base, flags, engineId, boots, time: now, scoped, user: this.#user, keys }, this.#salts);
  }

  /** Throws WireError of what is no message. */
  hear(bytes: Uint8Array, message: UserMessage): Heard {
    const { security, flags } = message;
    if (security === undefined) return "nothing";
    if (this.#known === undefined) return this.#meet(security.engineId);
    if ((flags & Flag.auth) === 0) return this.#complained(message);
    const keys = this.#user.keysAt(this.#known.id);
    if (keys === undefined || !isSame(security.engineId, this.#known.id)) return "nothing";
    if (!isAuthentic(bytes, message, this.#user, keys)) return "nothing";
    const isLater = this.#learn(security);
    const plain = "scoped" in message.data ? message.data.scoped : decrypted(message.data.encrypted, security, keys);
    if (plain === undefined) return "nothing";
    const { pdu } = readScopedPdu(plain);
    if (pdu.kind === "report") return isLater ? "again" : "nothing";
    return pdu.kind === "response" ? { acknowledged: pdu.requestId } : "nothing";
  }

  #meet(id: Uint8Array): Heard {
    if (id.length < engineIdLength.least || id.length > engineIdLength.most) return "nothing";
    this.#known = { id: Uint8Array.from(id), boots: 0, time: 0, at: this.#clock.elapsed() };
    return "again";
  }

  /** It is another engine than it was, it says: who it is is asked anew, with the next try, since nobody knows who said so. */
  #complained({ data }: UserMessage): Heard {
    if (!("scoped" in data)) return "nothing";
    const [first] = readScopedPdu(data.scoped).pdu.variables;
    if (first !== undefined && beginsWith(first.name, [...usmStats, 4])) this.#known = undefined;
    return "nothing";
  }

  /** True where it has said more than was known. */
  #learn({ boots, time }: { readonly boots: number; readonly time: number }): boolean {
    const known = this.#known;
    if (known === undefined) return false;
    const now = known.time + (this.#clock.elapsed() - known.at) / 1000;
    const isMore = boots > known.boots || (boots === known.boots && time > now);
    if (isMore) Object.assign(known, { boots, time, at: this.#clock.elapsed() });
    return isMore;
  }
}
