/**
 * Who is called: associations on a link, from the connection request to the end (RFC 1006; X.225, X.226 and X.227 in that order). A link has one
 * association; what is half-open does not stay.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { limits } from "#quantity/limits.ts";
import { BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import { associateApdu, results, writeAssociated, type Diagnostic } from "./acse.ts";
import type { Association, AssociationAnswer, AssociationRequest, AssociationUser } from "./association.ts";
import { closeSoon, Established, type AssociationContexts, type Layer } from "./established.ts";
import {
  connectPpdu,
  providerReasons,
  syntaxes,
  writeAccept,
  writeRefuse,
  writeValue,
  type ConnectPpdu,
  type ContextResult,
  type OfferedContext,
} from "./ppdu.ts";
import { abortBits, abortSpdu, acceptSpdu, refuseReasons, refuseSpdu, spduOf, type Connect } from "./spdu.ts";
import { Transport } from "./transport.ts";

export interface AcceptOptions {
  readonly clock: Clock;
  /** Whether a client may associate: asked once. While it is not known nothing more of the link is read. */
  accept(request: AssociationRequest): AssociationAnswer | Promise<AssociationAnswer>;
  /** Runs when an association is there, after `accept` has said yes; where the link has gone meanwhile the user is told at once that it is over. */
  user(association: Association): AssociationUser;
  /** Whether anything that comes is heard now; always unless said. While it is not the link stays, and nothing is said on it. */
  readonly answers?: (() => boolean) | undefined;
  /** Is told of what is no message of these layers. */
  readonly misunderstood?: (() => void) | undefined;
}

/** What is known of a peer that wants an association. */
interface Asked {
  readonly connect: Connect;
  readonly presentation: ConnectPpdu;
  readonly results: readonly ContextResult[];
  readonly contexts: AssociationContexts;
}

const NOTHING: Uint8Array = new Uint8Array(0);

/** Of a context that is offered: there are two syntaxes, and one encoding. */
function resultOf({ abstractSyntax, transferSyntaxes }: OfferedContext): ContextResult {
  if (abstractSyntax !== syntaxes.acse && abstractSyntax !== syntaxes.mms) return "noSuchSyntax";
  return transferSyntaxes.includes(syntaxes.ber) ? "accepted" : "noSuchEncoding";
}

class Accepting {
  readonly #link: Link;
  readonly #options: AcceptOptions;
  readonly #transport: Transport;
  #tooLate: Cancel;
  #layer: Layer = "transport";
  #stage: "transport" | "connect" | "asking" | "associated" | "over" = "transport";
  #calledTransport = NOTHING;
  #asked: Asked | undefined;
  #association: Established | undefined;

