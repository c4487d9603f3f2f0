/** Who calls: makes an association on a link, layer by layer (RFC 1006; X.225, X.226, X.227). */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import {
  associatedApdu,
  diagnosticOf,
  results,
  writeAssociate,
  type AssociatedApdu,
  type ToAssociate,
} from "./acse.ts";
import type { Association, AssociationUser, Selectors } from "./association.ts";
import { Established } from "./established.ts";
import { answerPpdu, syntaxes, writeConnect, writeValue, type AnswerPpdu } from "./ppdu.ts";
import { connectSpdu, spduOf } from "./spdu.ts";
import { Transport } from "./transport.ts";

export interface AssociateOptions extends ToAssociate {
  readonly clock: Clock;
  /** Within which the association is there. */
  readonly timeoutMs: number;
  readonly selectors: Selectors;
  /** One's own. */
  readonly callingSelectors: Selectors;
  /** Octets of the longest TPDU that is asked for: a power of two, 128 to 8192. */
  readonly tpduSize?: number;
  /** The MMS PDU that goes with it: an initiate request. */
  readonly initiate: Uint8Array;
  /** Runs when the association is there, with the MMS PDU of the answer, before anything else comes on it. */
  user(association: Association, initiate: Uint8Array): AssociationUser;
}

/** What clients use where nobody says otherwise. */
export const usual: Pick<AssociateOptions, "called" | "calling" | "selectors" | "callingSelectors"> = {
  called: { apTitle: "1.1.1.999.1", aeQualifier: 12 },
  calling: { apTitle: "1.1.1.999", aeQualifier: 12 },
  selectors: {
    transport: Uint8Array.of(0, 1),
    session: Uint8Array.of(0, 1),
    presentation: Uint8Array.of(0, 0, 0, 1),
  },
  callingSelectors: {
    transport: Uint8Array.of(0, 1),
    session: Uint8Array.of(0, 1),
    presentation: Uint8Array.of(0, 0, 0, 1),
  },
};

/** How an association is not had: who is called says no, ends the connection without a word, says nothing in time, or what is not MMS. */
export type Refusing = "refused" | "lost" | "silent" | "nonsense";

/** The peer does not want an association, or not this one. */
export class AssociationRefused extends Error {
  readonly how: Refusing;
  /** The MMS PDU that came with it, where one did: an initiate error. */
  readonly initiate: Uint8Array | undefined;

  constructor(message: string, how: Refusing, initiate?: Uint8Array) {
    super(message);
    this.name = "AssociationRefused";
    this.how = how;
    this.initiate = initiate;
  }
}

const TPDU_SIZE = 8192;
/** Numbers of the contexts that are offered, odd ones as a caller's are (X.226, 6.2.2.2). */
const contexts = { acse: 1, mms: 3 } as const;

/** Why it is refused, of who says so, in words. */
function refusalOf({ result, diagnostic }: AssociatedApdu): string {
  const how = result === results.transient ? "for now" : "for good";
  if (diagnostic === undefined) return `it refuses the association ${how}`;
  const { by, code } = diagnostic;
  const word = by === "user" ? diagnosticOf(code) : undefined;
  return `it refuses the association ${how}: ${word ?? `${by}'s diagnostic ${code}`}`;
}

class Calling {
  readonly #link: Link;
  readonly #options: AssociateOptions;
  readonly #transport: Transport;
  readonly #done: (association: Association) => void;
  readonly #failed: (error: Error) => void;
  readonly #tooLate: Cancel;
  #association: Established | undefined;
  #isOver = false;

