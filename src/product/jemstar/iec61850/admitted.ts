/** What a client of IEC 61850 may do to a meter: everything goes through the meter's own rights. */
import type { Leaf } from "#protocol/iec61850/model/ied.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import {
  accessErrors,
  addCauses,
  type AccessError,
  type AddCause,
  type IedClient,
  type IedSession,
} from "#protocol/iec61850/server/host.ts";
import { isRefused, type MeterCommand, type Outcome, type Refusal, type Session } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { sendScl } from "#product/sent-scl.ts";
import { removeFile } from "#product/removed-file.ts";

export interface AdmittedMeans {
  readonly surface: MeterSurface;
  readonly session: Session;
  readonly client: Pick<IedClient, "rights">;
  /** The data object whose dead band a leaf is; undefined of another leaf. */
  readonly deadbandOf: (leaf: Leaf) => string | undefined;
  /** The text of a configuration in which one has another dead band. */
  readonly withDeadband: (of: string, db: number) => string;
  /** Something was told the meter: what it shows may be another. */
  readonly told: () => void;
}

const MOST_DEADBAND = 100_000;

/** Why a command is not done, as a control says it (7-2, AddCause). */
const causes: Readonly<Partial<Record<Refusal, AddCause>>> = {
  session: addCauses.noAccessAuthority,
  privilege: addCauses.noAccessAuthority,
  lockout: addCauses.noAccessAuthority,
  key: addCauses.blockedByInterlocking,
  mid: addCauses.blockedByInterlocking,
  testMode: addCauses.blockedByMode,
  power: addCauses.blockedByHealth,
  store: addCauses.blockedByHealth,
  unsupported: addCauses.notSupported,
  invalid: addCauses.inconsistentParameters,
};

function causeOf(outcome: Outcome | ReturnType<MeterSurface["permits"]>): AddCause | undefined {
  return isRefused(outcome) ? (causes[outcome.refused] ?? addCauses.unknown) : undefined;
}

/** The channel that an output is by its reference, "JEM01MTR/Out_GGIO2.SPCSO5". */
function channelOf(reference: string): number | undefined {
  const [, digit] = /\bOut_GGIO2[.$](?:CO\$)?SPCSO(\d)$/.exec(reference) ?? [];
  return digit === undefined ? undefined : Number(digit);
}

/** Places of the meter that a client of IEC 61850 reads. */
const places = ["readings", "registers", "files"] as const;

export function admitted(means: AdmittedMeans): IedSession {
  const { surface, session, client, told } = means;
  const isReader = client.rights !== "write";
  const tell = (command: MeterCommand): Outcome => {
    const outcome = surface.obey(command, session);
    told();
    return outcome;
  };
  return {
    mayRead: () => places.every((place) => surface.bars(place, session) === undefined),
    mayKeep: () => !isReader && surface.permits("configure", session) === undefined,
    write: (leaf, value) => (isReader ? accessErrors.accessDenied : writeDeadband(means, leaf, value)),
    mayControl(reference) {
      // A control block of GOOSE is switched by who may configure protocols.
      if (/\$GO\$/.test(reference))
        return isReader ? addCauses.noAccessAuthority : causeOf(surface.permits("configure", session));
      if (channelOf(reference) === undefined) return addCauses.notSupported;
      return isReader ? addCauses.noAccessAuthority : causeOf(surface.permits("outputs", session));
    },
    control(reference, value) {
      const channel = channelOf(reference);
      if (channel === undefined) return addCauses.notSupported;
      if (isReader) return addCauses.noAccessAuthority;
      if (typeof value !== "boolean") return addCauses.inconsistentParameters;
      return causeOf(tell({ command: "outputs", values: [{ channel, closed: value }] }));
    },
    async putFile(name, content) {
      if (isReader) return { why: "access", words: "this client may only read" };
      const refused = await sendScl(surface, session, name, content);
      told();
      return refused && { why: refused.refused === "denied" ? "access" : "invalid", words: refused.words };
    },
    removeFile(name) {
      if (isReader) return { why: "access", words: "this client may only read" };
      const refused = removeFile(surface, session, name);
      told();
      return refused && { why: refused.refused === "none" ? "missing" : "access", words: refused.words };
    },
    left: () => surface.leave(session),
  };
}

/** Dead bands are settings of the meter: who may configure protocols may write them. */
function writeDeadband(
  { surface, session, deadbandOf, withDeadband, told }: AdmittedMeans,
  leaf: Leaf,
  value: LeafValue,
): AccessError | undefined {
  const of = deadbandOf(leaf);
  if (of === undefined || surface.permits("configure", session) !== undefined) return accessErrors.accessDenied;
  if (typeof value !== "number" || value < 0 || value > MOST_DEADBAND) return accessErrors.valueInvalid;
  const outcome = surface.obey({ command: "configure", configuration: withDeadband(of, value) }, session);
  told();
  if (!isRefused(outcome)) return undefined;
  return outcome.refused === "store" ? accessErrors.temporarilyUnavailable : accessErrors.accessDenied;
}