  constructor(link: Link, options: AcceptOptions) {
    this.#link = link;
    this.#options = options;
    this.#tooLate = options.clock.after(limits.osi.connectMs, () => link.close());
    link.closed(() => this.#lost());
    this.#transport = new Transport(link, {
      ...(options.answers === undefined ? {} : { hears: options.answers }),
      opened: (called) => this.#opened(called),
      received: (bytes, from, to) => this.#received(bytes, from, to),
      refused: () => {
        this.#lost();
        link.close();
      },
      failed: () => this.#failed(),
    });
  }

  #opened(called: Uint8Array): void {
    this.#calledTransport = called;
    this.#stage = "connect";
    this.#tooLate();
    this.#tooLate = this.#options.clock.after(limits.osi.associateMs, () => this.#end());
  }

  #received(bytes: Uint8Array, from: number, to: number): void {
    if (this.#association !== undefined) return this.#association.received(bytes, from, to);
    if (this.#stage !== "connect") return;
    this.#layer = "session";
    const spdu = spduOf(bytes, from, to);
    if (spdu.kind === "abort") return this.#end();
    if (spdu.kind !== "connect") throw new WireError(`an SPDU ${spdu.kind} before a connection`, from);
    if (spdu.version === undefined) return this.#refuse(refuseReasons.versions);
    if (!spdu.isDuplex) return this.#refuse(refuseReasons.notSpecified);
    this.#present(spdu);
  }

  #present(connect: Connect): void {
    this.#layer = "presentation";
    const presentation = connectPpdu(connect.userData);
    const { contexts: offered, values } = presentation;
    const results = offered.map(resultOf);
    const idOf = (syntax: string): number | undefined =>
      offered.find(({ abstractSyntax }, k) => abstractSyntax === syntax && results[k] === "accepted")?.id;
    const [acse, mms] = [idOf(syntaxes.acse), idOf(syntaxes.mms)];
    const value = values.find(({ context }) => context === acse);
    if (acse === undefined || mms === undefined || value === undefined)
      return this.#refusePresentation(results, providerReasons.notSpecified);
    this.#asked = { connect, presentation, results, contexts: { acse, mms } };
    this.#layer = "acse";
    this.#associate(this.#asked, value.content);
  }

  #associate(asked: Asked, content: Uint8Array): void {
    const { called, calling, password, isOtherwise, isMms, isFirst, user } = associateApdu(content);
    if (!isFirst) return this.#reject("permanent", "noCommonVersion");
    if (!isMms) return this.#reject("permanent", "contextNotSupported");
    if (isOtherwise) return this.#reject("permanent", "authenticationMechanismNotRecognised");
    if (user === undefined) return this.#reject("permanent", "noReason");
    const { connect, presentation } = asked;
    const request: AssociationRequest = {
      called,
      calling,
      selectors: {
        transport: this.#calledTransport,
        session: connect.called ?? NOTHING,
        presentation: presentation.called ?? NOTHING,
      },
      password,
      initiate: user.slice(),
    };
    this.#stage = "asking";
    const answer = this.#options.accept(request);
    if (!(answer instanceof Promise)) return this.#answer(asked, answer);
    this.#transport.pause();
    void answer.then((answered) => {
      this.#answer(asked, answered);
      if (this.#stage === "associated") this.#transport.resume();
    });
  }

  #answer(asked: Asked, answer: AssociationAnswer): void {
    if (!answer.accepted) {
      if (this.#stage === "asking") this.#reject(answer.result, answer.diagnostic, answer.initiate);
      return;
    }
    const { clock, user } = this.#options;
    const { connect, presentation, results: contexts } = asked;
    const association = new Established(this.#link, clock, this.#transport, asked.contexts);
    if (this.#stage !== "asking") return user(association).over("lost");
    this.#tooLate();
    this.#stage = "associated";
    this.#association = association;
    const out = new BerWriter().raw(answer.initiate);
    writeAssociated(out, 0, asked.contexts.mms, { result: results.accepted, diagnostic: "none" });
    writeAccept(writeValue(out, 0, asked.contexts.acse), 0, contexts, presentation.called);
    this.#transport.send(acceptSpdu(connect, out.done()));
    association.begin(user(association));
  }

  /** The link is gone, or its peer's transport layer. */
  #lost(): void {
    this.#tooLate();
    this.#stage = "over";
    this.#transport.end();
    this.#association?.lost();
  }

  /** The one place where what makes no sense ends up: each layer says it in its own way. */
  #failed(): void {
    this.#options.misunderstood?.();
    if (this.#association !== undefined) return this.#association.failed();
    if (this.#stage === "transport") return this.#end();
    if (this.#layer === "acse") this.#reject("permanent", "providerNoReason");
    else if (this.#layer === "presentation") this.#refusePresentation([], providerReasons.userDataNotReadable);
    else {
      if (this.#layer === "session") this.#transport.send(abortSpdu(abortBits.protocol));
      this.#end();
    }
  }

  #refuse(reason: number, userData: Uint8Array = NOTHING): void {
    this.#transport.send(refuseSpdu(reason, userData));
    this.#end();
  }

  #refusePresentation(results: readonly ContextResult[], reason: number): void {
    const out = new BerWriter();
    this.#refuse(refuseReasons.user, writeRefuse(out, 0, results, reason).done());
  }

  #reject(
    result: "permanent" | "transient",
    diagnostic: Diagnostic | "noCommonVersion" | "providerNoReason",
    initiate: Uint8Array = NOTHING,
  ): void {
    if (this.#asked === undefined) return this.#end();
    const { contexts, results: accepted } = this.#asked;
    const out = new BerWriter().raw(initiate);
    writeAssociated(out, 0, contexts.mms, { result: results[result], diagnostic });
    writeRefuse(writeValue(out, 0, contexts.acse), 0, accepted, undefined);
    this.#refuse(refuseReasons.user, out.done());
  }

  #end(): void {
    this.#tooLate();
    this.#stage = "over";
    this.#transport.end();
    this.#link.resume();
    closeSoon(this.#link, this.#options.clock);
  }
}

/** Serves the association of a link that carries nothing else. */
export function acceptAssociations(link: Link, options: AcceptOptions): void {
  // It lives as long as the link does.
  void new Accepting(link, options);
}
