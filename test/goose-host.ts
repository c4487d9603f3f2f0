/** An IED with two inputs whose statuses GOOSE publishes: a model of its own, with values that a test sets. */
import { iedOf } from "#protocol/iec61850/model/make-ied.ts";
import type { Edition, GooseControl, Ied } from "#protocol/iec61850/model/ied.ts";
import { LeafIndex } from "#protocol/iec61850/model/references.ts";
import { quality, type IedTime, type LeafValue } from "#protocol/iec61850/model/value.ts";
import { TestHost } from "./mms-serving.ts";

/** The control block of the exchanges in ../shared/vectors. */
export const gcbDI: GooseControl = {
  name: "gcbDI",
  goId: "JEM01MTR/LLN0.gcbDI",
  dataSet: "DI",
  configRevision: 1,
  needsCommissioning: false,
  fixedOffsets: false,
  address: { mac: Uint8Array.of(1, 0x0c, 0xcd, 1, 0, 1), appId: 1, vlan: { id: 0, priority: 4 } },
  minMs: 4,
  maxMs: 1000,
};

export function inputsIed(name = "JEM01", edition: Edition = "2", gooses: readonly GooseControl[] = [gcbDI]): Ied {
  const member = (doName: string, daName: string) =>
    ({ ldInst: "MTR", prefix: "IN_", lnClass: "GGIO", lnInst: "1", doName, daName, fc: "ST" }) as const;
  return iedOf({
    name,
    edition,
    manufacturer: "AMETEK",
    type: "JEMStar II",
    configVersion: "1",
    devices: [
      {
        inst: "MTR",
        nodes: [
          {
            lnClass: "LLN0",
            objects: [{ name: "Beh", cdc: "ENS", of: "BehaviourModeKind" }],
            dataSets: [
              {
                name: "DI",
                members: ["Ind1", "Ind2"].flatMap((one) => [member(one, "stVal"), member(one, "q")]),
              },
            ],
            gooses,
          },
          { lnClass: "LPHD", inst: "1", objects: [{ name: "Sim", cdc: "SPC" }] },
          {
            prefix: "IN_",
            lnClass: "GGIO",
            inst: "1",
            objects: [
              { name: "Ind1", cdc: "SPS" },
              { name: "Ind2", cdc: "SPS" },
            ],
          },
        ],
      },
    ],
  });
}

export class InputsHost extends TestHost {
  readonly driven: [input: number, closed: boolean][] = [];
  /** Why inputs cannot be driven. */
  stuck: string | undefined;
  utc = Date.UTC(2026, 4, 1);
  #values: readonly LeafValue[];

  constructor(ied: Ied = inputsIed()) {
    super(ied);
    this.#values = Array.from({ length: ied.leaves });
    this.show({ "LLN0.Beh.stVal": 1, "LPHD1.Sim.stVal": false });
    this.inputs(false, false);
  }

  override now(): IedTime {
    return { utc: this.utc, leapSecondsKnown: true, clockFailure: false, notSynchronised: false, accuracyBits: 10 };
  }

  drive(input: number, closed: boolean): string | undefined {
    if (this.stuck === undefined) this.driven.push([input, closed]);
    return this.stuck;
  }

  inputs(one: boolean, two: boolean, q: number = quality.good): void {
    this.show({
      "IN_GGIO1.Ind1.stVal": one,
      "IN_GGIO1.Ind1.q": q,
      "IN_GGIO1.Ind2.stVal": two,
      "IN_GGIO1.Ind2.q": q,
    });
  }

  /** Values by their paths; the others stay. */
  show(changes: Readonly<Record<string, LeafValue>>): void {
    const leaves = new LeafIndex(this.ied);
    const values = [...this.#values];
    for (const [path, value] of Object.entries(changes)) {
      const index = leaves.find("MTR", path, "ST")?.leaf.index;
      if (index !== undefined) values[index] = value;
    }
    this.#values = values;
    this.set(values);
  }
}
