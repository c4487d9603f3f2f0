/**
 * What is known of a point of a meter whose points are lists that its owner made: enough to say what its number means. A product makes
 * these of its configuration, a reader knows nothing else of either.
 */
export interface PointFacts {
  readonly kind: "counter" | "frozen counter" | "analog" | "binary" | "output";
  readonly index: number;
  /** What it is, in the names of the glossary: "Wh.import.rateA". */
  readonly name: string;
  /** What the meter's owner calls it; empty where he calls it nothing. */
  readonly label: string;
  /** Which variation has the number that is meant here, whole. */
  readonly variation: number;
  /** Of the value that is made of it: "kWh"; empty of what has none. */
  readonly unit: string;
  /** What the value has to be multiplied by to be in SI units: 1000 of kWh. */
  readonly scale: number;
  /** Its number is what the meter shows times this, */
  readonly scaling: number;
  /** and the value that is read is what the meter shows times this: from the secondary to the primary side. */
  readonly factor: number;
  /** What is added to it then; nothing unless said. */
  readonly offset?: number;
  /** A counter that goes both ways begins at zero again from this number on, and passes zero downwards: its upper half is below zero. */
  readonly wrapsAt?: number;
  /** It is an instant: seconds since 1970, UTC. */
  readonly instant?: true;
}
