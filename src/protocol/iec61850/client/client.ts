/**
 * A client of MMS at one association (ISO 9506-1): requests under way by their numbers, as many as both ends have agreed on, and reports
 * that come unasked. What it has to say as a server, it says for files that it offers.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Link } from "#io/link.ts";
import { WireError } from "#wire/cursor.ts";
import type { InformationReport } from "#protocol/iec61850/mms/information-report.ts";
import type { Initiate } from "#protocol/iec61850/mms/initiate.ts";
import { bitsWith, parameterBits, serviceBits } from "#protocol/iec61850/mms/initiate.ts";
import { decodePdu, decodeRequestHead, pduBytes, pduTags } from "#protocol/iec61850/mms/pdu.ts";
import type { Request, Response } from "#protocol/iec61850/mms/services.ts";
import { associate, AssociationRefused, usual } from "#protocol/iec61850/osi/associate.ts";
import type { Association } from "#protocol/iec61850/osi/association.ts";
import { rejectText, serviceErrorText } from "#protocol/iec61850/mms/error-words.ts";
import { MmsError } from "./failing.ts";
import { OfferedFiles } from "./offered-files.ts";

export interface ClientSettings {
  /** How long each answer is waited for. */
  readonly timeoutMs: number;
  /** Requests under way at most; five unless said. A server may allow fewer. */
  readonly outstanding?: number | undefined;
  /** Of ACSE's authentication. */
  readonly password?: Uint8Array | undefined;
}

/** The response to a request. */
export type ResponseTo<R extends Request> = Extract<Response, { readonly service: R["service"] }>;

/** IEC 61850-8-1 has no longer PDUs. */
const LONGEST_PDU = 65_000;
const OUTSTANDING = 5;
const NESTING = 10;
/** Requests that wait for their turn: nobody needs more, and who asks on and on has to be told. */
const MOST_WAITING = 10_000;

/** Services that this end has: those that it asks for, and those of files that it offers. */
const services = bitsWith(85, [
  serviceBits.status,
  serviceBits.getNameList,
  serviceBits.identify,
  serviceBits.read,
  serviceBits.write,
  serviceBits.getVariableAccessAttributes,
  serviceBits.defineNamedVariableList,
  serviceBits.getNamedVariableListAttributes,
  serviceBits.deleteNamedVariableList,
  serviceBits.obtainFile,
  serviceBits.readJournal,
  serviceBits.fileOpen,
  serviceBits.fileRead,
  serviceBits.fileClose,
  serviceBits.fileDelete,
  serviceBits.fileDirectory,
  serviceBits.informationReport,
  serviceBits.conclude,
]);
const parameters = bitsWith(11, Object.values(parameterBits));

interface Pending {
  readonly request: Request;
  readonly done: (response: Response) => void;
  readonly failed: (error: MmsError) => void;
}

export class MmsClient {
  readonly offered: OfferedFiles;
  readonly #association: Association;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #agreed: Initiate;
  /** By their numbers. */
  readonly #underWay = new Map<number, Pending & { readonly tooLate: Cancel }>();
  readonly #waiting: Pending[] = [];
  readonly #outstanding: number;
  readonly #hearers = new Set<(report: InformationReport) => void>();
  readonly #enders = new Set<(why: MmsError) => void>();
  #next = 0;
  #concluded: (() => void) | undefined;
  #ended: MmsError | undefined;

  private constructor(association: Association, agreed: Initiate, clock: Clock, settings: ClientSettings) {
    this.#association = association;
    this.#agreed = agreed;
    this.#clock = clock;
    this.#timeoutMs = settings.timeoutMs;
    this.#outstanding = Math.max(1, Math.min(agreed.calling, settings.outstanding ?? OUTSTANDING));
    this.offered = new OfferedFiles(this.longestPdu);
  }

