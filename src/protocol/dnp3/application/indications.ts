/** Internal indications of responses (IEEE 1815 clause 4.5): IIN1 is the low octet, IIN2 the high one, as they stand on the wire. */

export const indications = {
  /** A broadcast was received. */
  broadcast: 0x0001,
  /** There are events of class 1 besides those in this response. */
  class1: 0x0002,
  class2: 0x0004,
  class3: 0x0008,
  needTime: 0x0010,
  localControl: 0x0020,
  deviceTrouble: 0x0040,
  deviceRestart: 0x0080,
  /** IIN2.0: the function is not one of this outstation's. */
  noFunction: 0x0100,
  /** IIN2.1: the object, or this variation, is not one of this outstation's for the function. */
  objectUnknown: 0x0200,
  /** IIN2.2: the object is known; the qualifier, range or data is not right. */
  parameterError: 0x0400,
  /** IIN2.3: events were lost. */
  overflow: 0x0800,
  alreadyExecuting: 0x1000,
  configurationCorrupt: 0x2000,
} as const;

export type Indication = keyof typeof indications;

/** What is indicated, in the order of the bits. The two reserved ones have no name. */
export function indicated(iin: number): Indication[] {
  return (Object.keys(indications) as Indication[]).filter((name) => (iin & indications[name]) !== 0);
}
