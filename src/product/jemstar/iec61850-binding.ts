/** IEC 61850 on a JEMStar II (Appendix E): its model by its configuration, its values by its surface, its rights by its authority. */
import { admitted } from "#product/jemstar/iec61850/admitted.ts";
import { PASSWORD } from "#product/jemstar/iec61850/configuration.ts";
import type { MeterIed } from "#product/jemstar/iec61850/meter-ied.ts";
import type { IedClient, IedHost, IedSession, ReportStore } from "#protocol/iec61850/server/host.ts";
import { isRefused } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";

export interface Iec61850Means {
  readonly ied: MeterIed;
  /** Another one whenever another password is set; empty where there is none. */
  readonly password: () => string;
  /** Whether what was shown is a secret, however much of it is right. */
  readonly isSame: (secret: Uint8Array, shown: Uint8Array) => boolean;
  /** How often everything was erased. */
  readonly erasures: () => number;
  /** Where buffered reports of a port lie. */
  readonly reports: (port: string) => ReportStore;
}

/** `port` is the meter's, by name. */
export function iec61850Host(surface: MeterSurface, port: string, means: Iec61850Means): IedHost {
  const { ied } = means;
  const outages = growing(() => surface.log("powerOutage").next);
  let password = means.password();
  let passwords = 0;
  return {
    // A meter that starts again knows nobody, nor does one whose password is another, or of which all was erased.
    get epoch() {
      if (means.password() !== password) {
        password = means.password();
        passwords++;
      }
      return ied.models + outages() + passwords + means.erasures();
    },
    get ied() {
      return ied.made.ied;
    },
    get settings() {
      return ied.made.settings;
    },
    answers: () => surface.answers(port, "mms") || surface.answers(port, "goose"),
    image: () => ied.image(),
    changed: (run) => ied.changed(run),
    now: () => ied.now(),
    controlled(reference, state) {
      ied.made.values.controls.set(reference, state);
      ied.tell();
    },
    get files() {
      return surface.files;
    },
    reports: means.reports(port),
    drive(input, closed) {
      // What is wired to the meter: nobody's session, as whatever closes a contact has none.
      const session = surface.open({ protocol: "goose", port, address: "", near: true, operator: true });
      const outcome = surface.obey({ command: "input", channel: input, closed }, session);
      surface.leave(session);
      return isRefused(outcome) ? outcome.words.join("; ") : undefined;
    },
    whyNoInput(input) {
      const isInput = surface.channels.some(({ channel, mode }) => channel === input && mode.startsWith("input"));
      return isInput ? undefined : `channel ${input} is no input`;
    },
    admit: (client) => admit(surface, port, means, client),
  };
}

/** A count that begins anew with the log that it is of, as one that grows. */
function growing(count: () => number): () => number {
  let before = count();
  let gone = 0;
  return () => {
    const now = count();
    if (now < before) gone += before;
    before = now;
    return gone + now;
  };
}

/** Who shows the password is the user whose it is; who shows none reads. */
async function admit(
  surface: MeterSurface,
  port: string,
  { ied, isSame }: Iec61850Means,
  client: IedClient,
): Promise<IedSession | string> {
  if (client.rights === "none") return "the certificate has no role that may do anything";
  const peer = { protocol: "mms", port, address: client.peer, near: client.near, operator: false };
  const { password } = client;
  const session =
    password === undefined
      ? surface.open(peer)
      : await surface.admit({ kind: "key", name: PASSWORD, check: (secret) => isSame(secret, password) }, peer);
  if (isRefused(session)) return session.words.join("; ");
  return admitted({
    surface,
    session,
    client,
    deadbandOf: (leaf) => ied.made.deadbands.get(leaf.index),
    withDeadband: (of, db) => ied.withDeadband(of, db),
    told: () => ied.tell(),
  });
}
