/**
 * Sampled values as a row of the table: what stands before a meter's terminals. A listener of it is a merging unit, which publishes what the
 * meter's source gives; and a meter whose source is a stream is fed from the place that its source names.
 */
import type { Clock } from "#clock/clock.ts";
import { SvSource } from "#protocol/iec61850/sv/source.ts";
import { inputs } from "#waveform/channel-map.ts";
import { ethernet, ethernetKeys, type EthernetKeys } from "./ethernet-carrier.ts";
import { parseMac } from "#io/ethernet-frame.ts";
import type { FaultyLink } from "#io/faulty-link.ts";
import {
  AMPS,
  instantsOf,
  ratesOf,
  ratesOfAll,
  standards,
  VOLTS,
  type Standard,
} from "#protocol/iec61850/sv/profiles.ts";
import { SvPublisher } from "#protocol/iec61850/sv/publisher.ts";
import { SvReceiver } from "#protocol/iec61850/sv/receiver.ts";
import { svTransports } from "#protocol/iec61850/sv/transports.ts";
import { EvenSamples } from "#waveform/even-samples.ts";
import { z } from "zod";
import { StationRefused, type ListenEntry, type Protocol, type Served, type Server, type Station } from "./protocol.ts";

const svId = z.string().min(1).max(129).describe("by which streams are told apart, svID");
const standard = z.enum(standards).default("9-2LE").describe("whose frames they are, 9-2LE or IEC 61869-9");
const rate = z
  .literal(ratesOfAll)
  .default(4800)
  .describe("samples a second: 4000 and 4800 are 80 a cycle of 50 and 60 Hz, 12800 and 15360 are 256");
const appId = z.number().int().min(0).max(0xffff);

/** What a standard does not have, by the key. */
function rateProblem(standard: Standard, rate: number): string | undefined {
  if (instantsOf(standard, rate) !== undefined) return undefined;
  return `expected a rate of ${standard} (${ratesOf(standard).join(", ")}), found ${rate}`;
}

/** smpSynch by the words of site files. */
const synchronisations = { none: 0, local: 1, global: 2 } as const;
type Synchronisation = keyof typeof synchronisations;

/** To groups of sampled values (IEC 61850-9-2, annex B). */
const USUAL_DESTINATION = "01-0C-CD-04-00-00";
const USUAL_APP_ID = 0x4000;

const published = {
  svID: svId,
  standard,
  rate,
  appId: appId.default(USUAL_APP_ID),
  destination: z
    .string()
    .refine((text) => parseMac(text) !== undefined, { message: "expected an address, like 01-0C-CD-04-00-01" })
    .default(USUAL_DESTINATION)
    .describe("to which frames go"),
  vlan: z
    .strictObject({
      id: z.number().int().min(0).max(4095).default(0),
      priority: z.number().int().min(0).max(7).default(4),
    })
    .optional()
    .describe("a tag of a VLAN; none unless said"),
  dataSet: z.string().max(129).optional().describe("what frames say of their data set; nothing unless said"),
  configRevision: z.number().int().min(0).max(0xffff_ffff).default(1),
  synchronised: z
    .enum(Object.keys(synchronisations) as [Synchronisation, ...Synchronisation[]])
    .default("local")
    .describe("what frames say of their clock: nothing keeps it, the area's own does, or one of the whole world"),
  saysRate: z.boolean().default(false).describe("frames say how fast it samples (smpRate, smpMod)"),
  test: z.boolean().default(false).describe("values say that they are a test"),
  simulated: z.boolean().default(false).describe("frames say that they are a simulation"),
};

type Published = z.output<z.ZodObject<typeof published>>;

/** Of an entry that a site makes itself for a meter that follows a stream. */
interface Following {
  readonly follows: true;
}

type SvKeys = Published | Following;

const [overEthernet] = svTransports;

function isFollowing(keys: SvKeys): keys is Following {
  return "follows" in keys;
}

const positive = z.number().positive();
const channelOfStream = z.int().min(1).max(64).describe("which of the values of an instant, from 1");

export const stream = z
  .strictObject({
    ...ethernetKeys,
    svID: svId,
    standard,
    rate,
    appId: appId.optional().describe("that its frames have to have; any unless said"),
    configRevision: z.number().int().min(0).max(0xffff_ffff).optional().describe("the same"),
    values: z
      .int()
      .min(1)
      .max(64)
      .default(8)
      .describe("of an instant: currents of a, b, c and n, then voltages, unless said"),
    map: z
      .strictObject({
        va: channelOfStream.optional(),
        vb: channelOfStream.optional(),
        vc: channelOfStream.optional(),
        ia: channelOfStream.optional(),
        ib: channelOfStream.optional(),
        ic: channelOfStream.optional(),
      })
      .default({ ia: 1, ib: 2, ic: 3, va: 5, vb: 6, vc: 7 })
      .describe("which value feeds which input; what is not named stays at zero"),
    volts: positive.default(VOLTS).describe("primary, of one unit of a value"),
    amps: positive.default(AMPS).describe("the same"),
    test: z.boolean().default(false).describe("takes values that say they are a test"),
    simulated: z.boolean().default(false).describe("follows a simulation, and nothing else"),
  })
  .refine((given) => (given.interface === undefined) !== (given.bridge === undefined), {
    path: ["interface"],
    message: "expected one of interface, bridge",
  })
  .refine((given) => rateProblem(given.standard, given.rate) === undefined, {
    path: ["rate"],
    error: ({ input }) => {
      const { standard, rate } = input as { standard: Standard; rate: number };
      return rateProblem(standard, rate);
    },
  })
  .refine(({ map, values }) => Object.values(map).every((one) => one === undefined || one <= values), {
    path: ["map"],
    message: "expected no number above values",
  })
  .describe("a stream of sampled values, IEC 61850-9-2");

