/**
 * A small meter behind a server of DLMS/COSEM: the objects that the servers of the golden exchanges had, and some that take and give
 * long values. It counts what it is asked.
 */
import type { Peer, Refused, Session } from "#quantity/authority.ts";
import type { AccessResult, CosemObject, Denied, Rows, Selection } from "#protocol/dlms/cosem/object.ts";
import type {
  ClientSecurity,
  DlmsClient,
  DlmsHost,
  DlmsSettings,
  LogicalDevice,
  Mechanism,
  Service,
} from "#protocol/dlms/cosem/logical-device.ts";
import {
  array,
  doubleLongUnsigned,
  enumerated,
  float32,
  integer,
  longUnsigned,
  octets,
  structure,
  type Data,
} from "#protocol/dlms/data/data.ts";
import { logicalNameBytes } from "#protocol/dlms/data/logical-name.ts";
import { fromHex, usualHdlc } from "./dlms-exchanges.ts";

export const manualServices: readonly Service[] = ["block-transfer-with-get-or-read", "get", "set", "selective-access"];

/** What the golden servers have, 0x001E1D, which is all but the services of ciphering and general blocks. */
export const goldenServices: readonly Service[] = [
  ...manualServices,
  "block-transfer-with-set-or-write",
  "block-transfer-with-action",
  "multiple-references",
  "action",
];

export function textBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** Row k: minutes behind 19 February 2025, 21:20, a status, and k/4 more in each of four channels. */
export function goldenRow(k: number): Data {
  const minutes = 21 * 60 + 20 + k;
  const clock = [0x07, 0xe9, 2, 19, 3, Math.floor(minutes / 60) % 24, minutes % 60, 0, 0, 0, 0, 0];
  const values = [0, 1, 2, 3].map((channel) => float32(channel + k / 4));
  return structure(octets(Uint8Array.from(clock)), doubleLongUnsigned(k === 0 ? 0x40 : 1), ...values);
}

export interface HostOptions {
  readonly settings?: Partial<DlmsSettings>;
  readonly rows?: number;
  readonly devices?: (device: LogicalDevice) => readonly LogicalDevice[];
  readonly clients?: (host: TestHost) => readonly DlmsClient[];
  readonly systemTitle?: Uint8Array;
}

export class TestHost implements DlmsHost {
  epoch = 1;
  settings: DlmsSettings;
  logicalDevices: readonly LogicalDevice[];
  isAnswering = true;
  /** Numbers of the rows that were asked for, in order. */
  readonly asked: number[] = [];
  /** Rows below are overwritten. */
  oldest = 0;
  /** What was set and invoked, in order. */
  readonly told: (Data | string)[] = [];
  text: Data = octets(new Uint8Array(0));
  readonly sessions = new Map<Session, Set<() => void>>();
  opened = 0;

  constructor(options: HostOptions = {}) {
    const { settings, rows = 40, devices = (one) => [one], clients = goldenClients } = options;
    this.settings = { conformance: new Set(goldenServices), maxPdu: 1024, hdlc: usualHdlc, ...settings };
    const device = {
      sap: 1,
      name: "JEM0000000000001",
      systemTitle: options.systemTitle ?? textBytes("JEM00001"),
      objects: goldenObjects(this, rows),
      clients: clients(this),
    };
    this.logicalDevices = devices(device);
  }

  answers(): boolean {
    return this.isAnswering;
  }

  openSession(peer: Peer, user?: string): Session {
    const session = user === undefined ? { peer } : { peer, user };
    this.sessions.set(session, new Set());
    this.opened++;
    return session;
  }

  leave(session: Session): void {
    const runs = this.sessions.get(session);
    this.sessions.delete(session);
    for (const run of runs ?? []) run();
  }

  whenOver(session: Session, run: () => void): () => void {
    this.sessions.get(session)?.add(run);
    return () => void this.sessions.get(session)?.delete(run);
  }
}

