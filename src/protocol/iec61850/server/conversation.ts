/** An association with a client (ISO 9506-2; IEC 61850-8-1): what it asks is answered in its order; reports go between the answers. */
import type { Cancel, Clock } from "#clock/clock.ts";
import { limits } from "#quantity/limits.ts";
import { BerWriter, type BerReader } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import { read } from "#protocol/iec61850/mms/read.ts";
import {
  decodePdu,
  decodeRequestHead,
  encodePdu,
  pduTags,
  wrapConfirmed,
  type MmsPdu,
} from "#protocol/iec61850/mms/pdu.ts";
import { pduErrors, requestRejects } from "#protocol/iec61850/mms/reject.ts";
import type { ServiceError } from "#protocol/iec61850/mms/service-error.ts";
import { decodeService, encodeServiceResponse, type Request, type Response } from "#protocol/iec61850/mms/services.ts";
import { write } from "#protocol/iec61850/mms/write.ts";
import type { Association, AssociationUser } from "#protocol/iec61850/osi/association.ts";
import type { IedHost, IedSession } from "./host.ts";
import type { Agreed } from "./negotiation.ts";
import { Obtaining } from "./obtaining.ts";
import { OpenFiles } from "./open-files.ts";
import { ReadQuestion } from "./read-question.ts";
import { fileRefusal, fitting, refusals } from "./refusals.ts";
import type { Asker } from "./served.ts";
import { directory, isShelfName, shelfName } from "./shelf.ts";
import type { Shown } from "./shown.ts";
import { TooLong } from "./values.ts";

/** Everything but a file that is fetched is answered at once: one of each serves all associations. */
const question = new ReadQuestion();
const out = new BerWriter(4096);

/** Octets that stand around entries of a list of files, and around a piece of one. */
const AROUND_FILES = 40;

/** Octets that stand around a response: its number, tag and length. */
const AROUND_RESPONSE = 12;

export interface Talk {
  readonly number: number;
  readonly host: IedHost;
  readonly clock: Clock;
  readonly session: IedSession;
  readonly agreed: Agreed;
  /** What the meter shows now; undefined where that is another than it was when the association began. */
  shown(): Shown | undefined;
  /** It is over. */
  left(): void;
}

export class Conversation implements Asker, AssociationUser {
  readonly #talk: Talk;
  readonly #association: Association;
  readonly #files: OpenFiles;
  #obtaining: Obtaining | undefined;
  /** Of the last request to the client. */
  #invokeId = 0;
  #isConcluded = false;
  #isOver = false;
  /** The meter is another by the file that this client has sent: it is answered that, and may conclude. */
  #isParting = false;
  #tooLate: Cancel = () => {};

  constructor(talk: Talk, association: Association) {
    this.#talk = talk;
    this.#association = association;
    this.#files = new OpenFiles(() => talk.host.files, talk.clock);
  }

  get number(): number {
    return this.#talk.number;
  }

  get peer(): string {
    return this.#association.peer;
  }

  get session(): IedSession {
    return this.#talk.session;
  }

  get maxPdu(): number {
    return this.#talk.agreed.maxPdu;
  }

  get waiting(): number {
    return this.#association.waiting;
  }

