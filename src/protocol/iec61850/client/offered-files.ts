/** Files that a client offers to a server, which fetches them with fileOpen, fileRead and fileClose while an obtainFile is under way. */
import type { MmsPdu } from "#protocol/iec61850/mms/pdu.ts";
import { fileErrors } from "#protocol/iec61850/mms/service-error.ts";
import type { ServiceError } from "#protocol/iec61850/mms/service-error.ts";
import type { Request } from "#protocol/iec61850/mms/services.ts";

/** Octets of an answer that are not the file's. */
const AROUND = 32;
/** Files that a server may have open. */
const MOST_OPEN = 8;

type Answer = Extract<MmsPdu, { readonly kind: "response" | "error" }>;

export class OfferedFiles {
  readonly #piece: number;
  readonly #offers = new Map<string, Uint8Array>();
  readonly #open = new Map<number, { readonly bytes: Uint8Array; at: number }>();
  #next = 0;

  constructor(longestPdu: number) {
    this.#piece = Math.max(1, longestPdu - AROUND);
  }

  /** Until what it returns is called. */
  offer(name: string, bytes: Uint8Array): () => void {
    this.#offers.set(name, bytes);
    return () => {
      this.#offers.delete(name);
      if (this.#offers.size === 0) this.#open.clear();
    };
  }

  answer(invokeId: number, request: Request): Answer {
    const refuse = (error: ServiceError): Answer => ({ kind: "error", invokeId, error });
    switch (request.service) {
      case "fileOpen": {
        const bytes = this.#offers.get(request.name);
        if (bytes === undefined) return refuse({ class: "file", code: fileErrors.fileNonExistent });
        if (request.position > bytes.length) return refuse({ class: "file", code: fileErrors.positionInvalid });
        if (this.#open.size >= MOST_OPEN) return refuse({ class: "file", code: fileErrors.fileBusy });
        const file = ++this.#next;
        this.#open.set(file, { bytes, at: request.position });
        return { kind: "response", invokeId, response: { service: "fileOpen", file, size: bytes.length } };
      }
      case "fileRead": {
        const open = this.#open.get(request.file);
        if (open === undefined) return refuse({ class: "file", code: fileErrors.other });
        const bytes = open.bytes.subarray(open.at, open.at + this.#piece);
        open.at += bytes.length;
        const moreFollows = open.at < open.bytes.length;
        return { kind: "response", invokeId, response: { service: "fileRead", bytes, moreFollows } };
      }
      case "fileClose":
        if (!this.#open.delete(request.file)) return refuse({ class: "file", code: fileErrors.other });
        return { kind: "response", invokeId, response: { service: "fileClose" } };
      default:
        return refuse({ class: "access", code: 1 });
    }
  }
}