export type StreamEntry = z.output<typeof stream>;

/** `real` is the time by which streams go, however fast the site's clock does. */
export function streamSource(entry: StreamEntry, real: Clock): SvSource {
  const { svID, map, configRevision, rate, values, volts, amps, appId, test, simulated } = entry;
  const places = inputs.map((input) => (map[input] === undefined ? undefined : map[input] - 1));
  return new SvSource(
    { svId: svID, inputs: places, revision: configRevision, rate, values, volts, amps, appId, test, simulated },
    real,
  );
}

/** The entry that a source makes which is a stream: where it comes. */
export function followingEntry(place: EthernetKeys): ListenEntry<Following & EthernetKeys> {
  const { interface: name, bridge } = place;
  const keys = { interface: name, bridge, follows: true } as const;
  return {
    protocol: "sv",
    transport: overEthernet.name,
    port: ethernet.port,
    place: ethernet.place(keys, overEthernet),
    keys,
    faults: [],
  };
}

function publisherOf(station: Station<SvKeys>, { clock }: Served<SvKeys>, send: (frame: Uint8Array) => void) {
  const { keys, device } = station;
  if (isFollowing(keys)) return undefined;
  const { waveform } = device;
  if (waveform?.play === undefined)
    throw new StationRefused(station, "sv", "its source has no waveform to publish; expected synthetic or recording");
  const { play } = waveform;
  const { svID, destination, vlan, configRevision, synchronised, standard, rate, ...rest } = keys;
  const stream = {
    ...rest,
    svId: svID,
    destination: parseMac(destination) ?? new Uint8Array(6),
    source: new Uint8Array(6),
    vlan,
    revision: configRevision,
    synchronised: synchronisations[synchronised],
    rate,
    instants: instantsOf(standard, rate) ?? 1,
  };
  return () => new SvPublisher(stream, new EvenSamples(play(rate), rate), clock, send);
}

function serve(served: Served<SvKeys>): Server {
  const links = new Set<FaultyLink>();
  const receiver = new SvReceiver(served.clock);
  let publishers: ReadonlyMap<Station<SvKeys>, SvPublisher> = new Map();
  const send = (frame: Uint8Array): void => {
    // Each link has frames of its own, with its address.
    let own = frame;
    for (const link of links) {
      link.send(own);
      // What goes out does not come in again: meters of the site that follow it have it here.
      receiver.takeFrame(own);
      own = own.slice();
    }
  };
  let begun = false;
  const goOn = (): void => {
    if (begun && links.size > 0) for (const one of publishers.values()) one.begin();
  };
  const change = (stations: readonly Station<SvKeys>[]): (() => void) => {
    const makes = stations.map((station) => [station, publisherOf(station, served, send)] as const);
    return () => {
      const now = new Map<Station<SvKeys>, SvPublisher>();
      for (const [station, make] of makes) {
        const one = publishers.get(station) ?? make?.();
        if (one !== undefined) now.set(station, one);
      }
      for (const [station, one] of publishers) if (!now.has(station)) one.end();
      publishers = now;
      const followed = stations.flatMap((station) => {
        const source = station.device.waveform?.source;
        if (!isFollowing(station.keys) || !(source instanceof SvSource)) return [];
        source.onTold((words) => served.tell?.(station, `${source.settings.svId}: ${words}`));
        return source;
      });
      receiver.follow(followed);
      goOn();
    };
  };
  let later: (() => void) | undefined = change(served.stations);
  return {
    take(link) {
      links.add(link);
      link.closed(() => void links.delete(link));
      link.receive((bytes) => {
        if (!receiver.takeFrame(bytes)) served.misunderstood();
      });
      goOn();
    },
    change(stations) {
      later = undefined;
      return change(stations as readonly Station<SvKeys>[]);
    },
    // What plays a recording opens it: not before somebody is to hear it.
    begin() {
      later?.();
      later = undefined;
      begun = true;
      goOn();
    },
    end() {
      for (const one of publishers.values()) one.end();
    },
  };
}

export const sampledValues: Protocol<SvKeys> = {
  name: "sv",
  title: "sampled values",
  transports: svTransports,
  tellsNothingKept: true,
  besideTheMeter: true,
  keys: () => published,
  stationKeys: [...Object.keys(published), "follows"],
  problems(keys) {
    if (isFollowing(keys)) return [];
    const problem = rateProblem(keys.standard, keys.rate);
    return problem === undefined ? [] : [`rate: ${problem}`];
  },
  // Several meters may follow one stream, and each publishes one of its own.
  station: (keys) => ({ word: "svID", number: undefined, ...(isFollowing(keys) ? {} : { name: keys.svID }) }),
  url: () => ({ path: "", query: [] }),
  serve,
};
