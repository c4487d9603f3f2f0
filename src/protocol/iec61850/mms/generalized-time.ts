/** Times in text (X.680, GeneralizedTime), as attributes of files have them: YYYYMMDDhhmmss with fractions and Z, of UTC. */
const form = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:[.,](\d{1,9}))?Z?$/;

/** UTC milliseconds; undefined of what is no such time. One without Z is taken for UTC. */
export function utcOfGeneralizedTime(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction] = form.exec(text) ?? [];
  if (second === undefined) return undefined;
  try {
    const whole = Temporal.Instant.from(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`).epochMilliseconds;
    return whole + Math.trunc(1000 * Number(`0.${fraction ?? 0}`));
  } catch {
    // A thirteenth month, a thirtieth of February: peers write what they like.
    return undefined;
  }
}

/** Of UTC milliseconds. */
export function generalizedTime(utc: number): string {
  const text = Temporal.Instant.fromEpochMilliseconds(Math.floor(utc)).toString({ fractionalSecondDigits: 3 });
  return text.replaceAll(/[-:T]/g, "");
}
