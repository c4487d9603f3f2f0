/** The model number of a JEMStar II: what was ordered. "JSII-09I5010-1B/2A/3A-DIOP-DLMS-PQ", section Model Number Description. */
export interface Ordered {
  /** "5", "9", or "U" for either. */
  readonly form: "5" | "9" | "U";
  readonly rack: boolean;
  readonly hz: 50 | 60;
  /** Class amperes. */
  readonly amps: 2 | 10 | 20;
  /** 1B dual serial, 2A one Ethernet port, 2B two, 3A modem. */
  readonly communication: ReadonlySet<string>;
  /** DIO, DIOP, MID, WEB, IEC, DLMS, NTP, DLP, ML, IB, EAP, PQ, PQ1, PQ2, PQ3. */
  readonly options: ReadonlySet<string>;
}

/** What is wrong with a model number, and what was expected. */
export class ModelNumberError extends Error {}

const communications = ["1B", "2A", "2B", "3A"];
const known = ["DIO", "DIOP", "MID", "WEB", "IEC", "DLMS", "NTP", "DLP", "ML", "IB", "EAP", "PQ", "PQ1", "PQ2", "PQ3"];
/** Options of which one meter has at most one. */
const exclusive = [
  ["DIO", "DIOP"],
  ["PQ", "PQ1", "PQ2", "PQ3"],
  ["2A", "2B"],
];

/** Starting current by class: below it nothing registers. */
export function startingCurrent(amps: Ordered["amps"]): number {
  return amps === 2 ? 0.001 : 0.002;
}

/** What was ordered of what it measures. PQ2 and PQ3 include the measurement log. */
export function measuredOf({ hz, amps, options }: Pick<Ordered, "hz" | "amps" | "options">) {
  const powerQuality = hasPowerQuality({ options });
  return { hz, startingCurrent: startingCurrent(amps), powerQuality, measurementLog: options.has("ML") };
}

/** Its converter follows the line, but where flicker is measured: that is of samples at a fixed rate. */
export function samplingOf({ hz, options }: Pick<Ordered, "hz" | "options">) {
  return hasPowerQuality({ options }) ? { perSecond: 512 * hz } : { perCycle: 512 };
}

/** Whether power quality is enabled; PQ alone is ready for it. */
export function hasPowerQuality({ options }: Pick<Ordered, "options">): boolean {
  return ["PQ1", "PQ2", "PQ3"].some((one) => options.has(one));
}

export function parseModelNumber(text: string): Ordered {
  const base = /^JSII-(05|09|U)(I|RK)(50|60)(02|10|20)(?:-(.*))?$/.exec(text);
  if (base === null) {
    throw new ModelNumberError(
      `"${text}": expected JSII-, form 05, 09 or U, I or RK, 50 or 60 Hz, class 02, 10 or 20, like JSII-09I5010-1B/2A-DIO-DLP`,
    );
  }
  const [, form = "", enclosure, hz, amps, rest = ""] = base;
  const parts = rest.split(/[-/]/).filter((part) => part !== "" && part !== "0");
  for (const part of parts) {
    if (communications.includes(part) || known.includes(part)) continue;
    const expected = [...communications, ...known].join(", ");
    throw new ModelNumberError(`"${text}": there is no option ${part}; expected some of ${expected}`);
  }
  for (const group of exclusive) {
    const chosen = parts.filter((part) => group.includes(part));
    if (new Set(chosen).size > 1)
      throw new ModelNumberError(`"${text}": expected one of ${group.join(", ")}; found ${chosen.join(" and ")}`);
  }
  for (const option of ["WEB", "IEC", "NTP"]) {
    if (parts.includes(option) && !parts.includes("2A") && !parts.includes("2B"))
      throw new ModelNumberError(`"${text}": ${option} needs an Ethernet port (2A or 2B)`);
  }
  if (parts.includes("IB") && enclosure !== "RK")
    throw new ModelNumberError(`"${text}": IB (IRIG-B) needs the 19" rack (RK)`);
  return {
    form: form === "U" ? "U" : form === "05" ? "5" : "9",
    rack: enclosure === "RK",
    hz: hz === "50" ? 50 : 60,
    amps: amps === "02" ? 2 : amps === "10" ? 10 : 20,
    communication: new Set(parts.filter((part) => communications.includes(part))),
    options: new Set(parts.filter((part) => known.includes(part))),
  };
}
