/** A data set of two inputs with their qualities, and who publishes and follows it, at a clock that stands still. */
import { VirtualClock } from "#clock/virtual-clock.ts";
import { writeLeaf } from "#protocol/iec61850/mms/attribute-data.ts";
import type { GooseControl, Leaf } from "#protocol/iec61850/model/ied.ts";
import { quality, type IedTime, type LeafValue } from "#protocol/iec61850/model/value.ts";
import { readGoosePdu, type GoosePdu } from "#protocol/iec61850/goose/goose-pdu.ts";
import { GoosePublisher, type Published } from "#protocol/iec61850/goose/publisher.ts";

export const control: GooseControl = {
  name: "gcbDI",
  goId: "inputs",
  dataSet: "DI",
  configRevision: 3,
  needsCommissioning: false,
  fixedOffsets: false,
  address: {
    mac: Uint8Array.of(1, 0x0c, 0xcd, 1, 0, 7),
    appId: 0x3007,
    vlan: { id: 5, priority: 4 },
  },
  minMs: 4,
  maxMs: 1000,
};

function leaf(name: string, type: Leaf["type"], index: number, triggers: Leaf["triggers"]): Leaf {
  return { kind: "leaf", name, fc: "ST", type, index, triggers };
}

const leaves = [
  leaf("stVal", "BOOLEAN", 0, { dataChange: true }),
  leaf("q", "Quality", 1, { qualityChange: true }),
  leaf("t", "Timestamp", 2, {}),
  leaf("stVal", "BOOLEAN", 3, { dataChange: true }),
  leaf("q", "Quality", 4, { qualityChange: true }),
];

export const published: Published = {
  control,
  reference: "MTR/LLN0$GO$gcbDI",
  dataSetReference: "MTR/LLN0$DI",
  simulated: false,
  set: {
    members: leaves.map((one) => ({
      leaves: [{ leaf: one, triggers: one.triggers }],
      write: (out, values) => writeLeaf(out, one, values[one.index]),
    })),
  },
};

export interface Sent {
  readonly at: number;
  readonly pdu: GoosePdu;
  readonly simulated: boolean;
  readonly octets: Uint8Array;
}

export function publishing(of: Partial<Published> = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 4, 1));
  const sent: Sent[] = [];
  const now = (): IedTime => ({
    utc: clock.utc(),
    leapSecondsKnown: true,
    clockFailure: false,
    notSynchronised: false,
    accuracyBits: 10,
  });
  const state = { on: true, test: false };
  let image: { values: readonly LeafValue[] } = { values: [false, quality.good, now(), true, quality.good] };
  const publisher = new GoosePublisher(
    { ...published, ...of },
    {
      clock,
      host: { image: () => image, now, isOn: () => state.on, isInTest: () => state.test },
      send(view, simulated) {
        const octets = view.slice();
        sent.push({ at: clock.elapsed(), pdu: readGoosePdu(octets), simulated, octets });
      },
    },
  );
  return {
    clock,
    sent,
    state,
    publisher,
    /** Values are others; the publisher looks. */
    set(changes: Readonly<Record<number, LeafValue>>) {
      image = { values: image.values.map((value, k) => (k in changes ? changes[k] : value)) };
      publisher.look();
    },
  };
}
