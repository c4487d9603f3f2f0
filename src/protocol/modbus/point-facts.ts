/**
 * What is known of a point of a meter whose registers are lists that its owner made: enough to read it. A product makes these of
 * its configuration, a reader knows nothing else of either.
 */
export interface PointFacts {
  /** As manuals number it: counters are holding registers from 40001, analogs input registers from 30001. */
  readonly register: number;
  /** What it is, in the names of the glossary: "Wh.import.rateA". */
  readonly name: string;
  /** What the meter's owner calls it; empty where he calls it nothing. */
  readonly label: string;
  /** Of the value that is made of it: "kWh"; empty of what has none. */
  readonly unit: string;
  /** What the value has to be multiplied by to be in SI units: 1000 of kWh. */
  readonly scale: number;
  /** It is an instant: seconds since 1970 by the wall clock, 0 of what has not been. */
  readonly instant?: true;
  /** Of one register, or of two. */
  readonly bits: 16 | 32;
  readonly signed: boolean;
  /** Its register is the number that the meter shows times this, */
  readonly scaling: number;
  /** and the value that is read is what the meter shows times this: from the secondary to the primary side. */
  readonly factor: number;
}

export interface PointLists {
  readonly points: readonly PointFacts[];
  /** Which half of a value of two registers comes first. */
  readonly order: "high first" | "low first";
}
