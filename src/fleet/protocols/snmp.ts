/** SNMP as a row of the table: an agent of one meter behind one place, for reading only, and what it tells by itself. */
import { isLoopback } from "#io/address.ts";
import { fileMark } from "#io/draft.ts";
import { resolvePath } from "#io/file.ts";
import { readSecret, type NamedSecret } from "#io/named-secret.ts";
import { connectUdp } from "#io/udp-listener.ts";
import { Agent } from "#protocol/snmp/agent.ts";
import type { SnmpHost } from "#protocol/snmp/host.ts";
import { meterBranches } from "#protocol/snmp/meter-objects.ts";
import { RowsOfMeter } from "#protocol/snmp/meter-rows.ts";
import { ObjectTree } from "#protocol/snmp/objects.ts";
import { Salts } from "#protocol/snmp/protection.ts";
import { Receiver } from "#protocol/snmp/receiver.ts";
import { secretNames } from "#protocol/snmp/secrets.ts";
import { systemBranches } from "#protocol/snmp/system-objects.ts";
import { Teller } from "#protocol/snmp/teller.ts";
import { snmpTransports } from "#protocol/snmp/transports.ts";
import { authentications, LEAST_PASSPHRASE, type Authentication } from "#protocol/snmp/usm-keys.ts";
import { SnmpUser } from "#protocol/snmp/user.ts";
import { limits } from "#quantity/limits.ts";
import { didYouMean } from "#quantity/nearest.ts";
import { z } from "zod";
import { onlyStation, questions } from "./questions.ts";
import { notSpoken, StationRefused, type Protocol, type Served, type Server, type Station } from "./protocol.ts";

const secret = z.union([z.strictObject({ file: z.string().min(1) }), z.strictObject({ env: z.string().min(1) })]);

const user = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, "expected letters, digits and dashes, at most 32"),
  authentication: z
    .enum(Object.keys(authentications) as [Authentication, ...Authentication[]])
    .default("sha-256")
    .describe("of the HMAC of messages"),
  authenticationPassphrase: secret.optional().describe("the meter's own secret snmp.NAME.auth unless said"),
  privacy: z.enum(["aes", "none"]).default("aes").describe("aes: every message is encrypted (AES-128)"),
  privacyPassphrase: secret.optional().describe("the meter's own secret snmp.NAME.priv unless said"),
});

const receiver = z.strictObject({
  to: z
    .string()
    .regex(/^(\[[0-9A-Fa-f:.]+\]|[^:\s[\]]+)(:\d{1,5})?$/, "expected an address and a port, like 192.0.2.7:162")
    .describe("an address, and a port where it is not 162"),
  inform: z.boolean().default(false).describe("again and again until it is acknowledged; else a trap, once"),
  user: z.string().optional().describe("over SNMPv3, by this user of the listener"),
  community: secret.optional().describe("over SNMPv2c, with this community"),
});

const keys = {
  community: secret.optional().describe("SNMPv2c: who shows it may read; left out, nobody may so"),
  communityElsewhere: z
    .boolean()
    .default(false)
    .describe("peers elsewhere may show it, too, which everybody on the way can read; else those on this machine only"),
  users: z.array(user).max(16).default([]).describe("SNMPv3: who may read, from everywhere"),
  contact: z.string().max(255).default("").describe("whom to ask (sysContact)"),
  location: z.string().max(255).default("").describe("where the meter is (sysLocation)"),
  receivers: z.array(receiver).max(8).default([]).describe("who is told of alarms and starts"),
};

type SnmpKeys = z.output<z.ZodObject<typeof keys>>;

/** Of who is told (RFC 3417, 3.1). */
const NOTIFIED_PORT = 162;

function problems({ community, users, receivers }: SnmpKeys): readonly string[] {
  const names = users.map(({ name }) => name);
  return [
    ...(community === undefined && users.length === 0
      ? ["users: expected one, or a community; nobody could ask this listener"]
      : []),
    ...names.flatMap((name, k) => (names.indexOf(name) < k ? [`users[${k}].name: another is ${name}`] : [])),
    ...receivers.flatMap(({ user: by, community: shown }, k) => {
      if ((by === undefined) === (shown === undefined)) return [`receivers[${k}]: expected one of user, community`];
      if (by === undefined || names.includes(by)) return [];
      return [`receivers[${k}].user: ${by} is no user of this listener${didYouMean(by, names)}`];
    }),
  ];
}

/** The files that keys name. */
function filesOf({ community, users, receivers }: SnmpKeys): readonly string[] {
  const all = [
    community,
    ...users.flatMap((one) => [one.authenticationPassphrase, one.privacyPassphrase]),
    ...receivers.map((one) => one.community),
  ];
  return all.flatMap((one) => (one !== undefined && "file" in one ? [one.file] : []));
}

