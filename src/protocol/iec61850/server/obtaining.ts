/**
 * A file that a client sends (IEC 61850-8-1, 23: SetFile; ISO 9506-2, ObtainFile): it asks the server to fetch it, and the server opens,
 * reads and closes it where the client has it.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import { limits } from "#quantity/limits.ts";
import { Writer } from "#wire/cursor.ts";
import type { ObtainFileRequest } from "#protocol/iec61850/mms/files.ts";
import type { ServiceError } from "#protocol/iec61850/mms/service-error.ts";
import type { Request, Response } from "#protocol/iec61850/mms/services.ts";
import type { IedSession } from "./host.ts";
import { fileRefusal, refusals } from "./refusals.ts";
import { shelfName } from "./shelf.ts";

/** What it is a part of. */
export interface Fetcher {
  readonly session: IedSession;
  readonly clock: Clock;
  /** Sends the client a request. */
  ask(request: Request): void;
  /** It is over; undefined where the file is there now. */
  done(error: ServiceError | undefined): void;
}

export class Obtaining {
  readonly #fetcher: Fetcher;
  readonly #request: ObtainFileRequest;
  readonly #content = new Writer();
  #file: number | undefined;
  #isWhole = false;
  /** Why it ends without the file, once it is closed where it lies. */
  #failed: ServiceError | undefined;
  #isOver = false;
  #isPutting = false;
  #giveUp: Cancel;

  constructor(request: ObtainFileRequest, fetcher: Fetcher) {
    this.#fetcher = fetcher;
    this.#request = request;
    this.#giveUp = this.#wait();
    fetcher.ask({ service: "fileOpen", name: request.source, position: 0 });
  }

  /** Whether it is the meter's now, and the client has nothing to do but to wait. */
  get isPutting(): boolean {
    return this.#isPutting && !this.#isOver;
  }

  /** The client's response to what it was asked last. */
  answered(response: Response): void {
    if (this.#isOver || this.#isPutting) return;
    switch (response.service) {
      case "fileOpen":
        if (this.#file !== undefined) return this.#end(refusals.fileOther);
        this.#file = response.file;
        if (response.size > limits.mms.obtainedOctets) this.#failed = refusals.fileNoRoom;
        return this.#failed === undefined ? this.#read() : this.#close();
      case "fileRead":
        return this.#take(response.bytes, response.moreFollows);
      case "fileClose":
        return this.#put();
      default:
        return this.#end(refusals.fileOther);
    }
  }

  /** The client cannot do what it was asked. */
  failed(error: ServiceError): void {
    if (this.#isPutting) return;
    // Who cannot close what has been read has sent it all the same.
    if (this.#file !== undefined && this.#failed === undefined && this.#isWhole) this.#put();
    else this.#end(this.#failed ?? error);
  }

  /** The association is over. */
  stop(): void {
    this.#isOver = true;
    this.#giveUp();
  }

  #take(bytes: Uint8Array, moreFollows: boolean): void {
    if (this.#file === undefined || this.#isWhole) return this.#end(refusals.fileOther);
    // Pieces of nothing would go on for ever.
    if (this.#content.at + bytes.length > limits.mms.obtainedOctets) this.#failed = refusals.fileNoRoom;
    else if (moreFollows && bytes.length === 0) this.#failed = refusals.fileOther;
    else this.#content.bytes(bytes);
    if (this.#failed === undefined && moreFollows) this.#read();
    else {
      this.#isWhole = true;
      this.#close();
    }
  }

  #read(): void {
    if (this.#file === undefined) return;
    this.#again();
    this.#fetcher.ask({ service: "fileRead", file: this.#file });
  }

  #close(): void {
    if (this.#file === undefined) return;
    this.#again();
    this.#fetcher.ask({ service: "fileClose", file: this.#file });
  }

  #put(): void {
    if (this.#failed !== undefined || !this.#isWhole) return this.#end(this.#failed ?? refusals.fileOther);
    this.#giveUp();
    this.#isPutting = true;
    const put = this.#fetcher.session.putFile(shelfName(this.#request.destination), this.#content.done());
    if (!(put instanceof Promise)) return this.#end(put === undefined ? undefined : fileRefusal(put));
    void put.then(
      (refusal) => this.#end(refusal === undefined ? undefined : fileRefusal(refusal)),
      () => this.#end(refusals.fileOther),
    );
  }

  #end(error: ServiceError | undefined): void {
    if (this.#isOver) return;
    this.stop();
    this.#fetcher.done(error);
  }

  #again(): void {
    this.#giveUp();
    this.#giveUp = this.#wait();
  }

  #wait(): Cancel {
    return this.#fetcher.clock.after(limits.mms.obtainStepMs, () => this.#end(refusals.fileOther));
  }
}
