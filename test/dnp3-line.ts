/** Outstations at one end of a null modem, whose application answers what a test says, and a master's hand at the other. */
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import { FrameReader } from "#protocol/dnp3/link/frame-reader.ts";
import { frameBytes, headerBytes } from "#protocol/dnp3/link/frame.ts";
import type { Broadcast, FragmentServer, MasterLine } from "#protocol/dnp3/link/master-line.ts";
import { fragmentBytes } from "#protocol/dnp3/link/segments.ts";
import { serveDnp, type DnpOptions, type DnpStation, type StationSettings } from "#protocol/dnp3/link/serve.ts";
import { fromHex, toHex } from "./dnp3-exchanges.ts";

/** As Appendix A of the JEMStar II's manual has them. */
export const usualSettings: StationSettings = {
  address: 1,
  selfAddress: false,
  link: { confirm: "never", timeoutMs: 1000, retries: 3, interCharacterMs: 1000 },
  inactivityMs: 120_000,
};

/** An application layer: what it has been asked, and what it answers, nothing unless said. */
export class AnsweringOutstation implements FragmentServer {
  readonly fragments: string[] = [];
  readonly broadcasts: { readonly fragment: string; readonly address: Broadcast }[] = [];
  /** Those who have asked and are there. */
  readonly masters = new Set<MasterLine>();
  gone = 0;
  answer: (fragment: Uint8Array, from: MasterLine) => Uint8Array | undefined;

  constructor(answer: AnsweringOutstation["answer"] = () => undefined) {
    this.answer = answer;
  }

  take(fragment: Uint8Array, from: MasterLine, broadcast?: Broadcast): void {
    this.masters.add(from);
    if (broadcast !== undefined) {
      this.broadcasts.push({ fragment: toHex(fragment), address: broadcast });
      return;
    }
    this.fragments.push(toHex(fragment));
    const answer = this.answer(fragment, from);
    if (answer !== undefined) from.send(answer);
  }

  ended(line: MasterLine): void {
    this.masters.delete(line);
    this.gone++;
  }
}

/** A response without objects to whatever is asked: its sequence, 0x81, two octets of indications. */
export function nullResponse([control = 0]: Uint8Array): Uint8Array {
  return Uint8Array.of(0xc0 | (control & 0x0f), 0x81, 0, 0);
}

export interface Rig {
  readonly clock: VirtualClock;
  readonly link: Link & { readonly open: boolean };
  readonly server: AnsweringOutstation;
  readonly misunderstood: number;
  /** What has come back since the last time. */
  heard(): string;
  ask(bytes: string | Uint8Array): string;
}

export interface RigSettings extends Partial<Omit<StationSettings, "link">> {
  readonly link?: Partial<StationSettings["link"]> | undefined;
}

/** A station of a server, by settings beside the usual ones. */
export function stationOf(
  server: FragmentServer,
  { link, ...given }: RigSettings = {},
  more: Partial<DnpStation> = {},
): DnpStation {
  const settings = { ...usualSettings, ...given, link: { ...usualSettings.link, ...link } };
  return { server, settings: () => settings, ...more };
}

/** Stations on a link. */
export function rigOf(
  server: AnsweringOutstation,
  stations: readonly DnpStation[],
  { clock = new VirtualClock(), ...options }: DnpOptions & { readonly clock?: VirtualClock } = {},
): Rig {
  const [here, there] = nullModem();
  let heard: Uint8Array[] = [];
  let misunderstood = 0;
  here.receive((bytes) => heard.push(bytes));
  serveDnp(there, stations, clock, { misunderstood: () => void misunderstood++, ...options });
  const taken = (): string => {
    const all = toHex(Buffer.concat(heard));
    heard = [];
    return all;
  };
  return {
    clock,
    link: here,
    server,
    get misunderstood() {
      return misunderstood;
    },
    heard: taken,
    ask(bytes) {
      heard = [];
      here.send(typeof bytes === "string" ? fromHex(bytes) : bytes);
      return taken();
    },
  };
}

/** One station at address 1. */
export function rig(answer: AnsweringOutstation["answer"] = nullResponse, settings: RigSettings = {}): Rig {
  const server = new AnsweringOutstation(answer);
  return rigOf(server, [stationOf(server, settings)]);
}

/** Who sends a frame, and to whom: master 100 to outstation 1 unless said. */
interface Ends {
  readonly to?: number;
  readonly from?: number;
}

/** A frame of a master without user octets. */
export function header(control: number, { to = 1, from = 100 }: Ends = {}): Uint8Array {
  return headerBytes({ control, destination: to, source: from });
}

/** A fragment in one frame, in segment 0. */
export function data(control: number, fragment: string, { to = 1, from = 100 }: Ends = {}): Uint8Array {
  const octets = fromHex(fragment);
  return frameBytes({ control, destination: to, source: from, data: Uint8Array.of(0xc0, ...octets) });
}

/** A fragment of a master in as many frames as it takes. */
export function request(fragment: Uint8Array, { to = 1, from = 100 }: Ends = {}, sequence = 0): Uint8Array {
  return fragmentBytes({ control: 0xc4, destination: to, source: from }, fragment, sequence);
}

/** What came, frame by frame: control octets, and user octets behind them. */
export function controls(hex: string): readonly string[] {
  const reader = new FrameReader();
  reader.add(fromHex(hex));
  const found: string[] = [];
  for (let frame = reader.next(); frame !== undefined; frame = reader.next())
    found.push([toHex(Uint8Array.of(frame.control)), toHex(frame.data)].join(" ").trim());
  return found;
}

/** Whether an outstation at address 1 says that it is there; what was cut off before may take two questions with it. */
export function isHealthy(one: Pick<Rig, "ask">): boolean {
  for (let tries = 0; tries < 4; tries++)
    if (one.ask("05 64 05 c9 01 00 64 00 16 e1").endsWith("05 64 05 0b 64 00 01 00 c8 29")) return true;
  return false;
}
