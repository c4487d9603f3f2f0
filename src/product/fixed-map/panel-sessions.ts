/**
 * Who is let in at the panel of a meter without users: its setup password opens what the setup menu does, its reset password what the
 * reset menu does, and that only at the panel. Where registers are read and written at the panel, the setup password opens them.
 */
import type { MeterModel } from "#model/model.ts";
import type { MeterCommand, Peer, Proof, Refused, Session } from "#quantity/authority.ts";
import type { Command } from "#quantity/interfaces.ts";
import type { Setting } from "#quantity/setting.ts";

interface Menu {
  /** Where it is kept, or as the factory gave it. */
  readonly password: Setting | { readonly is: string };
  readonly does: readonly ("configure" | "word" | Command)[];
}

type Menus = ReadonlyMap<string, Menu>;

const menus: Menus = new Map([
  ["setup", { password: "setupPassword", does: ["configure"] }],
  ["reset", { password: "resetPassword", does: ["clearEnergy", "resetMaxDemand"] }],
]);

/** Undefined of a model whose panel asks for no password. */
export function panelSessionsOf(model: MeterModel, setting: (name: Setting) => number): PanelSessions | undefined {
  const { panelPassword, instrument } = model;
  if (panelPassword !== undefined)
    return new PanelSessions(new Map([["setup", { password: { is: panelPassword }, does: ["word"] }]]), setting);
  return instrument.settings.setupPassword === undefined ? undefined : new PanelSessions(menus, setting);
}

const DIGITS = 5;

export function isAtPanel({ port }: Peer): boolean {
  return port === "panel";
}

export class PanelSessions {
  readonly #menus: Menus;
  readonly #setting: (name: Setting) => number;
  /** Those who are in, with who waits for their end. */
  readonly #open = new Map<Session, Set<() => void>>();

  constructor(panelMenus: Menus, setting: (name: Setting) => number) {
    this.#menus = panelMenus;
    this.#setting = setting;
  }

  admit(proof: Proof, peer: Peer): Session | Refused {
    const menu = proof.kind === "password" ? this.#menus.get(proof.user) : undefined;
    if (proof.kind !== "password" || menu === undefined)
      return {
        refused: "session",
        words: [`expected one of ${[...this.#menus.keys()].join(", ")}, with its password`],
      };
    if (proof.password !== this.#password(menu)) return { refused: "session", words: ["wrong password"] };
    const session: Session = { peer, user: proof.user };
    this.#open.set(session, new Set());
    return session;
  }

  #password({ password }: Menu): string {
    return typeof password === "object" ? password.is : String(this.#setting(password)).padStart(DIGITS, "0");
  }

  leave(session: Session): void {
    const waiting = this.#open.get(session);
    this.#open.delete(session);
    for (const run of waiting ?? []) run();
  }

  whenOver(session: Session, run: () => void): () => void {
    const waiting = this.#open.get(session);
    if (waiting === undefined) {
      run();
      return () => {};
    }
    waiting.add(run);
    return () => void waiting.delete(run);
  }

  permits(command: MeterCommand["command"], session: Session): Refused | undefined {
    const { user = "" } = session;
    if (!this.#open.has(session)) return { refused: "session", words: ["at the panel a password comes first"] };
    const does: readonly string[] = this.#menus.get(user)?.does ?? [];
    return does.includes(command) ? undefined : { refused: "privilege", words: [`the ${user} menu has no ${command}`] };
  }

  /** Settings have become others: who came in with a password that is one no more is out, but for who changed it. */
  changed(settings: readonly Setting[], by: Session): void {
    for (const session of this.#open.keys()) {
      const password = this.#menus.get(session.user ?? "")?.password;
      if (session !== by && typeof password === "string" && settings.includes(password)) this.leave(session);
    }
  }
}
