/** Who is let in: passwords and keys, lockouts after wrong ones, sessions, and what the security log has of all that. */
import { checkPassword, randomToken } from "#io/password.ts";
import type { Peer, Proof, Refused, Session } from "#quantity/authority.ts";
import { Lockouts } from "#revenue/people/lockouts.ts";
import { placeOf } from "#revenue/people/place.ts";
import type { User } from "#revenue/people/security.ts";
import { A_DAY, SecurityLog } from "#revenue/people/security-log.ts";
import { Sessions } from "#revenue/people/sessions.ts";
import { refused, type Commanded } from "./commanded.ts";
import { sessionMinutesOn } from "./communications.ts";
import { barredAtPanel } from "./hindrances.ts";
import { originOf } from "#product/origin.ts";

type OfKind<K extends Proof["kind"]> = Extract<Proof, { readonly kind: K }>;

export class Admission {
  readonly sessions: Sessions;
  readonly log: SecurityLog;
  readonly #site: Commanded;
  readonly #lockouts: Lockouts;

  /** `elapsed` is people's time, however fast the site's goes. */
  constructor(site: Commanded, elapsed: () => number) {
    this.#site = site;
    const limits = (): Commanded["file"]["security"] => site.file.security;
    this.log = new SecurityLog({
      elapsed,
      entries: () => {
        const { log } = site.meter;
        return {
          first: log.of("security").first,
          add: (what, origin) => log.add("security", what, origin),
          again: (sequence, what, origin) => log.again("security", sequence, what, origin),
          find: (what, by) => log.find("security", what, by),
        };
      },
    });
    this.#lockouts = new Lockouts(elapsed, limits);
    this.sessions = new Sessions({
      token: randomToken,
      elapsed,
      limits,
      minutes: ({ protocol, port }) =>
        protocol === "panel"
          ? site.file.display.userMenuSeconds / 60
          : sessionMinutesOn(site.file.communications, port),
      ended: ({ peer, user = "" }, why) => this.log.note(why, originOf(peer, user), { who: user, aDay: A_DAY }),
    });
  }

  userNamed(name: string | undefined): User | undefined {
    return this.#site.file.users.find((one) => one.name === name);
  }

  async admit(proof: Proof, peer: Peer): Promise<Session | Refused> {
    const barred = barredAtPanel(this.#site, peer);
    if (barred !== undefined) return barred;
    const name = proof.kind === "password" ? proof.user : proof.name;
    const before = this.#lockedOut(name, peer);
    if (before !== undefined) return before;
    const right = proof.kind === "password" ? await this.#isPassword(proof, peer) : this.#isKey(proof);
    if (right === undefined) return refused("lockout", "too many log in at once; try again");
    // Others may have guessed meanwhile: what they have locked is locked, whatever this one had.
    const meanwhile = this.#lockedOut(name, peer);
    if (meanwhile !== undefined) return meanwhile;
    if (!right) return this.#wrong(proof, peer);
    this.#lockouts.right(name, peer);
    const user = proof.kind === "password" ? name : this.#site.secrets.userOf(name);
    this.log.note("logged in", originOf(peer, user ?? name), { who: user ?? name, aDay: A_DAY });
    // The key of the meter itself is nobody's.
    if (user === undefined) return { peer };
    if (proof.kind === "key") return this.sessions.begin(user, peer, { shown: name });
    return this.sessions.begin(user, peer, { nearOnly: this.#hashOf(user) === undefined });
  }

  #hashOf(name: string): string | undefined {
    return this.#site.passwords.hashOf(name);
  }

  #lockedOut(name: string, peer: Peer): Refused | undefined {
    const minutes = this.#lockouts.minutes(name, peer);
    return minutes === undefined ? undefined : refused("lockout", `${name} is locked out for ${minutes} minutes`);
  }

  /** Takes as long whoever it is; undefined when too many ask. The factory's works on the site's own machine only. */
  async #isPassword({ user, password }: OfKind<"password">, peer: Peer): Promise<boolean | undefined> {
    const hash = this.#hashOf(user);
    const matches = await checkPassword(password, hash, { near: peer.near, place: placeOf(peer) });
    if (matches === undefined) return undefined;
    // Who has another password meanwhile has not been shown it.
    if (this.userNamed(user) === undefined || this.#hashOf(user) !== hash) return false;
    return hash === undefined ? peer.near && password === user : matches;
  }

  #isKey({ name, check }: OfKind<"key">): boolean {
    const { secrets } = this.#site;
    const user = secrets.userOf(name);
    const secret = secrets.secret(name);
    return secret !== undefined && check(secret) && (user === undefined || this.userNamed(user) !== undefined);
  }

  #wrong(proof: Proof, peer: Peer): Refused {
    const name = proof.kind === "password" ? proof.user : proof.name;
    const isKnown = proof.kind === "password" ? this.userNamed(name) !== undefined : this.#site.secrets.has(name);
    const locks = this.#lockouts.wrong(name, peer, isKnown);
    const what = isKnown ? (locks ? "locked out" : `wrong ${proof.kind}`) : "unknown user";
    // Names that are none are all the same: there are more of them than a log has room for.
    this.log.note(what, originOf(peer, name), { who: isKnown ? name : undefined });
    // Said of every name that came with itself as its password, a user's or not.
    if (proof.kind === "password" && !peer.near && proof.password === name)
      return refused("session", "the factory's password works only on the site's own machine; set another");
    return refused("session", `wrong user or ${proof.kind}`);
  }

  /** Sessions end of those who have shown a secret that is forgotten, or one that goes with it: "dlms.1.authentication" with "dlms.1.encryption". */
  forgotten(secret: string): void {
    const family = (name: string): string => name.slice(0, name.lastIndexOf("."));
    this.sessions.endOfSecret((name) => name === secret || (secret.includes(".") && family(name) === family(secret)));
  }

  /** Sessions end of those who are not who they were, may do otherwise, or have another password. */
  changed(before: readonly User[], passwords: readonly string[]): void {
    const isSame = ({ name, privileges }: User): boolean => {
      const now = this.userNamed(name)?.privileges;
      return now?.length === privileges.length && privileges.every((one) => now.includes(one));
    };
    const stay = new Set(before.filter(isSame).map(({ name }) => name));
    this.sessions.endOf((name) => !stay.has(name) || passwords.includes(name));
  }
}
