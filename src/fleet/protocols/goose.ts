/** GOOSE as a row of the table: meters publish their control blocks and follow those of others, over Ethernet or in sessions over UDP. */
import { fileMark } from "#io/draft.ts";
import { readFile, resolvePath } from "#io/file.ts";
import type { Link } from "#io/link.ts";
import { readSecret } from "#io/named-secret.ts";
import { describedBy, wrongIn } from "#protocol/iec61850/goose/described.ts";
import { Destination } from "#protocol/iec61850/goose/destination.ts";
import type { Followed } from "#protocol/iec61850/goose/following.ts";
import { GooseMeter, type GooseMeterParts } from "#protocol/iec61850/goose/goose-meter.ts";
import { gooseFrame } from "#protocol/iec61850/goose/goose-frame.ts";
import { Meters } from "#protocol/iec61850/goose/meters.ts";
import type { GooseReceiver } from "#protocol/iec61850/goose/receiver.ts";
import { keyOctets, SessionReader, SessionWriter, type SessionKey } from "#protocol/iec61850/goose/session-security.ts";
import { gooseTransports } from "#protocol/iec61850/goose/transports.ts";
import { problemText } from "#protocol/iec61850/scl/problems.ts";
import { readScl } from "#protocol/iec61850/scl/read.ts";
import { goosesOf, type NamedGoose } from "#protocol/iec61850/server/goose-control.ts";
import type { IedHost } from "#protocol/iec61850/server/host.ts";
import { checkApart } from "./goose-apart.ts";
import { plain, problems, routed, type GooseKeys } from "./goose-keys.ts";
import { notSpoken, StationRefused, type Protocol, type Served, type Server, type Station } from "./protocol.ts";

function marks({ keys = [], subscribe }: GooseKeys, folder: string): readonly (string | undefined)[] {
  const files = [
    ...keys.flatMap(({ secret: one }) => ("file" in one ? [one.file] : [])),
    ...subscribe.flatMap(({ scl }) => scl ?? []),
  ];
  return files.map((file) => fileMark(resolvePath(folder, file)));
}

/** Errors of a file that are told. */
const MOST_TOLD = 5;

/** What is followed, as its files describe it. Throws StationRefused with the key that says it. */
function followedBy(station: Station<GooseKeys>, folder: string): readonly Followed[] {
  return station.keys.subscribe.map(({ scl, ...given }, k) => {
    if (scl === undefined) return given;
    const refuse = (why: string, key = "scl"): StationRefused =>
      new StationRefused(station, `subscribe[${k}].${key}`, why);
    let bytes: Uint8Array;
    try {
      bytes = readFile(resolvePath(folder, scl));
    } catch (error) {
      throw refuse(error instanceof Error ? error.message : String(error));
    }
    const file = readScl(bytes);
    const errors = file.ieds.length === 0 ? file.problems.filter(({ kind }) => kind === "error") : [];
    const wrong = [...errors, ...wrongIn(file, given.controlBlock)].slice(0, MOST_TOLD);
    if (wrong.length > 0) throw refuse(wrong.map((one) => problemText(scl, one)).join("; "));
    const found = describedBy(file, given);
    if ("words" in found) throw refuse(`${scl}: ${found.words}`, found.key);
    return found;
  });
}

function hostOf(station: Station<GooseKeys>): IedHost {
  const host = station.device.bindings.iec61850?.({ port: station.port });
  if (host === undefined) throw notSpoken(station, "goose", "IEC 61850");
  return host;
}

const publishedBy = (station: Station<GooseKeys>): readonly string[] =>
  goosesOf(hostOf(station).ied).map(({ reference }) => reference);

type SendOf = (goose: NamedGoose) => ReturnType<GooseMeterParts["sendOf"]>;

function serve(served: Served<GooseKeys>): Server {
  return served.transport.over === "udp" ? serveRouted(served) : serveFrames(served);
}

function meterOf(
  { clock, tell, folder = "." }: Served<GooseKeys>,
  sendOf: (station: Station<GooseKeys>) => SendOf,
): (station: Station<GooseKeys>, receiver: GooseReceiver) => GooseMeter {
  return (station, receiver) =>
    new GooseMeter(
      {
        host: hostOf(station),
        settings: { ...station.keys, subscribe: followedBy(station, folder) },
        clock,
        answers: () => station.answers?.() !== false,
        sendOf: sendOf(station),
        tell: (words) => tell?.(station, words),
      },
      receiver,
    );
}

