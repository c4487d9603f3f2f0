/**
 * Who may do what: users with privileges, sessions that time out, a lockout after wrong passwords, and the two keys inside the
 * meter, which bar what could change what it bills whoever asks.
 */
import type { Hardware } from "./hardware.ts";

/** What the first key bars: all that could change measurements that are billed (section Security Keys). */
const sealed = [
  "configurePrimary",
  "configureRegisters",
  "configureLoadProfile",
  "configureLosses",
  "configureTou",
  "configureIo",
  "configureTriggers",
  "configureDemand",
  "configureCorrection",
  "firmware",
  "testMode",
  "coldStart",
] as const;

const open = [
  "configureIdentification",
  "configureCommunications",
  "configureProtocols",
  "configureDisplay",
  "configurePowerQuality",
  "configureMeasurementLog",
  "configureUsers",
  "setTime",
  "freeze",
  "billingReset",
  "preset",
  "batteryStatus",
  "readRegisters",
  "readLoadProfile",
  "readEvents",
  "readDiagnostics",
  "readAlarms",
  "readSecurity",
  "readPowerQuality",
  "readMeasurementLog",
  "configurationFile",
] as const;

export const privileges = [...sealed, ...open] as const;
export type Privilege = (typeof privileges)[number];

export interface User {
  readonly name: string;
  /** A hash; "factory" while it is the one that meters leave the factory with: the user's name. */
  readonly password: string;
  readonly privileges: readonly Privilege[];
}

/** How many wrong passwords lock a user out, for how long, and how long a session lasts in which nothing is done. */
export interface SecurityLimits {
  readonly attempts: number;
  readonly lockoutMinutes: number;
  readonly sessionMinutes: number;
}

export interface SecurityOptions {
  readonly users: () => readonly User[];
  readonly matches: (password: string, hash: string) => boolean;
  readonly token: () => string;
  /** Elapsed milliseconds that no setting of a clock moves. */
  readonly elapsed: () => number;
  readonly log: (what: string, by: string) => void;
  readonly hardware: Pick<Hardware, "keys" | "setKey">;
  readonly limits: () => SecurityLimits;
  /** Of a MID meter the keys are under seals. */
  readonly mid: boolean;
}

export type Refused = { readonly refused: string };

const MINUTE_MS = 60_000;

interface Session {
  readonly user: string;
  usedAt: number;
}

export class Security {
  readonly #options: SecurityOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #failures = new Map<string, { count: number; until: number }>();

  constructor(options: SecurityOptions) {
    this.#options = options;
  }

  get keys(): Hardware["keys"] {
    return this.#options.hardware.keys;
  }

  #isOver(usedAt: number, now: number): boolean {
    return now - usedAt >= this.#options.limits().sessionMinutes * MINUTE_MS;
  }

  /** Begins a session; `near` says that the peer is on this machine: factory passwords work from nowhere else. */
  login(name: string, password: string, near: boolean): { readonly token: string } | Refused {
    const { users, matches, elapsed, log } = this.#options;
    const { attempts, lockoutMinutes } = this.#options.limits();
    const now = elapsed();
    const failed = this.#failures.get(name);
    if (failed !== undefined && failed.count >= attempts && now < failed.until) {
      return { refused: `${name} is locked out for ${Math.ceil((failed.until - now) / 60_000)} minutes` };
    }
    const user = users().find((one) => one.name === name);
    const factory = user?.password === "factory";
    const right = user !== undefined && (factory ? near && password === user.name : matches(password, user.password));
    if (!right) {
      if (user === undefined) {
        // What is no user has nothing to lock out; remembering every name would let strangers fill the memory.
        log("unknown user", name.slice(0, 40));
        return { refused: "wrong user or password" };
      }
      const count = (failed === undefined || now >= failed.until ? 0 : failed.count) + 1;
      this.#failures.set(name, { count, until: now + lockoutMinutes * MINUTE_MS });
      log(count >= attempts ? "locked out" : "wrong password", name);
      if (factory && !near)
        return { refused: "the factory's password works only on the site's own machine; set another" };
      return { refused: "wrong user or password" };
    }
    this.#failures.delete(name);
    for (const [old, { usedAt }] of this.#sessions) if (this.#isOver(usedAt, now)) this.#sessions.delete(old);
    const token = this.#options.token();
    this.#sessions.set(token, { user: name, usedAt: now });
    log("logged in", name);
    return { token };
  }

  logout(token: string): void {
    const session = this.#sessions.get(token);
    if (session === undefined) return;
    this.#sessions.delete(token);
    this.#options.log("logged out", session.user);
  }

  /** The user of a session; undefined for one that has timed out or never was. */
  who(token: string): User | undefined {
    const session = this.#sessions.get(token);
    const now = this.#options.elapsed();
    if (session === undefined) return undefined;
    if (this.#isOver(session.usedAt, now)) {
      this.#sessions.delete(token);
      this.#options.log("timed out", session.user);
      return undefined;
    }
    session.usedAt = now;
    return this.#options.users().find((one) => one.name === session.user);
  }

  /** Why a user may not do something; undefined when nothing is in the way. */
  bars(user: User, wanted: readonly Privilege[]): string | undefined {
    const missing = wanted.find((one) => !user.privileges.includes(one));
    if (missing !== undefined) return `${user.name} has not the privilege ${missing}`;
    const barred = this.keys.metering
      ? wanted.find((one) => (sealed as readonly Privilege[]).includes(one))
      : undefined;
    return barred === undefined ? undefined : `the security key bars ${barred}`;
  }

  /** Installs or removes a key; false on a MID meter, whose seals are in the way. */
  setKey(key: "metering" | "reset", installed: boolean): boolean {
    if (this.#options.mid && !installed) return false;
    this.#options.hardware.setKey(key, installed);
    this.#options.log(`${key} key ${installed ? "installed" : "removed"}`, "hardware");
    return true;
  }
}
