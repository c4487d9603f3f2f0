/** Which limits a spectrum is held against, and what a standard has to know for them. */
import { say } from "./language.ts";
import { standards, type LimitChoice, type Standard } from "./spectrum-limits.ts";
import { qualityTexts as texts, standardNames } from "./texts/quality.ts";
import type { Text } from "#quantity/text.ts";

interface Props {
  readonly choice: LimitChoice;
  readonly choose: (choice: LimitChoice) => void;
}

const asked = [
  ["busVolts", texts.busVolts],
  ["shortCircuitAmps", texts.shortCircuit],
  ["loadAmps", texts.loadCurrent],
] as const satisfies readonly (readonly [Exclude<keyof LimitChoice, "standard">, Text])[];

export function LimitForm({ choice, choose }: Props) {
  return (
    <form id="limits" class="pick-line" onSubmit={(event) => event.preventDefault()}>
      <label class="pick">
        {say(texts.limits)}{" "}
        <select
          value={choice.standard}
          onChange={({ currentTarget }) => choose({ ...choice, standard: currentTarget.value as Standard })}
        >
          {standards.map((one) => (
            <option key={one} value={one}>
              {say(standardNames[one])}
            </option>
          ))}
        </select>
      </label>
      {choice.standard !== "ieee519"
        ? null
        : asked.map(([key, text]) => (
            <label key={key} class="pick">
              {say(text)}{" "}
              <input
                type="number"
                name={key}
                min="0"
                step="any"
                value={choice[key] ?? ""}
                onInput={({ currentTarget }) => {
                  const value = currentTarget.valueAsNumber;
                  choose({ ...choice, [key]: value > 0 ? value : undefined });
                }}
              />
            </label>
          ))}
    </form>
  );
}