const refused: Refused = { refused: "session", words: ["wrong password"] };
const locked: Refused = { refused: "lockout", words: ["locked out"] };

/** 16 shows nothing, 17 the password of the golden exchanges; 18 answers challenges with a secret. */
export function goldenClients(host: TestHost): readonly DlmsClient[] {
  const client = (sap: number, mechanisms: readonly Mechanism[], secret = ""): DlmsClient => ({
    sap,
    mechanisms,
    ciphering: "no",
    open: (peer) => host.openSession(peer),
    admitPassword: (password, peer) => {
      const text = String.fromCharCode(...password);
      if (text === "locked") return Promise.resolve(locked);
      return Promise.resolve(text === "Gurux" ? host.openSession(peer, "reader") : refused);
    },
    admitKey: (_, check, peer) =>
      Promise.resolve(check(textBytes(secret)) ? host.openSession(peer, "key holder") : refused),
    secret: () => (secret === "" ? undefined : textBytes(secret)),
  });
  return [
    client(16, ["none"]),
    client(17, ["low"]),
    client(18, ["high-md5", "high-sha1", "high-sha256"], "a secret of both"),
    client(1, ["none"]),
  ];
}

/** Keys of the golden exchanges: EK 00 to 0F, AK D0 to DF. Counters of what is sent begin where a test says. */
export class TestSecurity implements ClientSecurity {
  suite: 0 | 1 | 2 = 0;
  policy = 0;
  encryption: Uint8Array | undefined = Uint8Array.from({ length: 16 }, (_, k) => k);
  authentication: Uint8Array | undefined = Uint8Array.from({ length: 16 }, (_, k) => 0xd0 + k);
  broadcast: Uint8Array | undefined;
  master: Uint8Array | undefined;
  signing: Uint8Array | undefined;
  clientSigning: Uint8Array | undefined;
  received = 0;
  /** Counters that were used, in order. */
  readonly used: number[] = [];
  readonly #counters: Iterator<number>;

  constructor(counters: Iterable<number> = Array.from({ length: 1000 }, (_, k) => k + 1)) {
    this.#counters = counters[Symbol.iterator]();
  }

  nextCounter(): number {
    const next = this.#counters.next();
    if (next.done === true) throw new Error("no more counters in this test");
    this.used.push(next.value);
    return next.value;
  }

  acceptCounter(_: "unicast" | "broadcast", counter: number): boolean {
    if (counter <= this.received) return false;
    this.received = counter;
    return true;
  }

  setKey(): Refused {
    return { refused: "unsupported", words: ["no keys are set in this test"] };
  }
}

/** A client that has keys. */
export function keyClient(
  host: TestHost,
  sap: number,
  security: ClientSecurity,
  more: Partial<DlmsClient> = {},
): DlmsClient {
  return {
    sap,
    mechanisms: ["none", "high-gmac"],
    ciphering: "may",
    security,
    open: (peer) => host.openSession(peer),
    admitPassword: () => Promise.resolve(refused),
    admitKey: (_, check, peer) =>
      Promise.resolve(check(new Uint8Array(0)) ? host.openSession(peer, "key holder") : refused),
    secret: () => undefined,
    ...more,
  };
}

