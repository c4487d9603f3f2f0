/**
 * Who may do what to a JEMStar. Whoever asks, over whatever port, asks here: sessions of users, lockouts, privileges, both
 * keys, the directive's seals, power and test mode are looked at here and nowhere else.
 */
import { hashPasswordLater } from "#io/password.ts";
import {
  isRefused,
  type Outcome,
  type Peer,
  type Place,
  type Proof,
  type Refused,
  type Session,
} from "#quantity/authority.ts";
import { placeOf } from "#revenue/people/place.ts";
import type { User } from "#revenue/people/security.ts";
import type { SecurityLog } from "#revenue/people/security-log.ts";
import type { Sessions } from "#revenue/people/sessions.ts";
import { checkedBy } from "#product/schema-problems.ts";
import { Admission } from "./admission.ts";
import { elsewhere, ruleOf } from "./command-rules.ts";
import { jemstarCommand, nameOf, type JemStarCommand } from "./command-shapes.ts";
import { refused, type Commanded } from "./commanded.ts";
import { isScl } from "./configuration-sent.ts";
import {
  checkConfiguration,
  configure,
  isConfiguring,
  prepareConfiguration,
  tooMany,
  wantedBy,
  type Prepared,
} from "./configure.ts";
import { hinders, lacking, notLoggedIn, stranger, unkept, type Asker } from "./hindrances.ts";
import { obey } from "./obey.ts";
import { originOf } from "#product/origin.ts";
import { WorkedOut } from "./password-work.ts";
import { readingTakes } from "./reading.ts";

export class Authority {
  readonly #site: Commanded;
  readonly #admission: Admission;
  /** Configurations so far: who has read one has not read the next. */
  #epoch = 0;

  /** What was done beforehand, by command. */
  readonly #ready = new WeakMap<object, Prepared>();

  /** `elapsed` is people's time, however fast the site's goes. */
  constructor(site: Commanded, elapsed: () => number) {
    this.#site = site;
    this.#admission = new Admission(site, elapsed);
  }

  get log(): SecurityLog {
    return this.#admission.log;
  }

  /** Sessions of those who have been admitted. */
  get sessions(): Sessions {
    return this.#admission.sessions;
  }

  /** A session of somebody who shows nothing: what a protocol without users may do. */
  open(peer: Peer): Session {
    return { peer };
  }

  admit(proof: Proof, peer: Peer): Promise<Session | Refused> {
    return this.#admission.admit(proof, peer);
  }

  /** The session of a token; undefined of one that has ended. */
  resume(token: string, peer: Peer): Session | undefined {
    const user = this.sessions.user(token, peer);
    return user === undefined ? undefined : { peer, user, token };
  }

  leave({ token }: Session): void {
    if (token !== undefined) this.sessions.leave(token);
  }

  /** Another configuration counts than `before`, with other passwords of these users: sessions that stood on what was, end. */
  applied(before: readonly User[], passwords: readonly string[]): void {
    this.#epoch++;
    this.#admission.changed(before, passwords);
  }

