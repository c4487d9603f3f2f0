/** Who may associate, as the configuration has it: users by their passwords, others by the secrets of the meter. */
import type { Refused, Session } from "#quantity/authority.ts";
import type { ClientSecurity, DlmsClient, Mechanism } from "#protocol/dlms/cosem/logical-device.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { DlmsClientSettings } from "./configuration.ts";
import { secretNames } from "./secrets.ts";

/** What the meter keeps apart from its surface: secrets that protocols compute with. */
export interface DlmsMeans {
  /** Undefined where there is none. */
  readonly secret: (name: string) => Uint8Array | undefined;
  /** Keys and counters of a client; undefined of one that has none. */
  readonly security?: ((client: DlmsClientSettings) => ClientSecurity | undefined) | undefined;
}

/** The secret that each mechanism of high-level security shows: GMAC is made with the authentication key, a signature with a key of the client. */
function secretOf(mechanism: Mechanism, sap: number): string {
  if (mechanism === "high-gmac") return secretNames.authentication(sap);
  return mechanism === "high-ecdsa" ? secretNames.clientSigning(sap) : secretNames.high(sap);
}

export function clientsOf(
  surface: MeterSurface,
  settings: readonly DlmsClientSettings[],
  means: DlmsMeans,
): readonly DlmsClient[] {
  return settings.map((one) => clientOf(surface, one, means));
}

function clientOf(surface: MeterSurface, settings: DlmsClientSettings, { secret, security }: DlmsMeans): DlmsClient {
  const { sap, authentication, user, ciphering } = settings;
  const keys = security?.(settings);
  return {
    sap,
    mechanisms: authentication,
    ciphering,
    ...(keys === undefined ? {} : { security: keys }),
    open: (peer) => surface.open(peer),
    async admitPassword(password, peer): Promise<Session | Refused> {
      if (user === undefined) return { refused: "session", words: [`client ${sap} has no user`] };
      return surface.admit({ kind: "password", user, password: textOf(password) }, peer);
    },
    admitKey: (mechanism, check, peer) => surface.admit({ kind: "key", name: secretOf(mechanism, sap), check }, peer),
    secret: (mechanism) => (mechanism === "none" || mechanism === "low" ? undefined : secret(secretOf(mechanism, sap))),
  };
}

/** Passwords are what people type: UTF-8, of which most are ASCII. */
function textOf(password: Uint8Array): string {
  return new TextDecoder().decode(password);
}
