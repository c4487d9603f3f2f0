/**
 * The application layer of an outstation (IEEE 1815 clauses 4 and 5): fragments of masters in, answers out. Masters are told apart by their
 * address and the place from which they come.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import { controlOf } from "#protocol/dnp3/application/fragment.ts";
import { functions, isResponse } from "#protocol/dnp3/application/functions.ts";
import type { Broadcast, FragmentServer, MasterLine } from "#protocol/dnp3/link/master-line.ts";
import { Association } from "./association.ts";
import { DnpProcess } from "./dnp-process.ts";
import type { DnpHost } from "./host.ts";

/** Masters whose events are kept; of more the one that has been gone longest is forgotten. */
const MOST_MASTERS = 16;

export interface OutstationOptions {
  readonly clock: Clock;
  /** The port that masters come by: those of another are others. */
  readonly port: string;
  /** Masters that are answered at once: one more is not heard before another has gone. As many as are known unless said. */
  readonly masters?: number | undefined;
}

export interface Outstation extends FragmentServer {
  /** Nobody is answered any more. */
  close(): void;
}

export function outstation(host: DnpHost, options: OutstationOptions): Outstation {
  return new DnpOutstation(host, options);
}

class DnpOutstation implements Outstation {
  readonly #host: DnpHost;
  readonly #options: OutstationOptions;
  readonly #associations = new Map<string, Association>();
  /** Who comes by a line. */
  #byLine = new WeakMap<MasterLine, Association>();
  #process: DnpProcess;
  #cancel: Cancel = () => {};
  #closed = false;

  constructor(host: DnpHost, options: OutstationOptions) {
    this.#host = host;
    this.#options = options;
    this.#process = this.#begun();
  }

  #begun(): DnpProcess {
    return new DnpProcess(this.#host, this.#options.clock, () => this.#associations.values());
  }

  take(fragment: Uint8Array, from: MasterLine, broadcast?: Broadcast): void {
    if (this.#closed || fragment.length < 2 || !this.#host.answers()) return;
    this.#renew();
    const { master } = this.#process.settings;
    if (master !== undefined && master !== from.master) return;
    const [octet = 0, code = 0] = fragment;
    if (isResponse(code)) return;
    const control = controlOf(octet);
    if (code === functions.confirm) {
      if (broadcast === undefined) this.#byLine.get(from)?.confirm(from, control.sequence, control.unsolicited);
      return;
    }
    if (!control.first || !control.last || control.confirm || control.unsolicited) return;
    const association = this.#associationOf(from);
    if (association === undefined) return;
    if (this.#process.look()) this.#looked(association);
    if (broadcast === undefined) association.request(fragment);
    else association.everybody(fragment, broadcast);
  }

  ended(line: MasterLine): void {
    this.#byLine.get(line)?.endedBy(line);
    this.#byLine.delete(line);
  }

  close(): void {
    this.#closed = true;
    this.#forgetAll();
  }

  /** With other settings the process begins anew, and knows nobody. */
  #renew(): void {
    if (this.#host.epoch === this.#process.epoch) return;
    this.#forgetAll();
    this.#process = this.#begun();
  }

  #forgetAll(): void {
    this.#cancel();
    this.#cancel = () => {};
    for (const association of this.#associations.values()) association.ended();
    this.#associations.clear();
    this.#byLine = new WeakMap();
  }

  /** Undefined while there is no room for it. */
  #associationOf(line: MasterLine): Association | undefined {
    const known = this.#byLine.get(line);
    const association = known?.isKept === true ? known : this.#find(line);
    if (association === undefined || (!association.isHere && !this.#hasRoom)) return undefined;
    this.#byLine.set(line, association);
    association.heardAt = this.#options.clock.elapsed();
    association.comesBy(line);
    return association;
  }

  get #hasRoom(): boolean {
    let here = 0;
    for (const { isHere } of this.#associations.values()) if (isHere) here++;
    return here < Math.min(this.#options.masters ?? MOST_MASTERS, MOST_MASTERS);
  }

  #find(line: MasterLine): Association | undefined {
    // Who may do nothing is not taken for another of its address: it does not end what goes on with that one.
    const key = `${line.place} ${line.master}${line.rights === "none" ? " nobody" : ""}`;
    return this.#associations.get(key) ?? (this.#hasRoom ? this.#made(line, key) : undefined);
  }

  #made(line: MasterLine, key: string): Association {
    const isOneTooMany = this.#associations.size >= MOST_MASTERS;
    if (isOneTooMany) this.#forgetSilent();
    // What has changed before anybody was there waits for nobody.
    if (this.#associations.size === 0) this.#process.lookNow();
    const reader = `dnp3 ${this.#options.port} ${key}`;
    // Of a crowd nobody's place is kept before he has confirmed something.
    const association = new Association(this.#process, line, { reader, begins: !isOneTooMany });
    this.#associations.set(key, association);
    if (this.#associations.size === 1) this.#watch();
    return association;
  }

  /** Of those who are gone. */
  #forgetSilent(): void {
    let silent: readonly [string, Association] | undefined;
    for (const entry of this.#associations)
      if (!entry[1].isHere && (silent === undefined || entry[1].heardAt < silent[1].heardAt)) silent = entry;
    if (silent === undefined) return;
    this.#associations.delete(silent[0]);
    silent[1].forget();
  }

  /**
   * Between requests it is looked for what changes, and for what is to be said unasked, for as long as the meter runs. Freezes alone keep until
   * somebody asks.
   */
  #watch(): void {
    const { looksForChanges, settings } = this.#process;
    if (!looksForChanges && settings.unsolicited === undefined) return;
    this.#cancel();
    this.#cancel = this.#host.changed(() => {
      this.#renew();
      if (this.#associations.size > 0 && this.#process.look()) this.#looked();
    });
  }

  /** Who is asking is answered first. */
  #looked(asking?: Association): void {
    if (!this.#host.answers()) return;
    for (const association of this.#associations.values())
      if (association !== asking) association.unsolicited?.looked();
  }
}
