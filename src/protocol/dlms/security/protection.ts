/** How an APDU is protected: the security control byte (Green Book 9.2.7.2.4.3). */
export type SuiteId = 0 | 1 | 2;

export interface Protection {
  readonly suite: SuiteId;
  readonly authenticated: boolean;
  readonly encrypted: boolean;
  /** Under the broadcast key. */
  readonly broadcast: boolean;
  readonly compressed: boolean;
}

const AUTHENTICATED = 0x10;
const ENCRYPTED = 0x20;
const BROADCAST = 0x40;
const COMPRESSED = 0x80;

export function securityControl({ suite, authenticated, encrypted, broadcast, compressed }: Protection): number {
  const bits = [
    [authenticated, AUTHENTICATED],
    [encrypted, ENCRYPTED],
    [broadcast, BROADCAST],
    [compressed, COMPRESSED],
  ] as const;
  return bits.reduce((control, [isSet, bit]) => (isSet ? control | bit : control), suite as number);
}

/** Undefined of a suite that there is not. */
export function protectionOf(control: number): Protection | undefined {
  const suite = control & 0x0f;
  if (suite !== 0 && suite !== 1 && suite !== 2) return undefined;
  return {
    suite,
    authenticated: (control & AUTHENTICATED) !== 0,
    encrypted: (control & ENCRYPTED) !== 0,
    broadcast: (control & BROADCAST) !== 0,
    compressed: (control & COMPRESSED) !== 0,
  };
}
