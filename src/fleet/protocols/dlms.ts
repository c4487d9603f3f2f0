/**
 * DLMS/COSEM as a row of the table: through the wrapper over TCP and UDP, and by HDLC over serial lines, TCP, and optical ports after a
 * sign-on. A wrapper's place has one meter; on a line of HDLC meters are told apart by their physical addresses.
 */
import { isLoopback } from "#io/address.ts";
import type { FaultyLink } from "#io/faulty-link.ts";
import type { PacedLine } from "#io/serial.ts";
import type { ApduServer } from "#protocol/dlms/apdu/conversation.ts";
import type { DlmsHost } from "#protocol/dlms/cosem/logical-device.ts";
import { HdlcLine, serveHdlc, type HdlcStation } from "#protocol/dlms/hdlc/secondary.ts";
import { dlmsServer } from "#protocol/dlms/server/dlms-server.ts";
import { dlmsTransports, framingOf } from "#protocol/dlms/transports.ts";
import { serveWrapper } from "#protocol/dlms/wrapper.ts";
import { bauds, type Identification } from "#protocol/iec62056-21/identification.ts";
import { ModeE } from "#protocol/iec62056-21/mode-e.ts";
import { limits } from "#quantity/limits.ts";
import { z } from "zod";
import {
  notApart,
  notSpoken,
  StationRefused,
  type Line,
  type Protocol,
  type Served,
  type Server,
  type Station,
  type Transport,
} from "./protocol.ts";

interface DlmsKeys {
  readonly near?: boolean | undefined;
  readonly signOn?: "mode-e" | "none" | undefined;
}

const near = z
  .boolean()
  .default(true)
  .describe("factory passwords work for peers on this machine; false where a tunnel ends there");

const signOn = z
  .enum(["mode-e", "none"])
  .default("mode-e")
  .describe("mode-e: begins at 300 baud as IEC 62056-21 has it; none: HDLC at once, at its own speed");

/** A meter behind a place. */
interface Behind {
  readonly station: Station<DlmsKeys>;
  readonly host: DlmsHost;
  readonly server: ApduServer;
}

function behindOf(station: Station<DlmsKeys>): Behind {
  const { device, port } = station;
  const host = device.bindings.dlms?.({ port });
  if (host === undefined) throw notSpoken(station, "dlms", "DLMS");
  return { station, host, server: dlmsServer(host, { port }) };
}

function answers({ station, host }: Behind): boolean {
  return station.answers?.() !== false && host.answers();
}

/** Whom nobody could tell apart. */
function mustDiffer(all: readonly Behind[], isOne: boolean): void {
  const found = new Map<number, string>();
  for (const { station, host } of all) {
    const { physical } = host.settings.hdlc;
    const { name } = station.device;
    const [other] = found.values();
    if (isOne && other !== undefined)
      throw new StationRefused(
        station,
        "dlms",
        other === name
          ? `${name} is there twice on one place, where the wrapper has room for one`
          : `${other} and ${name} are both on one place, where the wrapper has room for one`,
      );
    const same = found.get(physical);
    if (same !== undefined) throw notApart(station, "dlms", same, `physical address ${physical}`);
    found.set(physical, name);
  }
}

/** Who holds an optical head to a meter stands before it; where a serial line ends nobody knows. */
function isNear({ keys }: Station<DlmsKeys>, peer: string, { over }: Transport): boolean {
  if (over === "optical") return true;
  return over !== "serial" && keys.near === true && isLoopback(peer.replace(/:\d+$/, ""));
}

/** Who a meter is, in the words of its logical device name: three letters of the manufacturer, and its own. */
function identificationOf({ host, station }: Behind, baud: number): Identification {
  const name = (host.logicalDevices[0]?.name ?? station.device.name).replaceAll(/[^ -~]|[/\\!]/g, "");
  const [fastest = "0"] = Object.entries(bauds).findLast(([, one]) => one <= baud) ?? [];
  return { manufacturer: name.slice(0, 3), baud: fastest, enhanced: ["2"], text: name.slice(3, 19) };
}

function serve(served: Served<DlmsKeys>): Server {
  const { transport, stations, clock, misunderstood } = served;
  const isWrapper = framingOf(transport) === "wrapper";
  const isLine = transport.over === "serial" || transport.over === "optical";
  const all = stations.map(behindOf);
  mustDiffer(all, isWrapper);
  const [first] = all;
  if (first === undefined) throw new Error("nobody is behind this place");
  if (isWrapper) {
    const datagrams = transport.over === "udp";
    return {
      take: (link) =>
        serveWrapper(link, first.server, {
          near: isNear(first.station, link.peer, transport),
          datagrams,
          strangers: datagrams ? { clock, mostMs: limits.dlms.strangerMs } : undefined,
          misunderstood,
          answers: () => answers(first),
        }),
    };
  }
  const hdlc = all.map((one): HdlcStation => {
    const { station, host, server } = one;
    const { device, port } = station;
    return {
      server,
      settings: () => host.settings.hdlc,
      has: (sap) => host.logicalDevices.some((device) => device.sap === sap),
      answers: () => answers(one),
      ...(transport.over === "serial" ? { answerDelayMs: () => device.answerDelayMs?.(port) ?? 0 } : {}),
      ...(isLine ? { connected: () => served.connected(station), left: () => served.left(station) } : {}),
    };
  });
  const signOns = transport.over === "optical" && first.station.keys.signOn !== "none";
  return {
    take(link, line) {
      if (signOns && line?.pace !== undefined) return takeOptical(link, { ...line, pace: line.pace });
      const options = { near: isNear(first.station, link.peer, transport), misunderstood };
      serveHdlc(link, () => hdlc, clock, options);
    },
  };

  function takeOptical(link: FaultyLink, { baud, pace }: Line & { readonly pace: PacedLine }): void {
    const head = new ModeE(link, pace, clock, {
      identification: () => identificationOf(first as Behind, baud),
      isMeant: (address) => address === "" || all.some(({ host }) => String(host.settings.hdlc.physical) === address),
      answers: () => all.some(answers),
      silenceMs: () => (first as Behind).host.settings.hdlc.inactivityMs,
      enter() {
        const data = new HdlcLine(link, () => hdlc, clock, { near: true, misunderstood, idle: () => head.leave() });
        return { receive: (bytes) => data.receive(bytes), end: () => data.end() };
      },
      misunderstood,
    });
  }
}

export const dlms: Protocol<DlmsKeys> = {
  name: "dlms",
  title: "DLMS/COSEM",
  transports: dlmsTransports,
  keys({ over }) {
    if (over === "optical") return { signOn };
    return over === "serial" ? {} : { near };
  },
  station: (_keys, own, transport) =>
    framingOf(transport) === "wrapper" ? undefined : { word: "physical", number: own },
  url: (_transport, station) => ({
    path: "",
    query: station?.number === undefined ? [] : [`physical=${station.number}`],
  }),
  serve,
};
