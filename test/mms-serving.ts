/** An MMS server without anything under it: PDUs go in, PDUs come out. */
import { VirtualClock } from "#clock/virtual-clock.ts";
import { noFiles, type FileShelf } from "#quantity/file-shelf.ts";
import type { Data } from "#protocol/iec61850/mms/data.ts";
import { decodePdu, pduBytes, type MmsPdu } from "#protocol/iec61850/mms/pdu.ts";
import type { Request } from "#protocol/iec61850/mms/services.ts";
import type { AccessResult, AlternateAccess } from "#protocol/iec61850/mms/variable-access.ts";
import type { Ied, Leaf } from "#protocol/iec61850/model/ied.ts";
import type { IedTime, LeafValue } from "#protocol/iec61850/model/value.ts";
import type { Association, AssociationAnswer, AssociationUser } from "#protocol/iec61850/osi/association.ts";
import type {
  AccessError,
  IedClient,
  IedHost,
  IedImage,
  IedSession,
  Refusal,
  ReportStore,
  ServerSettings,
} from "#protocol/iec61850/server/host.ts";
import { mmsServer, type MmsServer } from "#protocol/iec61850/server/server.ts";
import type { MakePart } from "#protocol/iec61850/server/shown.ts";
import { fromHex, toHex } from "./mms-exchanges.ts";

/** libiec61850's, as in the exchanges. */
export const initiateRequest = "a826800300fde881010582010583010aa416800101810305f100820c03ee1c00000408000079ef18";

export class Store implements ReportStore {
  readonly records = new Map<string, Uint8Array>();

  get(key: string): Uint8Array | undefined {
    return this.records.get(key);
  }

  put(key: string, bytes: Uint8Array): void {
    this.records.set(key, bytes);
  }

  remove(key: string): void {
    this.records.delete(key);
  }

  *entries(prefix: string): Iterable<readonly [string, Uint8Array]> {
    for (const [key, bytes] of this.records) if (key.startsWith(prefix)) yield [key, bytes];
  }
}

/** A meter that is made of nothing: its values are what a test gives them. */
export class TestHost implements IedHost {
  epoch = 1;
  ied: Ied;
  readonly reports = new Store();
  readonly files: FileShelf;
  isOn = true;
  mayRead = true;
  mayKeep = true;
  /** What `admit` says, where it lets nobody in. */
  barred: string | undefined;
  readonly written: { readonly name: string; readonly value: LeafValue }[] = [];
  writes: (leaf: Leaf, value: LeafValue) => AccessError | undefined = () => undefined;
  puts: (name: string, content: Uint8Array) => Refusal | undefined | Promise<Refusal | undefined> = () => undefined;
  removes: (name: string) => Refusal | undefined = () => undefined;
  readonly put: { readonly name: string; readonly content: Uint8Array }[] = [];
  readonly admitted: IedClient[] = [];
  left = 0;
  readonly settings: ServerSettings;
  #image: IedImage;
  readonly #changed = new Set<() => void>();

  constructor(ied: Ied, files: FileShelf = noFiles, settings: Partial<ServerSettings> = {}) {
    this.ied = ied;
    this.files = files;
    this.#image = { values: Array.from({ length: ied.leaves }) };
    this.settings = {
      maxPdu: 65_000,
      outstanding: 5,
      buffer: { entries: 100, octets: 100_000 },
      dataSets: { most: 8, members: 50 },
      identity: { vendor: "example", model: "SoftMeter twin", revision: "0.0.1" },
      selectMs: 30_000,
      ...settings,
    };
  }

  answers(): boolean {
    return this.isOn;
  }

  image(): IedImage {
    return this.#image;
  }

  set(values: readonly LeafValue[]): void {
    this.#image = { values };
    this.tell();
  }