function goldenObjects(host: TestHost, rows: number): readonly CosemObject[] {
  let time = fromHex("07E902130315140000000000");
  const data = (logicalName: string, get: () => Data, set?: (value: Data) => AccessResult): CosemObject => ({
    classId: 1,
    version: 0,
    logicalName,
    attributes: [
      { id: 2, name: "value", ...(set ? { access: "read-write", set: (_, value) => set(value) } : {}), get },
    ],
    methods: [
      {
        id: 1,
        name: "echo",
        invoke: (_, parameters) => {
          host.told.push(parameters);
          return { result: "success", data: parameters };
        },
      },
    ],
  });
  return [
    {
      classId: 3,
      version: 0,
      logicalName: "1.0.1.7.0.255",
      attributes: [
        { id: 2, name: "value", get: () => doubleLongUnsigned(1_234_567) },
        { id: 3, name: "scaler_unit", get: () => structure(integer(-3), enumerated(27)) },
      ],
      methods: [],
    },
    {
      classId: 3,
      version: 0,
      logicalName: "1.0.2.7.0.255",
      attributes: [{ id: 2, name: "value", get: () => doubleLongUnsigned(5) }],
      methods: [
        {
          id: 1,
          name: "reset",
          invoke: () => {
            host.told.push("reset");
            return "success";
          },
        },
      ],
    },
    {
      classId: 8,
      version: 0,
      logicalName: "0.0.1.0.0.255",
      attributes: [
        {
          id: 2,
          name: "time",
          access: "read-write",
          get: () => octets(time),
          set: (_, value) => {
            if (value.type !== "octet-string" || value.value.length !== 12) return "type-unmatched";
            // Copied: what is set is a view on the request.
            time = Uint8Array.from(value.value);
            host.told.push(octets(time));
            return "success";
          },
        },
      ],
      methods: [],
    },
    profile(host, rows),
    data(
      "0.0.96.1.0.255",
      () => host.text,
      (value) => {
        host.text = value;
        return "success";
      },
    ),
  ];
}

const captured: readonly [classId: number, name: string][] = [
  [8, "0.0.1.0.0.255"],
  [1, "0.0.96.10.1.255"],
  [3, "1.0.1.29.0.255"],
  [3, "1.0.2.29.0.255"],
  [3, "1.0.3.29.0.255"],
  [3, "1.0.4.29.0.255"],
];

function profile(host: TestHost, count: number): CosemObject {
  const rowsOf = (from: number, to: number, columns: readonly [number, number]): Rows => ({
    type: "rows",
    count: Math.max(0, to - from),
    row: (k) => {
      host.asked.push(from + k);
      if (from + k < host.oldest) return undefined;
      const row = goldenRow(from + k);
      return row.type === "structure" ? structure(...row.value.slice(...columns)) : row;
    },
  });
  const select = ({ selector, parameters }: Selection): Rows | Denied => {
    const fields = parameters.type === "structure" ? parameters.value : [];
    if (selector === 2) {
      const [from = 0, to = 0, first = 0, last = 0] = fields.map((one) =>
        typeof one === "object" && "value" in one && typeof one.value === "number" ? one.value : -1,
      );
      if (fields.length !== 4 || from < 1 || to < 0 || first < 1 || last < 0) return { denied: "type-unmatched" };
      const end = to === 0 ? count : Math.min(to, count);
      return rowsOf(from - 1, end, [first - 1, last === 0 ? captured.length : last]);
    }
    const [from, to] = fields.slice(1, 3).map((one) => ("value" in one ? String(one.value) : ""));
    const within = Array.from({ length: count }, (_, k) => k).filter((k) => {
      const clock = clockOf(k);
      return clock >= String(from) && clock <= String(to);
    });
    const start = within[0] ?? 0;
    return rowsOf(start, start + within.length, [0, captured.length]);
  };
  return {
    classId: 7,
    version: 1,
    logicalName: "1.0.99.1.0.255",
    attributes: [
      {
        id: 2,
        name: "buffer",
        selectors: [1, 2],
        get: (_, selection) => (selection === undefined ? rowsOf(0, count, [0, captured.length]) : select(selection)),
      },
      {
        id: 3,
        name: "capture_objects",
        get: () =>
          array(
            captured.map(([classId, name]) =>
              structure(longUnsigned(classId), octets(logicalNameBytes(name)), integer(2), longUnsigned(0)),
            ),
          ),
      },
    ],
    methods: [],
  };
}

/** As the comma separated bytes of the rows of one hour, which are as long all of them, so that they compare as text. */
function clockOf(k: number): string {
  const row = goldenRow(k);
  const [clock] = row.type === "structure" ? row.value : [];
  return clock?.type === "octet-string" ? String(clock.value) : "";
}
