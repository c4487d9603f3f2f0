/** The control octet of a frame (IEEE 1815, clause 9.2.3.1): who sends it, and what it is. */

export const bits = {
  /** It comes from a master. */
  dir: 0x80,
  /** It comes from the primary station: who began the exchange. */
  prm: 0x40,
  /** Of a primary's: the frame count bit. */
  fcb: 0x20,
  /** Of a primary's: the frame count bit is valid. */
  fcv: 0x10,
  /** Of a secondary's: it has no room for more data. */
  dfc: 0x10,
  function: 0x0f,
} as const;

/** Functions of a primary station. The first user data since the other's restart are preceded by a reset of its link states. */
export const primary = {
  resetLinkStates: 0,
  testLinkStates: 2,
  confirmedUserData: 3,
  unconfirmedUserData: 4,
  requestLinkStatus: 9,
} as const;

/** Functions of a secondary station: its answers. */
export const secondary = { ack: 0, nack: 1, linkStatus: 11, notSupported: 15 } as const;

/** Functions whose frame count bit is valid. */
export function isCounted(code: number): boolean {
  return code === primary.testLinkStates || code === primary.confirmedUserData;
}

const words = {
  primary: new Map<number, string>([
    [primary.resetLinkStates, "RESET_LINK_STATES"],
    [primary.testLinkStates, "TEST_LINK_STATES"],
    [primary.confirmedUserData, "CONFIRMED_USER_DATA"],
    [primary.unconfirmedUserData, "UNCONFIRMED_USER_DATA"],
    [primary.requestLinkStatus, "REQUEST_LINK_STATUS"],
  ]),
  secondary: new Map<number, string>([
    [secondary.ack, "ACK"],
    [secondary.nack, "NACK"],
    [secondary.linkStatus, "LINK_STATUS"],
    [secondary.notSupported, "NOT_SUPPORTED"],
  ]),
};

/** What the standard calls the function of a control octet; undefined of what it does not name. */
export function functionName(control: number): string | undefined {
  return words[(control & bits.prm) === 0 ? "secondary" : "primary"].get(control & bits.function);
}
