/** Keys of a meter's clients, from its protocol secrets, and their counters. What sets them is the command `secret`, whoever tells it. */
import { isRefused, type MeterCommand, type Outcome, type Refused, type Session } from "#quantity/authority.ts";
import type { ClientSecurity, Mechanism, SecretKey } from "#protocol/dlms/cosem/logical-device.ts";
import { certificatesIn } from "#protocol/dlms/security/certificate.ts";
import { suites } from "#protocol/dlms/security/suite.ts";
import { Writer, WireError } from "#wire/cursor.ts";
import type { MeterStore } from "#store/store.ts";
import { policyBits, type PolicyWord } from "./configuration.ts";
import { MeterCounters } from "./counters.ts";
import { secretNames } from "./secrets.ts";

/** What is asked of the meter's protocol secrets. */
export interface ProtocolSecrets {
  secret(name: string): Uint8Array | undefined;
  mark(name: string): string;
  userOf(name: string): string | undefined;
}

export interface SecurityOptions {
  readonly store: MeterStore;
  readonly secrets: ProtocolSecrets;
  readonly obey: (command: MeterCommand, session: Session) => Outcome;
  /** Runs it with the next calculation cycle. */
  readonly later: (run: () => void) => void;
}

/** What the configuration says of a client. */
export interface SecuritySettings {
  readonly sap: number;
  readonly suite: 0 | 1 | 2;
  readonly policy: readonly PolicyWord[];
  readonly ciphering: "no" | "may" | "must";
  readonly authentication: readonly Mechanism[];
}

/** Whether a client has keys: to cipher with, or to show who it is. */
function hasKeys({ ciphering, authentication }: SecuritySettings): boolean {
  return ciphering !== "no" || authentication.includes("high-gmac") || authentication.includes("high-ecdsa");
}

/** The security of all clients of one meter: one for as long as the meter is there, so that no counter is sent twice. */
export class MeterSecurity {
  readonly #options: SecurityOptions;
  readonly #counters: MeterCounters;

  constructor(options: SecurityOptions) {
    const { store, secrets, later } = options;
    this.#options = options;
    const mark = (client: number, key: "unicast" | "broadcast"): string =>
      secrets.mark(key === "unicast" ? secretNames.encryption(client) : secretNames.broadcast(client));
    this.#counters = new MeterCounters({ store, later, mark });
  }

  /** What has come is kept: the meter stops. */
  settle(): void {
    this.#counters.settle();
  }

  /** Undefined of a client that has no keys. */
  of(settings: SecuritySettings): ClientSecurity | undefined {
    if (!hasKeys(settings)) return undefined;
    return new KeptSecurity(settings, this.#options, this.#counters);
  }
}

type KeptKey = Exclude<keyof typeof secretNames, "high" | "policy" | "certificates">;

class KeptSecurity implements ClientSecurity {
  readonly #settings: SecuritySettings;
  readonly #options: SecurityOptions;
  readonly #counters: MeterCounters;
  /** Opened secrets by name: each message asks for all of them. */
  readonly #opened = new Map<string, { readonly mark: string; readonly secret: Uint8Array }>();

  constructor(settings: SecuritySettings, options: SecurityOptions, counters: MeterCounters) {
    this.#settings = settings;
    this.#options = options;
    this.#counters = counters;
  }

  get suite(): 0 | 1 | 2 {
    return this.#settings.suite;
  }

  /** What the configuration asks for, and what a client has activated. */
  get policy(): number {
    const activated = this.#secret(secretNames.policy(this.#settings.sap))?.[0] ?? 0;
    return this.#settings.policy.reduce((bits, word) => bits | (1 << policyBits[word]), activated);
  }

  get encryption(): Uint8Array | undefined {
    return this.#key("encryption");
  }

  get broadcast(): Uint8Array | undefined {
    return this.#key("broadcast");
  }

  get authentication(): Uint8Array | undefined {
    return this.#key("authentication");
  }

  get master(): Uint8Array | undefined {
    return this.#key("master");
  }

  get signing(): Uint8Array | undefined {
    return this.#key("signing");
  }

  get clientSigning(): Uint8Array | undefined {
    return this.#key("clientSigning");
  }

  get agreement(): Uint8Array | undefined {
    return this.#key("agreement");
  }

  get clientAgreement(): Uint8Array | undefined {
    return this.#key("clientAgreement");
  }

