/** The identification of IEC 62056-21 (6.3.2): who a meter is, and how fast it can go on. */

/** Baud rates by their identification in protocol modes C and E. */
export const bauds: Readonly<Record<string, number>> = {
  "0": 300,
  "1": 600,
  "2": 1200,
  "3": 2400,
  "4": 4800,
  "5": 9600,
  "6": 19_200,
};

export interface Identification {
  /** Three letters. */
  readonly manufacturer: string;
  /** The character that says the fastest rate. */
  readonly baud: string;
  /** Characters after backslashes: "2" is HDLC (mode E, Annex E). */
  readonly enhanced: readonly string[];
  /** At most 16 characters. */
  readonly text: string;
}

/** Undefined of a line that is no identification; without its carriage return and line feed. */
export function identificationOf(line: string): Identification | undefined {
  const found = /^\/([A-Za-z]{3})(.)((?:\\.)*)([^\\/!]{0,16})$/.exec(line);
  if (found === null) return undefined;
  const [, manufacturer = "", baud = "", enhanced = "", text = ""] = found;
  return { manufacturer, baud, enhanced: enhanced.split("\\").slice(1), text };
}

export function identificationLine({ manufacturer, baud, enhanced, text }: Identification): string {
  return `/${manufacturer}${baud}${enhanced.map((one) => `\\${one}`).join("")}${text}\r\n`;
}
