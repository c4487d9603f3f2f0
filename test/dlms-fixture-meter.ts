/** A meter of DLMS/COSEM that does what a test says, as a carrier without a socket or a line: what it was asked is kept. */
import type { TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { listenTcp } from "#io/tcp.ts";
import { encodeAcse } from "#protocol/dlms/apdu/acse.ts";
import type { AttributeReference, GetResult, Xdlms } from "#protocol/dlms/apdu/apdu.ts";
import type { Aare } from "#protocol/dlms/apdu/association.ts";
import type { ApduCarrier } from "#protocol/dlms/apdu/conversation.ts";
import { encodeInitiateResponse } from "#protocol/dlms/apdu/initiate.ts";
import { decodeXdlms, encodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import type { Service } from "#protocol/dlms/cosem/logical-device.ts";
import { serveWrapper } from "#protocol/dlms/wrapper.ts";
import { encodeData } from "#protocol/dlms/data/encode.ts";

/** An answer: as an APDU, as bytes, or none. */
export type Said = Xdlms | Uint8Array | "silence";

export interface FixtureOptions {
  readonly conformance?: readonly Service[];
  readonly aare?: Partial<Aare>;
  readonly maxPdu?: number;
  /** What a GET finds of an attribute. */
  readonly get?: (attribute: AttributeReference) => GetResult;
  /** Values longer than this come in blocks. */
  readonly block?: number;
  /** Said instead of what it would say, of the request that is the `count`th since it was associated. */
  readonly instead?: (request: Xdlms, count: number) => Said | undefined;
  readonly release?: "silence";
}

const plain: readonly Service[] = ["get", "set", "action", "selective-access", "block-transfer-with-get-or-read"];

/** Serves it through the wrapper on a TCP port of this machine; what it breaks off ends the connection. */
export async function served(
  t: TestContext,
  meter: FixtureMeter,
  most = 4,
): Promise<{ readonly url: string; readonly connections: () => number }> {
  let connections = 0;
  const listener = await listenTcp(
    { host: "127.0.0.1", port: 0, maxConnections: most, clock: new SystemClock() },
    (link) => {
      connections++;
      const request = (apdu: Uint8Array): Promise<Uint8Array | undefined> =>
        meter.ask(apdu).catch(() => {
          link.close();
          return undefined;
        });
      serveWrapper(link, { converse: () => ({ associated: true, request, end() {} }) });
    },
  );
  t.after(() => listener.close());
  return { url: `dlms://127.0.0.1:${listener.port}`, connections: () => connections };
}

export class FixtureMeter implements ApduCarrier {
  readonly peer = "fixture";
  readonly longest: number | undefined = undefined;
  readonly asked: Xdlms[] = [];
  readonly #options: FixtureOptions;
  #long: Uint8Array = new Uint8Array(0);

  constructor(options: FixtureOptions = {}) {
    this.#options = options;
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  ask(apdu: Uint8Array): Promise<Uint8Array> {
    const said = this.#answer(apdu);
    if (said === "silence") return Promise.reject(new Error("fixture did not answer within 1000 ms"));
    return Promise.resolve(said instanceof Uint8Array ? said : encodeXdlms(said));
  }

  notified(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }

  #answer(apdu: Uint8Array): Said {
    const { conformance = plain, aare, maxPdu = 0xffff, release } = this.#options;
    if (apdu[0] === 0x60) {
      const information = encodeInitiateResponse({ version: 6, conformance: new Set(conformance), maxPdu, vaaName: 7 });
      const diagnostic = { by: "user", code: 0 } as const;
      return encodeAcse({ apdu: "aare", context: "LN", result: "accepted", diagnostic, information, ...aare });
    }
    if (apdu[0] === 0x62) {
      if (release === "silence") return "silence";
      return encodeAcse({ apdu: "rlre", reason: 0 });
    }
    const request = decodeXdlms(apdu);
    this.asked.push(request);
    return this.#options.instead?.(request, this.asked.length) ?? this.usual(request);
  }

  /** What it says where a test says nothing else. */
  usual(request: Xdlms): Said {
    const { get = () => ({ denied: "object-undefined" }), block = Infinity } = this.#options;
    switch (request.apdu) {
      case "get-request-normal": {
        const result = get(request.attribute);
        const bytes = "data" in result ? encodeData(result.data) : undefined;
        if (bytes === undefined || bytes.length <= block)
          return { apdu: "get-response-normal", invoke: request.invoke, result };
        this.#long = bytes;
        return this.#block(request.invoke, 1, block);
      }
      case "get-request-next":
        return this.#block(request.invoke, request.block + 1, block);
      default:
        return { apdu: "exception-response", state: "service-unknown", service: "service-not-supported" };
    }
  }

  #block(invoke: number, number: number, size: number): Xdlms {
    const end = number * size;
    return {
      apdu: "get-response-with-datablock",
      invoke,
      number,
      last: end >= this.#long.length,
      result: { bytes: this.#long.subarray(end - size, end) },
    };
  }
}