  /** On a link that is open; it is closed where nothing comes of it. Rejects with MmsError. */
  static async associate(link: Link, clock: Clock, settings: ClientSettings): Promise<MmsClient> {
    const { timeoutMs, outstanding = OUTSTANDING, password } = settings;
    const initiate = pduBytes({
      kind: "initiateRequest",
      initiate: {
        maxPdu: LONGEST_PDU,
        calling: outstanding,
        called: outstanding,
        nesting: NESTING,
        version: 1,
        parameters,
        services,
      },
    });
    let client: MmsClient | undefined;
    try {
      await associate(link, {
        ...usual,
        clock,
        timeoutMs,
        initiate,
        password,
        user(association, answer) {
          const own = new MmsClient(association, agreedIn(answer, association.peer), clock, settings);
          client = own;
          return { received: (pdu) => own.#received(pdu), over: (how) => own.#over(how) };
        },
      });
    } catch (error) {
      if (error instanceof AssociationRefused) throw new MmsError(error.message, "closed", undefined, error);
      throw error;
    }
    if (client === undefined) throw new MmsError(`${link.peer}: no association came of it`, "closed");
    return client;
  }

  get peer(): string {
    return this.#association.peer;
  }

  /** Octets of the longest PDU that both ends take. */
  get longestPdu(): number {
    return Math.min(this.#agreed.maxPdu ?? LONGEST_PDU, LONGEST_PDU);
  }

  /** Requests that may be under way at once. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** Why it is over; undefined while it is not. */
  get ended(): MmsError | undefined {
    return this.#ended;
  }

  /** Asks, when fewer are under way than was agreed on. Rejects with MmsError. */
  ask<R extends Request>(request: R): Promise<ResponseTo<R>> {
    return new Promise<Response>((done, failed) => {
      if (this.#ended !== undefined) return failed(this.#ended);
      if (this.#waiting.length >= MOST_WAITING)
        return failed(new MmsError(`${MOST_WAITING} requests to ${this.peer} wait already`, "refused"));
      this.#waiting.push({ request, done, failed });
      this.#sendNext();
    }) as Promise<ResponseTo<R>>;
  }

  /** Told of each report; what it returns ends that. */
  onReport(run: (report: InformationReport) => void): () => void {
    this.#hearers.add(run);
    return () => void this.#hearers.delete(run);
  }

  /** Told once when the association is over, at once where it is; what it returns ends that. */
  onEnd(run: (why: MmsError) => void): () => void {
    if (this.#ended === undefined) this.#enders.add(run);
    else run(this.#ended);
    return () => void this.#enders.delete(run);
  }

  /** Leaves in order; a server that does not answer is not waited for longer than for any answer. */
  async conclude(): Promise<void> {
    if (this.#ended !== undefined) return;
    const isSilent = await new Promise<boolean>((resolve) => {
      const tooLate = this.#clock.after(this.#timeoutMs, () => resolve(true));
      this.#concluded = () => {
        tooLate();
        resolve(false);
      };
      this.#association.send(pduBytes({ kind: "concludeRequest" }));
    });
    // Who has not answered that answers no release either.
    if (isSilent) return this.abort();
    if (this.#ended === undefined) this.#association.release();
    this.#end(new MmsError(`the association with ${this.peer} has been concluded`, "closed"));
  }

  /** Leaves at once. */
  abort(): void {
    const wasThere = this.#ended === undefined;
    this.#end(new MmsError(`the association with ${this.peer} has been aborted`, "closed"));
    if (wasThere) this.#association.abort();
  }

  #sendNext(): void {
    while (this.#underWay.size < this.#outstanding) {
      const pending = this.#waiting.shift();
      if (pending === undefined) return;
      const invokeId = this.#freeNumber();
      const pdu = pduBytes({ kind: "request", invokeId, request: pending.request });
      if (pdu.length > this.longestPdu) {
        pending.failed(
          new MmsError(
            `a request of ${pdu.length} octets is longer than the ${this.longestPdu} of ${this.peer}`,
            "tooLong",
          ),
        );
        continue;
      }
      const tooLate = this.#clock.after(this.#timeoutMs, () => this.#timedOut(invokeId));
      this.#underWay.set(invokeId, { ...pending, tooLate });
      this.#association.send(pdu);
    }
  }

  #freeNumber(): number {
    do this.#next = (this.#next + 1) >>> 0;
    while (this.#underWay.has(this.#next));
    return this.#next;
  }

  #timedOut(invokeId: number): void {
    const { service } = this.#underWay.get(invokeId)?.request ?? { service: "request" };
    this.#fail(
      invokeId,
      new MmsError(`${this.peer} has not answered ${service} within ${this.#timeoutMs} ms`, "silent"),
    );
  }

  /** Undefined of what is not waited for any more. */
  #settled(invokeId: number): Pending | undefined {
    const pending = this.#underWay.get(invokeId);
    pending?.tooLate();
    this.#underWay.delete(invokeId);
    return pending;
  }

  #fail(invokeId: number, error: MmsError): void {
    this.#settled(invokeId)?.failed(error);
    this.#sendNext();
  }

  #received(pdu: Uint8Array): void {
    try {
      this.#take(pdu);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#misunderstood(pdu, error);
    }
  }

  /** An answer that makes no sense is the end of its request only; anything else that makes none, of the association. */
  #misunderstood(pdu: Uint8Array, { message }: WireError): void {
    const nonsense = new MmsError(`${this.peer} says what makes no sense: ${message}`, "nonsense");
    if (pdu[0] === pduTags.response) {
      try {
        return this.#fail(decodeRequestHead(pdu).invokeId, nonsense);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
      }
    }
    this.#end(nonsense);
    this.#association.abort();
  }

