/** Numbers for people: about five digits, with a prefix where it helps. */
export type Value = number | null | undefined;

const steps: readonly (readonly [number, string])[] = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
];

/** "59.71 kW"; "----" for what is not measured, as the meter's own display has it. */
export function withUnit(value: Value, unit: string): string {
  if (value === null || value === undefined) return "----";
  const [size, prefix] = steps.find(([size]) => Math.abs(value) >= size) ?? [1, ""];
  return `${digits(value / size)} ${prefix}${unit}`.trimEnd();
}

/** A number with a fixed number of decimals; "----" for what is not measured. */
export function fixed(value: Value, decimals: number): string {
  return value === null || value === undefined ? "----" : unsigned(value.toFixed(decimals));
}

function digits(value: number): string {
  if (value === 0) return "0";
  const whole = Math.max(1, Math.ceil(Math.log10(Math.abs(value) + 1e-9)));
  return unsigned(value.toFixed(Math.max(0, 5 - whole)));
}

/** What is rounded to nothing has no sign. */
function unsigned(text: string): string {
  return Number(text) === 0 ? text.replace("-", "") : text;
}