/** Over Ethernet: a control block without an address is not published. */
function serveFrames(served: Served<GooseKeys>): Server {
  const links = new Set<Link>();
  const sendOf: SendOf = ({ reference, control: { address } }) => {
    if (address === undefined) return "its control block has no address (mac)";
    const { mac, appId, vlan } = address;
    const head = { destination: mac, source: new Uint8Array(6), appId, vlan };
    return (pdu, simulated) => {
      for (const link of links) link.send(gooseFrame({ ...head, simulated }, pdu));
      // An interface does not hear what it sends itself; who follows it here does.
      if (meters.receiver.follows(reference))
        meters.receiver.takeFrame(gooseFrame({ ...head, vlan: undefined, simulated }, pdu));
    };
  };
  checkApart(served.stations, publishedBy);
  const meters: Meters<Station<GooseKeys>> = new Meters(
    served.stations,
    meterOf(served, () => sendOf),
  );
  let begun = false;
  return {
    take(link) {
      links.add(link);
      link.closed(() => void links.delete(link));
      if (begun) meters.begin();
      link.receive((bytes) => {
        // It is lent for the call; values of it are kept.
        if (!meters.receiver.takeFrame(bytes.slice())) served.misunderstood();
      });
    },
    change(stations) {
      const all = stations as readonly Station<GooseKeys>[];
      checkApart(all, publishedBy);
      return meters.change(all);
    },
    get shortcomings() {
      return meters.shortcomings;
    },
    // Before there is a port nobody hears what is said.
    begin() {
      begun = true;
      if (links.size > 0) meters.begin();
    },
    end: () => meters.end(),
  };
}

/** Throws StationRefused with the key that says it. */
function sessionKeys(station: Station<GooseKeys>, folder: string): readonly SessionKey[] {
  return (station.keys.keys ?? []).map(({ id, secret: named, signature, encryption }, k) => {
    let key: Uint8Array | string;
    try {
      key = keyOctets(new TextDecoder().decode(readSecret(named, folder)).trim(), encryption);
    } catch (error) {
      key = error instanceof Error ? error.message : String(error);
    }
    if (typeof key === "string") throw new StationRefused(station, `keys[${k}].secret`, key);
    return { id, signature, encryption, key };
  });
}

/** So many numbers a second a sender may use, that one who starts again has greater ones than before. */
const NUMBERS_A_SECOND = 16;

const refusals = {
  key: "no key of the listener has its number, or ciphers as it does",
  signature: "it is not signed or ciphered with the key of its number",
} as const;

/** Over UDP: to where the site file says, whatever address a control block has on Ethernet. */
function serveRouted(served: Served<GooseKeys>): Server {
  const { clock, folder = ".", misunderstood, stations } = served;
  const all: Destination[] = [];
  const sendOf = (station: Station<GooseKeys>): SendOf => {
    const { to = [], appId: own } = station.keys;
    const [key] = sessionKeys(station, folder);
    const destinations = to.map((one) => new Destination(one));
    all.push(...destinations);
    const first = Math.floor((clock.utc() / 1000) * NUMBERS_A_SECOND) % 2 ** 32;
    const writer = new SessionWriter(key, first);
    return ({ control: { address } }) => {
      const appId = own ?? address?.appId ?? 0;
      // Who only follows need not say so.
      if (destinations.length === 0)
        return station.keys.subscribe.length > 0 ? undefined : "the listener does not say where it goes (to)";
      return (pdu, simulated) => {
        const datagram = writer.write({ simulated, appId, pdu });
        for (const destination of destinations) destination.send(datagram);
      };
    };
  };
  // Keys are the place's.
  const sessions = new SessionReader(sessionKeys(stations[0], folder));
  checkApart(stations, publishedBy);
  const meters = new Meters(stations, meterOf(served, sendOf));
  const said = new Set<string>();
  meters.receiver.refused = (peer, why) => {
    // Once each: whoever sends could say it again and again.
    if (said.has(why)) return;
    said.add(why);
    served.tell?.(stations[0], `GOOSE: a session from ${peer} is not taken: ${refusals[why]}`);
  };
  return {
    take(link) {
      link.receive((bytes) => {
        if (!meters.receiver.takeDatagram(bytes, link.peer, sessions)) misunderstood();
      });
    },
    get shortcomings() {
      return meters.shortcomings;
    },
    begin: () => meters.begin(),
    end() {
      meters.end();
      for (const destination of all) destination.close();
    },
  };
}

export const goose: Protocol<GooseKeys> = {
  name: "goose",
  title: "GOOSE",
  transports: gooseTransports,
  // A message is of this moment: one that waited for the disk would say what was.
  tellsNothingKept: true,
  keys: ({ over }) => (over === "udp" ? routed : plain),
  stationKeys: ["publish", "simulated", "subscribe", "to", "appId"],
  problems,
  marks,
  // By their control blocks, which their configurations have.
  station: () => ({ word: "control block", number: undefined }),
  url: () => ({ path: "", query: [] }),
  serve,
};