function hostOf(station: Station<SnmpKeys>): SnmpHost {
  const { device, port } = station;
  const host = device.bindings.snmp?.({ port });
  if (host === undefined) throw notSpoken(station, "snmp", "SNMP");
  return host;
}

/** Reads what the keys of a station name; what is wrong with it is said by its key. */
class Secrets {
  readonly #station: Station<SnmpKeys>;
  readonly #host: SnmpHost;
  readonly #folder: string;

  constructor(station: Station<SnmpKeys>, host: SnmpHost, folder: string) {
    this.#station = station;
    this.#host = host;
    this.#folder = folder;
  }

  read(named: NamedSecret, key: string): Uint8Array {
    try {
      return readSecret(named, this.#folder);
    } catch (error) {
      throw new StationRefused(this.#station, key, error instanceof Error ? error.message : String(error));
    }
  }

  /** What a user's passphrase is now: the named one, or the meter's own. */
  passphrase(named: NamedSecret | undefined, own: string, key: string): () => Uint8Array | undefined {
    const { secret: kept } = this.#host;
    if (named === undefined) {
      if (kept !== undefined) return () => kept(own);
      throw new StationRefused(
        this.#station,
        key,
        `expected a file, or a variable of the environment: ${this.#station.device.name} keeps no secrets of its own`,
      );
    }
    const passphrase = this.read(named, key);
    if (passphrase.length < LEAST_PASSPHRASE)
      throw new StationRefused(this.#station, key, `expected ${LEAST_PASSPHRASE} characters at least`);
    return () => passphrase;
  }
}

function usersOf({ users }: SnmpKeys, secrets: Secrets): readonly SnmpUser[] {
  return users.map(({ name, authentication, privacy, ...named }, k) => {
    const at = `users[${k}]`;
    const auth = secrets.passphrase(
      named.authenticationPassphrase,
      secretNames.authentication(name),
      `${at}.authenticationPassphrase`,
    );
    const isPrivate = privacy === "aes";
    const priv = isPrivate
      ? secrets.passphrase(named.privacyPassphrase, secretNames.privacy(name), `${at}.privacyPassphrase`)
      : () => undefined;
    return new SnmpUser({
      name,
      authentication,
      privacy: isPrivate,
      passphrases() {
        const first = auth();
        return first && { authentication: first, privacy: priv() };
      },
    });
  });
}

function serve({ stations, clock, folder = ".", misunderstood }: Served<SnmpKeys>): Server {
  const station = onlyStation(stations, "SNMP");
  const { keys: given, device } = station;
  const host = hostOf(station);
  const { engine, surface } = host;
  const secrets = new Secrets(station, host, folder);
  const users = usersOf(given, secrets);
  const community = given.community && secrets.read(given.community, "community");
  const salts = new Salts();
  const receivers = given.receivers.map(({ to, inform, user: name, community: named }, k) => {
    const [, address = "", port = NOTIFIED_PORT] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(to) ?? [];
    const by = users.find((one) => one.name === name);
    const shown = named && secrets.read(named, `receivers[${k}].community`);
    const as = by === undefined ? { community: () => shown } : { user: by };
    const settings = { host: address.replace(/^\[|\]$/g, ""), port: Number(port), inform, as };
    return new Receiver(settings, { engine, clock, salts, connect: connectUdp });
  });
  const rows = new RowsOfMeter(host);
  const answers = (): boolean => station.answers?.() !== false;
  const teller = new Teller({ host, receivers, answers, changed: () => rows.forget() });
  const { title, serial, firmware } = surface.identity;
  const texts = {
    description: `${title}, serial number ${serial}, firmware ${firmware}, Polyphase`,
    name: device.name,
    contact: given.contact,
    location: given.location,
  };
  const agent = new Agent({
    engine,
    tree: (counts) =>
      new ObjectTree([
        ...systemBranches(engine, texts, { counts, maxSize: limits.snmp.messageBytes }),
        ...meterBranches({ surface, rows, alarms: () => teller.watch.all }),
      ]),
    community: () => community,
    users,
    salts,
    misunderstood,
    unauthentic: () => teller.unauthentic(),
  });
  return {
    take: questions(clock, (datagram, { peer }) => {
      const isHere = isLoopback(peer.replace(/:\d+$/, ""));
      return answers() ? agent.answer(datagram, given.communityElsewhere || isHere) : undefined;
    }),
    begin: () => teller.begin(),
    end: () => teller.end(),
  };
}

export const snmp: Protocol<SnmpKeys> = {
  name: "snmp",
  title: "SNMP",
  transports: snmpTransports,
  keys: () => keys,
  problems,
  marks: (given, folder) => filesOf(given).map((file) => fileMark(resolvePath(folder, file))),
  url: () => ({ path: "", query: [] }),
  serve,
};
