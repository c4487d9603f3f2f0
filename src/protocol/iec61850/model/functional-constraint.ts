/** Functional constraints (IEC 61850-7-2; 8-1 adds CO), in the order in which a logical node has them over MMS. */
export const functionalConstraints = [
  "MX",
  "ST",
  "CO",
  "CF",
  "DC",
  "SP",
  "SG",
  "SE",
  "SV",
  "SR",
  "OR",
  "BL",
  "RP",
  "LG",
  "BR",
  "GO",
  "MS",
  "US",
  "EX",
] as const;
export type FunctionalConstraint = (typeof functionalConstraints)[number];

export function isFunctionalConstraint(text: string): text is FunctionalConstraint {
  return (functionalConstraints as readonly string[]).includes(text);
}