  constructor(
    link: Link,
    options: AssociateOptions,
    done: (association: Association) => void,
    failed: (error: Error) => void,
  ) {
    const { clock, timeoutMs, selectors, callingSelectors, tpduSize = TPDU_SIZE } = options;
    this.#link = link;
    this.#options = options;
    this.#done = done;
    this.#failed = failed;
    this.#tooLate = clock.after(timeoutMs, () => this.#end(`no association within ${timeoutMs} ms`, "silent"));
    link.closed((fault) => this.#lost(fault));
    this.#transport = new Transport(link, {
      opened: () => this.#connect(),
      received: (bytes, from, to) => this.#received(bytes, from, to),
      refused: (words) => this.#refused(words),
      failed: (error) => this.#misunderstood(error),
    });
    this.#transport.call(selectors.transport, callingSelectors.transport, tpduSize);
  }

  #connect(): void {
    const { selectors, callingSelectors, initiate } = this.#options;
    const offered = [
      { id: contexts.acse, abstractSyntax: syntaxes.acse, transferSyntaxes: [syntaxes.ber] },
      { id: contexts.mms, abstractSyntax: syntaxes.mms, transferSyntaxes: [syntaxes.ber] },
    ];
    const out = new BerWriter().raw(initiate);
    writeValue(writeAssociate(out, 0, contexts.mms, this.#options), 0, contexts.acse);
    writeConnect(out, 0, {
      calling: callingSelectors.presentation,
      called: selectors.presentation,
      contexts: offered,
    });
    this.#transport.send(connectSpdu(callingSelectors.session, selectors.session, out.done()));
  }

  #received(bytes: Uint8Array, from: number, to: number): void {
    if (this.#association !== undefined) return this.#association.received(bytes, from, to);
    const spdu = spduOf(bytes, from, to);
    switch (spdu.kind) {
      case "accept":
        return this.#accepted(answerPpdu(spdu.userData));
      case "refuse": {
        const why = spdu.reason === undefined ? "" : `, reason ${spdu.reason}`;
        if (spdu.userData.length === 0) return this.#end(`its session layer refuses the connection${why}`, "refused");
        const answer = answerPpdu(spdu.userData);
        const apdu = this.#apduOf(answer);
        if (apdu === undefined) return this.#end("its presentation layer refuses the connection", "refused");
        return this.#end(refusalOf(apdu), "refused", apdu.user?.slice());
      }
      case "abort":
        return this.#end("it aborts the association", "refused");
      default:
        throw new WireError(`an SPDU ${spdu.kind} in answer to a connection`, from);
    }
  }

  #apduOf({ values }: AnswerPpdu): AssociatedApdu | undefined {
    const value = values.find(({ context }) => context === contexts.acse);
    return value && associatedApdu(value.content);
  }

  #accepted(answer: AnswerPpdu): void {
    const apdu = this.#apduOf(answer);
    if (apdu !== undefined && apdu.result !== results.accepted)
      return this.#end(refusalOf(apdu), "refused", apdu.user?.slice());
    if (!answer.accepted.every((one) => one))
      return this.#end("it does not accept the contexts of MMS and ACSE", "nonsense");
    if (apdu?.user === undefined) throw new WireError("an association without the answer of MMS", 0);
    this.#tooLate();
    const { clock, user } = this.#options;
    const association = new Established(this.#link, clock, this.#transport, contexts);
    this.#association = association;
    association.begin(user(association, apdu.user.slice()));
    this.#done(association);
  }

  #misunderstood(error: WireError): void {
    if (this.#association !== undefined) return this.#association.failed();
    this.#end(`it does not speak MMS: ${error.message}`, "nonsense");
  }

  #refused(words: string): void {
    if (this.#association !== undefined) this.#association.lost();
    this.#end(words, "refused");
    this.#link.close();
  }

  #lost(fault: Error | undefined): void {
    if (this.#association !== undefined) this.#association.lost();
    else this.#end(`the connection is gone${fault === undefined ? "" : `: ${fault.message}`}`, "lost");
  }

  /** No association comes of it. */
  #end(words: string, how: Refusing, initiate?: Uint8Array): void {
    if (this.#isOver || this.#association !== undefined) return;
    this.#isOver = true;
    this.#tooLate();
    this.#transport.end();
    this.#link.close();
    this.#failed(new AssociationRefused(`${this.#link.peer}: ${words}`, how, initiate));
  }
}

/** Rejects with an AssociationRefused, which says why, and with nothing else. */
export function associate(link: Link, options: AssociateOptions): Promise<Association> {
  return new Promise((resolve, reject) => void new Calling(link, options, resolve, reject));
}
