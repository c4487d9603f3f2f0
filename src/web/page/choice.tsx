/** One of a few, side by side. */
interface Props<T extends string> {
  readonly label: string;
  readonly of: readonly (readonly [value: T, text: string])[];
  readonly chosen: T;
  readonly choose: (value: T) => void;
}

export function Choice<T extends string>({ label, of, chosen, choose }: Props<T>) {
  return (
    <div class="choice" role="group" aria-label={label}>
      {of.map(([value, text]) => (
        <button key={value} type="button" aria-pressed={value === chosen} onClick={() => choose(value)}>
          {text}
        </button>
      ))}
    </div>
  );
}