  /** Who asks now: of what a session was, only its token counts. */
  #asker({ token, peer }: Session): Asker {
    const name = token === undefined ? undefined : this.sessions.user(token, peer);
    const user = this.#admission.userNamed(name);
    return { peer, user, origin: originOf(peer, user?.name) };
  }

  /**
   * Why something may not be read; undefined when it may. Whoever reads the configuration asks here first: that is in the
   * security log, once a reader and configuration. Who only asks whether he may reads nothing.
   */
  bars(place: Place, session: Session, only?: "asked"): Refused | undefined {
    const { user, origin } = this.#asker(session);
    const barred = this.#mayNotRead(place, { peer: session.peer, user });
    if (barred === undefined && place === "configuration" && only === undefined)
      this.#admission.log.note("Configuration Access", origin, { who: origin.by, of: String(this.#epoch) });
    return barred;
  }

  #mayNotRead(place: Place, { peer, user }: Pick<Asker, "peer" | "user">): Refused | undefined {
    // Whoever moves another's mark hides from him what he has not read.
    if (place === "marks" && !peer.near && user === undefined) return notLoggedIn();
    // The display is for whoever stands before the meter (section Display Navigation & Menus); who may see it from elsewhere is decided there.
    if (peer.protocol === "panel") return undefined;
    // Over SSH and FTP everybody has a name: what he may is what it may.
    const isNamed = peer.protocol === "sftp" || peer.protocol === "ftp";
    const takesSession = this.#site.file.security.readingTakesSession || isNamed;
    if (!takesSession) return undefined;
    return user === undefined ? notLoggedIn() : lacking(user, readingTakes(place));
  }

  /** What is in the way of a command, whatever belongs to it; undefined when nothing is. */
  permits(command: string, session: Session): Refused | undefined {
    const rule = ruleOf(command);
    return rule === undefined ? unsupported(command) : hinders(this.#site, command, rule, this.#asker(session));
  }

  /**
   * Does beforehand, beside the event loop, what would hold up everybody while a command is obeyed: reads a configuration, hashes
   * passwords. Changes nothing; `obey` is told the same command next. Only too much work at once is said here.
   */
  async prepare(command: unknown, session: Session): Promise<Refused | undefined> {
    const { data } = jemstarCommand.safeParse(command);
    const asker = this.#asker(session);
    if (typeof command !== "object" || command === null) return undefined;
    if (asker.user === undefined && (!isCheck(command) || isOfScl(command))) return undefined;
    const prepared = await this.#prepared(data, asker);
    if (prepared === undefined) return undefined;
    if ("refused" in prepared) return prepared;
    this.#ready.set(command, prepared);
    return undefined;
  }

  async #prepared(told: JemStarCommand | undefined, { user, peer }: Asker): Promise<Prepared | Refused | undefined> {
    const caller = { near: peer.near, place: placeOf(peer) };
    if (isConfiguring(told)) {
      const wanted = wantedBy(this.#site, told);
      return "refused" in wanted ? { given: wanted } : prepareConfiguration(this.#site, wanted, caller);
    }
    if (told?.command !== "password" || user === undefined) return undefined;
    const hash = await hashPasswordLater(told.password, caller);
    return hash === undefined ? tooMany() : { work: new WorkedOut(new Map([[user.name, hash]])) };
  }

  /** Does what is told, or says why not: whatever comes, of whatever shape. */
  obey(command: unknown, session: Session): Outcome {
    const site = this.#site;
    site.catchUp();
    const asker = this.#asker(session);
    const name = nameOf(command);
    const rule = ruleOf(name);
    const checks = (name === "configure" || name === "undoConfiguration") && isCheck(command);
    const hindrance = checks
      ? (this.#mayNotRead("configuration", asker) ?? (isOfScl(command) ? notLoggedInYet(asker) : undefined))
      : rule === undefined
        ? this.#unknown(name, asker)
        : hinders(site, name, rule, asker);
    if (hindrance !== undefined) return hindrance;
    const checked = checkedBy(jemstarCommand, command);
    if (checked.problems !== undefined) return refused("invalid", ...checked.problems);
    const data = checked.value;
    const prepared = typeof command === "object" && command !== null ? this.#ready.get(command) : undefined;
    const lost = isCheck(command) ? undefined : unkept(site);
    if (lost !== undefined) return lost;
    if (isConfiguring(data)) {
      const wanted = wantedBy(site, data);
      if ("refused" in wanted) return wanted;
      return checks ? checkConfiguration(site, wanted, prepared) : configure(site, wanted, asker, prepared);
    }
    const outcome = obey(site, data, asker, prepared?.work);
    if (data.command === "secret" && data.value === null && !isRefused(outcome)) this.#admission.forgotten(data.name);
    return outcome;
  }

  /** What this meter has not. */
  #unknown(name: string, { user, peer }: Asker): Refused | undefined {
    const nobody = user === undefined ? stranger(this.#site, name, peer, "hardware") : undefined;
    return nobody ?? (elsewhere.has(name) ? unsupported(name) : undefined);
  }
}

function isCheck(command: unknown): boolean {
  return typeof command === "object" && command !== null && "check" in command && command.check === true;
}

/** Reading XML takes ten times as long as what else there is: nobody has it done who is nobody. */
function isOfScl(command: unknown): boolean {
  if (typeof command !== "object" || command === null || !("configuration" in command)) return false;
  return typeof command.configuration === "string" && isScl(command.configuration);
}

function notLoggedInYet({ user }: Asker): Refused | undefined {
  return user === undefined ? notLoggedIn() : undefined;
}

function unsupported(command: string): Refused {
  return refused("unsupported", `this meter has no ${command}`);
}
