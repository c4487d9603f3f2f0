/** A name for a file of a meter: what file systems do not take is left out. */
export function fileName(meter: string, what: string, ending: string): string {
  const own = meter.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 60);
  return `${own === "" ? "meter" : own}-${what}.${ending}`;
}