  #take(bytes: Uint8Array): void {
    const pdu = decodePdu(bytes);
    switch (pdu.kind) {
      case "response": {
        const { invokeId, response } = pdu;
        const service = this.#underWay.get(invokeId)?.request.service;
        if (service !== undefined && service !== response.service)
          return this.#fail(
            invokeId,
            new MmsError(`${this.peer} answers ${service} with ${response.service}`, "nonsense"),
          );
        this.#settled(invokeId)?.done(response);
        return this.#sendNext();
      }
      case "error": {
        const words = `${this.peer} refuses: ${serviceErrorText(pdu.error)}`;
        return this.#fail(pdu.invokeId, new MmsError(words, "refused", pdu.error));
      }
      case "reject": {
        const error = new MmsError(`${this.peer} rejects: ${rejectText(pdu.of, pdu.code)}`, "rejected");
        if (pdu.invokeId !== undefined) return this.#fail(pdu.invokeId, error);
        // It cannot be told which: one that is alone is meant.
        const [only] = this.#underWay.size === 1 ? this.#underWay.keys() : [];
        return only === undefined ? undefined : this.#fail(only, error);
      }
      case "informationReport":
        for (const run of this.#hearers) run(pdu);
        return;
      case "request":
        return this.#association.send(pduBytes(this.offered.answer(pdu.invokeId, pdu.request)));
      case "unknownService":
        if (pdu.of === "request")
          return this.#association.send(
            pduBytes({ kind: "reject", invokeId: pdu.invokeId, of: "confirmedRequest", code: 1 }),
          );
        return this.#fail(pdu.invokeId, new MmsError(`${this.peer} answers with another service`, "nonsense"));
      case "concludeRequest":
        this.#association.send(pduBytes({ kind: "concludeResponse" }));
        return;
      case "concludeResponse":
      case "concludeError":
        this.#concluded?.();
        return;
      default:
        // A cancel of what is done at once, and what is only told: nothing follows of it.
        return;
    }
  }

  #over(how: "released" | "aborted" | "lost"): void {
    const words = { released: "released", aborted: "aborted", lost: "lost" }[how];
    this.#end(new MmsError(`the association with ${this.peer} has been ${words}`, "closed"));
  }

  #end(why: MmsError): void {
    if (this.#ended !== undefined) return;
    this.#ended = why;
    this.#concluded?.();
    for (const { tooLate } of this.#underWay.values()) tooLate();
    const all = [...this.#underWay.values(), ...this.#waiting.splice(0)];
    this.#underWay.clear();
    for (const { failed } of all) failed(why);
    for (const run of this.#enders) run(why);
    this.#enders.clear();
  }
}

function agreedIn(answer: Uint8Array, peer: string): Initiate {
  const pdu = decodePdu(answer);
  if (pdu.kind === "initiateResponse") return pdu.initiate;
  if (pdu.kind === "initiateError")
    throw new MmsError(`${peer} refuses: ${serviceErrorText(pdu.error)}`, "refused", pdu.error);
  throw new WireError(`expected the answer to an initiate, found ${pdu.kind}`, 0);
}
