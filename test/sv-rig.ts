/** Streams of sampled values on paper: frames of one publisher, at a clock that stands still. */
import { VirtualClock } from "#clock/virtual-clock.ts";
import { AMPS, VOLTS } from "#protocol/iec61850/sv/profiles.ts";
import { SvReceiver } from "#protocol/iec61850/sv/receiver.ts";
import { SvSource, type SvSettings } from "#protocol/iec61850/sv/source.ts";
import { svFrame } from "#protocol/iec61850/sv/sv-frame.ts";
import { writeSvPdu, type AsduFields } from "#protocol/iec61850/sv/sv-pdu.ts";
import type { SampleRun } from "#waveform/source.ts";

export const settings: SvSettings = {
  svId: "MU01",
  rate: 4000,
  values: 8,
  inputs: [4, 5, 6, 0, 1, 2],
  volts: VOLTS,
  amps: AMPS,
  test: false,
  simulated: false,
};

export interface Sent extends Partial<Omit<AsduFields, "data">> {
  readonly appId?: number;
  readonly simulated?: boolean;
  /** The last octet of the sender's address. */
  readonly sender?: number;
  /** Of the value at a place. */
  readonly quality?: Readonly<Record<number, number>>;
  /** Octets of values. */
  readonly size?: number;
  readonly instants?: number;
}

/** A frame whose values say where they are: value v of count n is 100 n + v units. */
export function frameOf(count: number, sent: Sent = {}, rate = 4000): Uint8Array {
  const { appId = 0x4000, simulated = false, sender = 1, quality = {}, size = 64, instants = 1, ...fields } = sent;
  const asdus = Array.from({ length: instants }, (_, k): AsduFields => {
    const data = new Uint8Array(size);
    const view = new DataView(data.buffer);
    for (let v = 0; 8 * v + 8 <= size; v++) {
      view.setInt32(8 * v, 100 * (count + k) + v);
      view.setUint32(8 * v + 4, quality[v] ?? 0);
    }
    return { svId: "MU01", count: (count + k) % rate, revision: 1, synchronised: 2, ...fields, data };
  });
  return svFrame(
    {
      destination: Uint8Array.of(1, 0x0c, 0xcd, 4, 0, 0),
      source: Uint8Array.of(2, 0, 0, 0, 0, sender),
      appId,
      simulated,
    },
    writeSvPdu(asdus),
  );
}

export function following(of: Partial<SvSettings> = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 4, 1));
  const source = new SvSource({ ...settings, ...of }, clock);
  const receiver = new SvReceiver(clock);
  const told: string[] = [];
  source.onTold((words) => told.push(words));
  receiver.follow([source]);
  /** A quarter of a second goes by, and the meter looks. */
  const look = (): readonly SampleRun[] => {
    clock.advance(250);
    return source.read(0.25);
  };
  return { clock, source, receiver, told, look };
}

/** What runs have, as their own. */
export function keptOf(runs: readonly SampleRun[]) {
  return runs.map(({ channels, count, rate, at, joined, missing }) => ({
    count,
    rate,
    at,
    joined,
    missing: missing === undefined ? undefined : [...missing.subarray(0, count)],
    /** Ua in units. */
    va: [...(channels[0] ?? [])].slice(0, count).map((value) => Math.round(value / VOLTS)),
    ib: [...(channels[4] ?? [])].slice(0, count).map((value) => Math.round(value / AMPS)),
  }));
}
