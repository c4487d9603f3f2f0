/** A value of a meter, whatever it was read by. */
export interface PointReading {
  /** As manuals number it; left out of what has no number. */
  readonly register?: number;
  /** In the names of the glossary: "V.a", "Wh.import.rateA". */
  readonly name: string;
  /** What the meter's owner calls it; left out where he calls it nothing. */
  readonly label?: string;
  /** The name by which it was asked for, where that is another. */
  readonly asked?: string;
  /** In `unit`; undefined where there is none. */
  readonly value: number | string | boolean | undefined;
  /** As the meter shows it, where that is not its value alone. */
  readonly text?: string | undefined;
  readonly unit: string;
  /** What the value has to be multiplied by to be in SI units, where it is not: 1000 of kWh. */
  readonly scale?: number;
  /** What is not as it should be with it, where its meter says so. */
  readonly flags?: readonly string[];
  /** Of an event: when it was, UTC in milliseconds. */
  readonly utc?: number;
}