  tell(): void {
    for (const run of this.#changed) run();
  }

  changed(run: () => void): () => void {
    this.#changed.add(run);
    return () => this.#changed.delete(run);
  }

  now(): IedTime {
    return { utc: 0, leapSecondsKnown: true, clockFailure: false, notSynchronised: false };
  }

  admit(client: IedClient): IedSession | string {
    this.admitted.push(client);
    if (this.barred !== undefined) return this.barred;
    return {
      write: (leaf, value) => {
        const error = this.writes(leaf, value);
        if (error === undefined) this.written.push({ name: leaf.name, value });
        return error;
      },
      mayControl: () => undefined,
      control: () => undefined,
      mayRead: () => this.mayRead,
      mayKeep: () => this.mayKeep,
      putFile: (name, content) => {
        this.put.push({ name, content });
        return this.puts(name, content);
      },
      removeFile: (name) => this.removes(name),
      left: () => void this.left++,
    };
  }
}

/** A client's end of an association. */
export class TestClient {
  readonly answer: AssociationAnswer;
  /** PDUs that have come since it was asked last, in hexadecimal. */
  heard: string[] = [];
  how: "there" | "released" | "aborted" = "there";
  waiting = 0;
  readonly #user: AssociationUser | undefined;

  constructor(answer: AssociationAnswer, user: (association: Association) => AssociationUser) {
    this.answer = answer;
    if (!answer.accepted) return;
    const end = (how: "released" | "aborted"): void => {
      if (this.how !== "there") return;
      this.how = how;
      this.#user?.over(how);
    };
    const waiting = (): number => this.waiting;
    this.#user = user({
      peer: "192.0.2.7:50000",
      get waiting() {
        return waiting();
      },
      send: (pdu) => {
        if (this.how === "there") this.heard.push(toHex(pdu));
      },
      pause: () => {},
      resume: () => {},
      release: () => end("released"),
      abort: () => end("aborted"),
    });
  }

  give(pdu: Uint8Array): void {
    if (this.how === "there") this.#user?.received(pdu);
  }

  /** What comes at once of a PDU in hexadecimal. */
  ask(hex: string): string[] {
    this.heard = [];
    this.give(fromHex(hex));
    return this.heard.splice(0);
  }

  /** The same of a confirmed request and what it is answered. */
  request(request: Request, invokeId = 7): MmsPdu {
    const [answer, ...more] = this.ask(toHex(pduBytes({ kind: "request", invokeId, request })));
    if (answer === undefined || more.length > 0) throw new Error(`${more.length} more than one answer`);
    return decodePdu(fromHex(answer));
  }

  /** What reading a variable of JEM01MTR gives, or why it does not. */
  read(item: string, alternate?: AlternateAccess): AccessResult | undefined {
    const name = { scope: "domain", domain: "JEM01MTR", item } as const;
    const variable = { kind: "name", name, ...(alternate === undefined ? {} : { alternate }) } as const;
    const access = { kind: "variables", variables: [variable] } as const;
    const answer = this.request({ service: "read", withSpecification: false, access });
    return answer.kind === "response" && answer.response.service === "read" ? answer.response.results[0] : undefined;
  }

  /** Why writing one does not succeed (DataAccessError); undefined where it does. */
  write(item: string, value: Data): number | undefined {
    const name = { scope: "domain", domain: "JEM01MTR", item } as const;
    const access = { kind: "variables", variables: [{ kind: "name", name }] } as const;
    const answer = this.request({ service: "write", access, values: [value] });
    if (answer.kind !== "response" || answer.response.service !== "write") throw new Error(JSON.stringify(answer));
    return answer.response.results[0];
  }

  hangUp(): void {
    this.how = "aborted";
    this.#user?.over("lost");
  }
}

export interface Serving<Host extends IedHost = TestHost> {
  readonly host: Host;
  readonly clock: VirtualClock;
  readonly server: MmsServer;
  client(initiate?: string, password?: Uint8Array): Promise<TestClient>;
}

const nobody = new Uint8Array(0);

export function serving<Host extends IedHost>(host: Host, parts: readonly MakePart[] = []): Serving<Host> {
  const clock = new VirtualClock();
  const server = mmsServer(host, { clock, parts });
  return {
    host,
    clock,
    server,
    async client(initiate = initiateRequest, password) {
      const line = server.line({ peer: "192.0.2.7:50000", near: false, rights: "write" });
      const answer = await line.accept({
        called: {},
        calling: {},
        selectors: { transport: nobody, session: nobody, presentation: nobody },
        initiate: fromHex(initiate),
        ...(password === undefined ? {} : { password }),
      });
      return new TestClient(answer, (association) => line.user(association));
    },
  };
}
