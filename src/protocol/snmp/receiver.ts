/**
 * Who is told: traps are sent once, informs again and again until they are acknowledged (RFC 3413, 3.3). What waits has a bound: the oldest goes.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { isSame, unguessable } from "#io/ciphers.ts";
import { limits } from "#quantity/limits.ts";
import { Reader, WireError } from "#wire/cursor.ts";
import { engineTime, type SnmpEngine } from "./engine.ts";
import { communityBytes, Flag, readMessage, scopedBytes } from "./message.ts";
import type { Notification } from "./notification.ts";
import { bindingsBytes, readBindings, type Pdu } from "./pdu.ts";
import { protectedBytes, type Salts } from "./protection.ts";
import { RemoteEngine, type Heard } from "./remote-engine.ts";
import type { SnmpUser } from "./user.ts";

export interface ReceiverSettings {
  readonly host: string;
  readonly port: number;
  readonly inform: boolean;
  /** By whom: a user, or whoever shows a community; undefined while there is none. */
  readonly as: { readonly user: SnmpUser } | { readonly community: () => Uint8Array | undefined };
}

export interface ReceiverParts {
  readonly engine: SnmpEngine;
  readonly clock: Clock;
  readonly salts: Salts;
  /** Rejects where the place cannot be reached at all. */
  readonly connect: (host: string, port: number) => Promise<Link>;
}

interface Waiting {
  readonly requestId: number;
  /** As they go: of thousands of meters whose receiver is gone thousands of notifications wait. */
  readonly bindings: Uint8Array;
  tries: number;
}

/** A socket that nothing goes through is let go after so long. */
const IDLE_MS = 1000;
/** Tries that what comes back may cause before the next is due by time. */
const AT_ONCE = 3;

export class Receiver {
  readonly #settings: ReceiverSettings;
  readonly #parts: ReceiverParts;
  readonly #remote: RemoteEngine | undefined;
  #waiting: Waiting[] = [];
  #link: Link | undefined;
  #isOpening = false;
  #isOver = false;
  #again: Cancel = () => {};
  #rest: Cancel = () => {};
  #atOnce = 0;
  #id = new DataView(unguessable(4).buffer).getUint32(0) >>> 1;
  /** Notifications that were never sent, or not acknowledged, for others that came. */
  lost = 0;

  constructor(settings: ReceiverSettings, parts: ReceiverParts) {
    this.#settings = settings;
    this.#parts = parts;
    const { as, inform } = settings;
    this.#remote = inform && "user" in as ? new RemoteEngine(as.user, parts.clock, parts.salts) : undefined;
  }

  /** How many wait to be sent, or acknowledged. */
  get waiting(): number {
    return this.#waiting.length;
  }

  tell(variables: Notification): void {
    if (this.#isOver) return;
    if (this.#waiting.length >= limits.snmp.notifications) {
      this.#waiting.shift();
      this.lost++;
    }
    this.#waiting.push({ requestId: this.#nextId(), bindings: bindingsBytes(variables), tries: 0 });
    // An inform that waits for its acknowledgement goes first.
    if (!this.#settings.inform || this.#waiting.length === 1) this.#work();
  }

  stop(): void {
    this.#isOver = true;
    this.#waiting = [];
    this.#again();
    this.#rest();
    this.#link?.close();
  }

  #nextId(): number {
    this.#id = (this.#id + 1) % 2 ** 31;
    return this.#id;
  }

  #work(): void {
    if (this.#link === undefined) return this.#open();
    this.#rest();
    const { inform } = this.#settings;
    for (let [head] = this.#waiting; head !== undefined; [head] = this.#waiting) {
      const bytes = this.#bytesOf(head);
      if (bytes !== undefined) this.#link.send(bytes);
      else if (!inform) this.lost++;
      if (inform) return this.#await(head);
      this.#waiting.shift();
    }
    this.#relax(this.#link);
  }

  #open(): void {
    if (this.#isOpening || this.#isOver) return;
    const { host, port } = this.#settings;
    this.#isOpening = true;
    void this.#parts.connect(host, port).then(
      (link) => {
        this.#isOpening = false;
        if (this.#isOver) return link.close();
        this.#link = link;
        link.closed(() => (this.#link = undefined));
        link.receive((bytes) => this.#hear(bytes));
        this.#work();
      },
      () => {
        this.#isOpening = false;
        const [head] = this.#waiting;
        if (head !== undefined && !this.#isOver) this.#await(head);
      },
    );
  }

  /** Tries again later, unless something has come. */
  #await(head: Waiting): void {
    this.#again();
    const { informMs, mostInformMs } = limits.snmp;
    const wait = Math.min(informMs * 2 ** Math.min(head.tries, 20), mostInformMs);
    head.tries++;
    this.#again = this.#parts.clock.after(wait, () => {
      this.#atOnce = 0;
      this.#work();
    });
  }

  #relax(link: Link): void {
    this.#rest = this.#parts.clock.after(IDLE_MS, () => (link.waiting > 0 ? this.#relax(link) : link.close()));
  }

  #bytesOf({ requestId, bindings }: Waiting): Uint8Array | undefined {
    const { as, inform } = this.#settings;
    const { engine, salts } = this.#parts;
    const variables = readBindings(new Reader(bindings));
    const pdu: Pdu = { kind: inform ? "inform" : "trap", requestId, errorStatus: 0, errorIndex: 0, variables };
    if ("community" in as) {
      const community = as.community();
      return community && communityBytes(community, pdu);
    }
    if (this.#remote !== undefined) return this.#remote.request(this.#nextId(), pdu, engine.id);
    const { user } = as;
    const keys = user.keysAt(engine.id);
    if (keys === undefined) return undefined;
    return protectedBytes(
      {
        id: this.#nextId(),
        maxSize: limits.snmp.messageBytes,
        flags: Flag.auth | (keys.privacy === undefined ? 0 : Flag.priv),
        engineId: engine.id,
        boots: engine.boots,
        time: engineTime(engine),
        scoped: scopedBytes({ contextEngineId: engine.id, contextName: new Uint8Array(0), pdu }),
        user,
        keys,
      },
      salts,
    );
  }

  /** The one place where what is no message ends up: it is lost. */
  #hear(bytes: Uint8Array): void {
    try {
      const heard = this.#heard(bytes);
      if (heard === "again" && this.#atOnce < AT_ONCE) {
        this.#atOnce++;
        this.#work();
      } else if (typeof heard === "object") this.#acknowledged(heard.acknowledged);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
  }

  #heard(bytes: Uint8Array): Heard {
    const { as } = this.#settings;
    const message = readMessage(bytes);
    if (message.version === "v3") return this.#remote?.hear(bytes, message) ?? "nothing";
    if (message.version !== "v2c" || !("community" in as)) return "nothing";
    const community = as.community();
    const isMeant = community !== undefined && isSame(community, message.community);
    return isMeant && message.pdu.kind === "response" ? { acknowledged: message.pdu.requestId } : "nothing";
  }

  #acknowledged(requestId: number): void {
    const [head] = this.#waiting;
    if (head?.requestId !== requestId || !this.#settings.inform) return;
    this.#again();
    this.#atOnce = 0;
    this.#waiting.shift();
    this.#work();
  }
}