  tell(pdu: Uint8Array): void {
    if (!this.#isOver) this.#association.send(pdu);
  }

  abort(): void {
    this.#association.abort();
  }

  /** What was agreed on is void. Whose file has made it so has its answer first. */
  part(): void {
    if (this.#obtaining?.isPutting === true) this.#isParting = true;
    else {
      this.abort();
      this.over();
    }
  }

  over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#tooLate();
    this.#files.closeAll();
    this.#obtaining?.stop();
    this.#talk.left();
    this.session.left();
  }

  received(pdu: Uint8Array): void {
    if (this.#isOver || !this.#talk.host.answers()) return;
    const shown = this.#talk.shown();
    if (this.#isParting) return this.#receivedParting(pdu);
    if (shown === undefined || this.#isConcluded) return this.abort();
    try {
      if (question.find(pdu) && this.#obtaining === undefined) this.#readOne(pdu, shown);
      else if (pdu[0] === pduTags.request) this.#request(pdu, shown);
      else this.#other(decodePdu(pdu));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      // Who gets a reject of a reject has an endless conversation.
      if (pdu[0] !== pduTags.reject) this.#send({ kind: "reject", of: "pduError", code: pduErrors.invalidPdu });
    }
  }

  #receivedParting(pdu: Uint8Array): void {
    if (pdu[0] === pduTags.concludeRequest && !this.#isConcluded) this.#other({ kind: "concludeRequest" });
    else if (this.#obtaining === undefined) this.abort();
  }

  #readOne(pdu: Uint8Array, shown: Shown): void {
    const { invokeId } = question;
    this.#answer(invokeId, () => shown.variables.reading.answer(out.reset(), pdu, question, this));
  }

  #request(pdu: Uint8Array, shown: Shown): void {
    const { invokeId, service } = decodeRequestHead(pdu);
    const reject = (code: number): void => this.#send({ kind: "reject", invokeId, of: "confirmedRequest", code });
    // Nothing is under way but a file that the client sends.
    if (this.#obtaining !== undefined && this.#talk.agreed.outstanding < 2)
      return reject(requestRejects.maxServOutstandingExceeded);
    try {
      if (service.tag === read.requestTag)
        this.#answer(invokeId, () => shown.variables.reading.answerAny(out.reset(), read.decodeRequest(service), this));
      else if (service.tag === write.requestTag) this.#write(invokeId, service, shown);
      else {
        const request = decodeService(service);
        if (request === undefined) return reject(requestRejects.unrecognizedService);
        this.#serve(invokeId, request, shown);
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      reject(requestRejects.invalidArgument);
    }
  }

  /** Sends what `make` has written, as the response to a request. */
  #answer(invokeId: number, make: () => BerWriter | undefined): void {
    try {
      if (make() === undefined) this.#fail(invokeId, refusals.nonExistent);
      else if (out.written + AROUND_RESPONSE > this.maxPdu) this.#fail(invokeId, refusals.tooLong);
      else this.#association.send(wrapConfirmed(out, pduTags.response, invokeId, 0).view());
    } catch (error) {
      if (!(error instanceof TooLong)) throw error;
      this.#fail(invokeId, refusals.tooLong);
    }
  }

  #write(invokeId: number, service: BerReader, shown: Shown): void {
    const results = shown.variables.writing.answer(service, this);
    if (results === undefined) this.#fail(invokeId, refusals.nonExistent);
    else this.#respond(invokeId, { service: "write", results });
  }

  #serve(invokeId: number, request: Request, shown: Shown): void {
    const answer = this.#answerTo(request, shown, invokeId);
    if (answer === undefined) return;
    if ("class" in answer) this.#fail(invokeId, answer);
    else this.#respond(invokeId, answer);
  }

  /** Undefined of what is answered later. */
  #answerTo(request: Request, shown: Shown, invokeId: number): Response | ServiceError | undefined {
    if (request.service === "status") return { service: "status", logical: 0, physical: 0 };
    if (request.service === "identify") return { service: "identify", ...this.#talk.host.settings.identity };
    if (request.service === "getCapabilityList")
      return { service: "getCapabilityList", capabilities: [], moreFollows: false };
    if (!this.session.mayRead()) return refusals.denied;
    switch (request.service) {
      case "getNameList":
        return shown.variables.named.names(request, this);
      case "getVariableAccessAttributes":
        return shown.variables.named.attributes(request.name);
      case "defineNamedVariableList":
        if (request.name.scope !== "association" && this.session.mayKeep?.() === false) return refusals.denied;
        return shown.sets.define(request.name, request.variables, this) ?? { service: request.service };
      case "getNamedVariableListAttributes":
        return shown.variables.named.listAttributes(request.name, this);
      case "deleteNamedVariableList":
        return shown.variables.named.delete(request, this);
      case "fileDirectory":
        return directory(this.#talk.host.files, request, this.maxPdu - AROUND_FILES);
      case "fileOpen":
        return this.#files.open(request);
      case "fileRead":
        return this.#files.read(request.file, this.maxPdu - AROUND_FILES);
      case "fileClose":
        return this.#files.close(request.file) ? { service: "fileClose" } : refusals.fileMissing;
      case "fileDelete": {
        const refusal = this.session.removeFile(shelfName(request.name));
        return refusal === undefined ? { service: "fileDelete" } : fileRefusal(refusal);
      }
      case "obtainFile":
        if (this.#obtaining !== undefined) return refusals.fileBusy;
        if (!isShelfName(shelfName(request.destination))) return refusals.fileName;
        this.#obtaining = new Obtaining(request, {
          session: this.session,
          clock: this.#talk.clock,
          ask: (asked) => this.#send({ kind: "request", invokeId: ++this.#invokeId, request: asked }),
          done: (error) => {
            this.#obtaining = undefined;
            if (error === undefined) this.#respond(invokeId, { service: "obtainFile" });
            else this.#fail(invokeId, error);
            if (this.#isParting) this.#tooLate = this.#talk.clock.after(limits.osi.partingMs, () => this.abort());
          },
        });
        return undefined;
      case "readJournal":
      case "initializeJournal":
        return refusals.nonExistent;
      default:
        return refusals.unsupported;
    }
  }

  /** What is no request. */
  #other(pdu: MmsPdu): void {
    switch (pdu.kind) {
      case "response":
        if (pdu.invokeId === this.#invokeId) this.#obtaining?.answered(pdu.response);
        return;
      case "error":
        if (pdu.invokeId === this.#invokeId) this.#obtaining?.failed(pdu.error);
        return;
      case "reject":
        this.#obtaining?.failed(refusals.fileOther);
        return;
      case "concludeRequest":
        this.#isConcluded = this.#obtaining === undefined;
        this.#send(
          this.#isConcluded ? { kind: "concludeResponse" } : { kind: "concludeError", error: refusals.moreToCome },
        );
        return;
      case "cancelRequest":
        // What has been answered is over, and a file that comes is not left half-way.
        this.#send({
          kind: "cancelError",
          invokeId: pdu.invokeId,
          error: this.#obtaining === undefined ? refusals.unknownRequest : refusals.notCancelled,
        });
        return;
      case "informationReport":
      case "unconfirmed":
        return;
      default:
        this.#send({ kind: "reject", of: "pduError", code: pduErrors.unknownPduType });
    }
  }

  #respond(invokeId: number, response: Response): void {
    this.#answer(invokeId, () => {
      encodeServiceResponse(out.reset(), response);
      return out;
    });
  }

  #fail(invokeId: number, error: ServiceError): void {
    this.#send({ kind: "error", invokeId, error: fitting(error, this.maxPdu) });
  }

  #send(pdu: Parameters<typeof encodePdu>[1]): void {
    this.#association.send(encodePdu(out.reset(), pdu).view());
  }
}
