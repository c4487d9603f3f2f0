/**
 * Control blocks of GOOSE (IEC 61850-7-2, 18.2.1; IEC 61850-8-1, 26): clients read them, and switch them on and off. Whoever publishes looks here. What
 * else they say is configured, and nobody writes it.
 */
import { nodeName, type EthernetAddress, type GooseControl, type Ied } from "#protocol/iec61850/model/ied.ts";
import type { BasicType } from "#protocol/iec61850/model/basic-type.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import { accessErrors, type AccessError } from "./host.ts";
import type { Asker, ServedLeaf, ServedPlace, ServedStructure } from "./served.ts";
import type { MakePart } from "./shown.ts";

/** Which control blocks of an IED publish: all do until somebody switches one off. */
export class GooseSwitches {
  readonly #off = new Set<string>();
  readonly #listeners = new Set<() => void>();

  /** `reference` is "JEM01MTR/LLN0$GO$gcbDI". */
  isOn(reference: string): boolean {
    return !this.#off.has(reference);
  }

  set(reference: string, on: boolean): void {
    if (this.isOn(reference) === on) return;
    if (on) this.#off.delete(reference);
    else this.#off.add(reference);
    for (const run of this.#listeners) run();
  }

  changed(run: () => void): () => void {
    const own = (): void => run();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }
}

/** They are the IED's, whichever of its ports it is reached by; another configuration begins anew. */
const switches = new WeakMap<Ied, GooseSwitches>();

export function gooseSwitchesOf(ied: Ied): GooseSwitches {
  const known = switches.get(ied) ?? new GooseSwitches();
  switches.set(ied, known);
  return known;
}

export interface NamedGoose {
  readonly domain: string;
  readonly node: string;
  readonly control: GooseControl;
  /** "JEM01MTR/LLN0$GO$gcbDI", and "JEM01MTR/LLN0$DI" of its data set. */
  readonly reference: string;
  readonly dataSetReference: string;
}

export function goosesOf({ devices }: Ied): readonly NamedGoose[] {
  return devices.flatMap(({ domain, nodes }) =>
    nodes.flatMap((logicalNode) => {
      const node = nodeName(logicalNode);
      return logicalNode.gooses.map((control) => ({
        domain,
        node,
        control,
        reference: `${domain}/${node}$GO$${control.name}`,
        dataSetReference: `${domain}/${node}$${control.dataSet}`,
      }));
    }),
  );
}

/** One that is written. */
type Write = (value: LeafValue, asker: Asker) => AccessError | undefined;

function leaf(name: string, type: BasicType, read: () => LeafValue, write?: Write): ServedLeaf {
  return { kind: "leaf", name, type, read, ...(write === undefined ? {} : { write }) };
}

/** Without an address all of it is 0, as 8-1 has it of what is not configured. */
function addressFields(address: EthernetAddress | undefined): ServedStructure {
  return {
    kind: "structure",
    name: "DstAddress",
    fields: [
      leaf("Addr", "Octet6", () => address?.mac ?? new Uint8Array(6)),
      leaf("PRIORITY", "INT8U", () => address?.vlan?.priority ?? 0),
      leaf("VID", "INT16U", () => address?.vlan?.id ?? 0),
      leaf("APPID", "INT16U", () => address?.appId ?? 0),
    ],
  };
}

function placeOf({ domain, node, control, reference, dataSetReference }: NamedGoose, all: GooseSwitches): ServedPlace {
  const enable: Write = (value, { session }) => {
    if (typeof value !== "boolean") return accessErrors.typeInconsistent;
    if (session.mayControl(reference) !== undefined) return accessErrors.accessDenied;
    all.set(reference, value);
    return undefined;
  };
  const served: ServedStructure = {
    kind: "structure",
    name: control.name,
    fields: [
      leaf("GoEna", "BOOLEAN", () => all.isOn(reference), enable),
      leaf("GoID", "VisString129", () => control.goId),
      leaf("DatSet", "VisString129", () => dataSetReference),
      leaf("ConfRev", "INT32U", () => control.configRevision),
      leaf("NdsCom", "BOOLEAN", () => control.needsCommissioning),
      addressFields(control.address),
      leaf("MinTime", "INT32U", () => control.minMs),
      leaf("MaxTime", "INT32U", () => control.maxMs),
      leaf("FixedOffs", "BOOLEAN", () => false),
    ],
  };
  return { domain, node, fc: "GO", served };
}

export const gooseControl: MakePart = ({ host: { ied } }) => {
  const all = gooseSwitchesOf(ied);
  return { places: goosesOf(ied).map((one) => placeOf(one, all)), left() {}, close() {} };
};
