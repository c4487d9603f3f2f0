/**
 * The MMS server of an IED (IEC 61850-8-1): takes associations, and answers for the meter behind them. With another configuration of the meter
 * all that was agreed on is void: its associations end.
 */
import type { Clock } from "#clock/clock.ts";
import { WireError } from "#wire/cursor.ts";
import type {
  Association,
  AssociationAnswer,
  AssociationRequest,
  AssociationUser,
} from "#protocol/iec61850/osi/association.ts";
import { pduBytes } from "#protocol/iec61850/mms/pdu.ts";
import { Conversation } from "./conversation.ts";
import type { IedClient, IedHost, IedSession } from "./host.ts";
import { negotiate, type Agreed } from "./negotiation.ts";
import { Shown, type MakePart } from "./shown.ts";

export interface MmsServerOptions {
  readonly clock: Clock;
  /** What it has besides the meter's data: report control blocks, controls. */
  readonly parts?: readonly MakePart[] | undefined;
}

/** One link: whoever carries associations asks it whether to accept one, and gives it what comes over it. */
export interface MmsLine {
  accept(request: AssociationRequest): AssociationAnswer | Promise<AssociationAnswer>;
  /** Of an association that was accepted. */
  user(association: Association): AssociationUser;
}

export interface MmsServer {
  /** `refused` hears, in words, why the meter does not let the client in. */
  line(from: Omit<IedClient, "password">, refused?: (why: string) => void): MmsLine;
  close(): void;
}

class Server implements MmsServer {
  readonly #host: IedHost;
  readonly #clock: Clock;
  readonly #makers: readonly MakePart[];
  readonly #conversations = new Set<Conversation>();
  /** Undefined while nobody is there and no part needs to know: a meter that nobody asks makes nothing. */
  #stop: (() => void) | undefined;
  #shown: Shown;
  #number = 0;
  #isChanging = false;

  constructor(host: IedHost, { clock, parts = [] }: MmsServerOptions) {
    this.#host = host;
    this.#clock = clock;
    this.#makers = parts;
    this.#shown = new Shown(host, clock, parts);
    if (parts.length > 0) this.#listen();
  }

  line(from: Omit<IedClient, "password">, refused: (why: string) => void = () => {}): MmsLine {
    let taken: { readonly session: IedSession; readonly agreed: Agreed; readonly shown: Shown } | undefined;
    return {
      accept: async (request) => {
        const shown = this.#now();
        const { password } = request;
        if (!this.#host.answers()) return { accepted: false, result: "transient", diagnostic: "noReason" };
        const agreed = agreedOn(request.initiate, this.#host);
        if ("accepted" in agreed) return agreed;
        const session = await this.#host.admit({ ...from, ...(password === undefined ? {} : { password }) });
        if (typeof session === "string") {
          refused(session);
          const diagnostic = password === undefined ? "authenticationRequired" : "authenticationFailure";
          return { accepted: false, result: "permanent", diagnostic };
        }
        taken = { session, agreed, shown };
        return { accepted: true, initiate: agreed.response };
      },
      user: (association) => {
        if (taken === undefined) throw new Error("an association that was not accepted");
        const { session, agreed, shown } = taken;
        taken = undefined;
        return this.#converse(association, session, agreed, shown);
      },
    };
  }

  close(): void {
    this.#stop?.();
    this.#endAll();
    this.#shown.close();
  }

  #converse(association: Association, session: IedSession, agreed: Agreed, shown: Shown): Conversation {
    const conversation: Conversation = new Conversation(
      {
        number: ++this.#number,
        host: this.#host,
        clock: this.#clock,
        session,
        agreed,
        shown: () => (this.#now() === shown ? shown : undefined),
        left: () => {
          this.#conversations.delete(conversation);
          // Of another configuration nothing is left to be freed.
          if (shown === this.#shown) shown.left(conversation);
          if (this.#conversations.size === 0) this.#rest();
        },
      },
      association,
    );
    this.#conversations.add(conversation);
    this.#listen();
    return conversation;
  }

  #listen(): void {
    this.#stop ??= this.#host.changed(() => void this.#now());
  }

  /** Nobody is there any more. */
  #rest(): void {
    this.#shown.rest();
    if (this.#makers.length > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  /** What the meter shows now. Whatever ends, or begins, with another model may have the meter say that something has changed. */
  #now(): Shown {
    if (this.#isChanging || this.#shown.epoch === this.#host.epoch) return this.#shown;
    this.#isChanging = true;
    try {
      for (const conversation of Array.from(this.#conversations)) conversation.part();
      this.#shown.close();
      this.#shown = new Shown(this.#host, this.#clock, this.#makers);
    } finally {
      this.#isChanging = false;
    }
    return this.#shown;
  }

  #endAll(): void {
    for (const conversation of Array.from(this.#conversations)) {
      conversation.abort();
      conversation.over();
    }
  }
}

/** What is agreed on, or why there is no association. */
function agreedOn(initiate: Uint8Array, { settings }: IedHost): Agreed | AssociationAnswer {
  try {
    const agreed = negotiate(initiate, settings);
    if (!("class" in agreed)) return agreed;
    const error = pduBytes({ kind: "initiateError", error: agreed });
    return { accepted: false, result: "permanent", diagnostic: "noReason", initiate: error };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { accepted: false, result: "permanent", diagnostic: "noReason" };
  }
}

export function mmsServer(host: IedHost, options: MmsServerOptions): MmsServer {
  return new Server(host, options);
}