  /** A key of the suite: one of another length, which was set for another suite, is none. */
  #key(key: KeptKey): Uint8Array | undefined {
    const secret = this.#secret(secretNames[key](this.#settings.sap));
    return secret?.length === keyLength(key, this.#settings.suite) ? secret : undefined;
  }

  #secret(name: string): Uint8Array | undefined {
    const { secrets } = this.#options;
    const mark = secrets.mark(name);
    const opened = this.#opened.get(name);
    if (opened?.mark === mark) return opened.secret;
    this.#opened.delete(name);
    const secret = mark === "" ? undefined : secrets.secret(name);
    if (secret !== undefined) this.#opened.set(name, { mark, secret });
    return secret;
  }

  nextCounter(): number {
    return this.#counters.of(this.#settings.sap).next();
  }

  acceptCounter(key: "unicast" | "broadcast", counter: number, asks?: boolean): boolean {
    return this.#counters.of(this.#settings.sap).accept(key, counter, asks);
  }

  get received(): number {
    return this.#counters.of(this.#settings.sap).received("unicast") ?? 0;
  }

  setKey(key: SecretKey, value: Uint8Array, session: Session): Refused | undefined {
    const expected = keyLength(key, this.#settings.suite);
    if (value.length !== expected)
      return { refused: "invalid", words: [`${key}: ${value.length} bytes, where ${expected} were expected`] };
    return this.#keep(secretNames[key](this.#settings.sap), value, session);
  }

  forgetKey(key: SecretKey, session: Session): Refused | undefined {
    return this.#told({ command: "secret", name: secretNames[key](this.#settings.sap), value: null }, session);
  }

  get certificates(): readonly Uint8Array[] {
    const bytes = this.#secret(secretNames.certificates(this.#settings.sap));
    try {
      return bytes === undefined ? [] : certificatesIn(bytes);
    } catch (error) {
      // Somebody has set something else by the command.
      if (error instanceof WireError) return [];
      throw error;
    }
  }

  setCertificates(list: readonly Uint8Array[], session: Session): Refused | undefined {
    const name = secretNames.certificates(this.#settings.sap);
    if (list.length === 0) return this.#told({ command: "secret", name, value: null }, session);
    const out = new Writer();
    for (const der of list) out.bytes(der);
    return this.#keep(name, out.done(), session);
  }

  setPolicy(policy: number, session: Session): Refused | undefined {
    return this.#keep(secretNames.policy(this.#settings.sap), Uint8Array.of(policy), session);
  }

  /** Whose it is, it stays; what there was not is of who sets it. */
  #keep(name: string, value: Uint8Array, session: Session): Refused | undefined {
    const { secrets } = this.#options;
    const user = secrets.mark(name) === "" ? session.user : secrets.userOf(name);
    const told = { command: "secret", name, value: value.toHex(), encoding: "hex" } as const;
    return this.#told({ ...told, ...(user === undefined ? {} : { user }) }, session);
  }

  #told(command: MeterCommand, session: Session): Refused | undefined {
    const outcome = this.#options.obey(command, session);
    return isRefused(outcome) ? outcome : undefined;
  }
}

/** Bytes of a key in a suite; undefined of what the suite has not. */
function keyLength(key: KeptKey, suite: 0 | 1 | 2): number | undefined {
  const { keyLength: symmetric, curve } = suites[suite];
  const number = curve === undefined ? undefined : curve === "P-256" ? 32 : 48;
  switch (key) {
    case "signing":
    case "agreement":
      return number;
    case "clientSigning":
    case "clientAgreement":
      return number === undefined ? undefined : 2 * number;
    default:
      return symmetric;
  }
}

/** Names of what is no key. */
const others: ReadonlySet<string> = new Set(["high", "policy", "certificates"]);

/** Secrets of a client that are set and not used: of another length than its suite has; a line each. */
export function unusedSecrets({ sap, suite }: SecuritySettings, secrets: ProtocolSecrets): readonly string[] {
  const keys = Object.keys(secretNames).filter((key): key is KeptKey => !others.has(key));
  return keys.flatMap((key) => {
    const name = secretNames[key](sap);
    const length = secrets.secret(name)?.length;
    const expected = keyLength(key, suite);
    if (length === undefined || length === expected) return [];
    return `${name}: ${length} bytes, where suite ${suite} has ${expected === undefined ? "no such key" : `${expected}`}`;
  });
}
