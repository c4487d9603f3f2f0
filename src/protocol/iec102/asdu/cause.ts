/** Why an ASDU is sent (IEC 60870-5-102, 7.2.3). */
export const Cause = {
  spontaneous: 3,
  initialised: 4,
  requested: 5,
  activation: 6,
  confirmation: 7,
  deactivation: 8,
  deactivated: 9,
  termination: 10,
  noRecord: 13,
  noType: 14,
  unknownRecord: 15,
  unknownAddress: 16,
  noObject: 17,
  noPeriod: 18,
} as const;
export type Cause = (typeof Cause)[keyof typeof Cause];

const words: Readonly<Record<number, string>> = {
  [Cause.spontaneous]: "spontaneous",
  [Cause.initialised]: "initialised",
  [Cause.requested]: "request or requested",
  [Cause.activation]: "activation",
  [Cause.confirmation]: "confirmation of activation",
  [Cause.deactivation]: "deactivation",
  [Cause.deactivated]: "confirmation of deactivation",
  [Cause.termination]: "termination of activation",
  [Cause.noRecord]: "the requested record is not available",
  [Cause.noType]: "the requested type of ASDU is not available",
  [Cause.unknownRecord]: "the number of the record is not known",
  [Cause.unknownAddress]: "the address is not known",
  [Cause.noObject]: "the requested object is not available",
  [Cause.noPeriod]: "the requested integration period is not available",
};

export function causeText(cause: number): string {
  return words[cause] ?? `cause ${cause}`;
}
