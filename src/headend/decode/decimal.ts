/** Numbers that stand where their scaler puts them. */

/** Value times 10^scaler, exactly. */
export function scaled(value: bigint, scaler: number): string {
  if (scaler >= 0) return String(value * 10n ** BigInt(scaler));
  const digits = String(value < 0n ? -value : value).padStart(1 - scaler, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, scaler)}.${digits.slice(scaler)}`;
}
