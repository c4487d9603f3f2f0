/** What a single value of a configuration is entered with. */
import { useState } from "preact/hooks";
import { entered, numberIn } from "./configuration-numbers.ts";
import { entryOf, wordFor, type Shape } from "./configuration-shape.ts";
import type { Json } from "./configuration-value.ts";
import { say } from "./language.ts";
import { configuration as texts } from "./texts/configuration.ts";

export interface EntryProps {
  readonly id: string;
  readonly shape: Shape;
  readonly value: Json | undefined;
  /** Whether there has to be one. */
  readonly required: boolean;
  readonly isWrong: boolean;
  /** What describes it, and says what is wrong with it. */
  readonly described: string;
  /** Its name, where no label stands beside it. */
  readonly label?: string | undefined;
  /** Undefined takes it out. */
  readonly put: (value: Json | undefined) => void;
}

interface TextProps extends EntryProps {
  readonly read: (text: string) => Json | undefined;
  readonly type?: "text" | "password" | "date";
  readonly words?: readonly Json[];
}

const marksOf = ({ id, isWrong, described, label }: EntryProps) => ({
  id,
  "aria-label": label,
  "aria-invalid": isWrong,
  "aria-describedby": described,
});

/** A line of text: what is typed stays as it was typed until somebody leaves it. */
function TextEntry(props: TextProps) {
  const { value, put, read, type = "text", words = [] } = props;
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const isNumber = type === "text" && typeof value === "number";
  const common = {
    ...marksOf(props),
    class: isNumber ? "number" : "",
    spellcheck: false,
    ...(props.shape.maxLength === undefined ? {} : { maxLength: props.shape.maxLength }),
    value: typed ?? entered(value),
    onInput: ({ currentTarget }: { readonly currentTarget: HTMLInputElement }): void => {
      setTyped(currentTarget.value);
      put(read(currentTarget.value));
    },
    onBlur: () => setTyped(undefined),
  };
  if (type === "date") return <input type="date" {...common} />;
  if (type === "password") return <input type="password" autocomplete="new-password" {...common} />;
  if (words.length === 0) return <input type="text" autocomplete="off" {...common} />;
  return (
    <>
      <input type="text" autocomplete="off" list={`${props.id}-words`} {...common} />
      <datalist id={`${props.id}-words`}>
        {words.map((word) => (
          <option key={String(word)} value={entered(word)} />
        ))}
      </datalist>
    </>
  );
}

function ChoiceEntry({ of, ...props }: EntryProps & { readonly of: readonly Json[] }) {
  const { shape, value, required, put } = props;
  const at = of.findIndex((one) => one === value);
  // What stands there and is none of them is shown, too: the meter says what is wrong with it.
  const strange = at < 0 && value !== undefined;
  return (
    <select
      {...marksOf(props)}
      value={String(at)}
      onChange={({ currentTarget }) => put(of[Number(currentTarget.value)])}
    >
      {required && value !== undefined && !strange ? null : (
        <option value="-1">{strange ? entered(value) : "–"}</option>
      )}
      {of.map((one, k) => (
        <option key={String(k)} value={String(k)}>
          {wordFor(shape, one)}
        </option>
      ))}
    </select>
  );
}

function SeveralEntry({ of, ...props }: EntryProps & { readonly of: readonly Json[] }) {
  const { id, shape, value, put, label } = props;
  const chosen = Array.isArray(value) ? (value as readonly Json[]) : [];
  return (
    <div class="several" role="group" id={id} aria-label={label} aria-describedby={props.described}>
      {of.map((one) => (
        <label key={String(one)}>
          <input
            type="checkbox"
            checked={chosen.includes(one)}
            onChange={({ currentTarget }) =>
              put(currentTarget.checked ? [...chosen, one] : chosen.filter((other) => other !== one))
            }
          />{" "}
          {wordFor(shape, one)}
        </label>
      ))}
    </div>
  );
}

function YesNoEntry(props: EntryProps) {
  const { value, put } = props;
  if (value !== undefined && typeof value !== "boolean") return <ChoiceEntry {...props} of={[true, false]} />;
  return (
    <input
      {...marksOf(props)}
      type="checkbox"
      checked={value === true}
      onChange={({ currentTarget }) => put(currentTarget.checked)}
    />
  );
}

/** A text that is not there is not the empty one. */
const textIn = (text: string): Json | undefined => (text === "" ? undefined : text);

/** Left out, the meter would keep what it has: what has been cleared goes to it as the empty text that it is. */
const keptNumberIn = (text: string): Json => numberIn(text) ?? "";

/** What has no members of its own; of what has some the form makes more than one entry. */
export function Entry(props: EntryProps) {
  const entry = entryOf(props.shape);
  switch (entry.kind) {
    case "choice":
      return <ChoiceEntry {...props} of={entry.of} />;
    case "several":
      return <SeveralEntry {...props} of={entry.of} />;
    case "yesNo":
      return <YesNoEntry {...props} />;
    case "number":
      return <TextEntry {...props} read={props.shape["x-kept"] === true ? keptNumberIn : numberIn} />;
    case "numberOrText":
      return <TextEntry {...props} read={numberIn} words={entry.of} />;
    case "secret":
      return <TextEntry {...props} read={textIn} type="password" />;
    case "text":
      return (
        <TextEntry
          {...props}
          type={props.shape.format === "date" ? "date" : "text"}
          // A text that has to be there may be empty.
          read={props.required ? (text) => text : textIn}
        />
      );
    default:
      return <TextEntry {...props} read={(text) => whateverIn(text)} />;
  }
}

function whateverIn(text: string): Json | undefined {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** "1 to 60 min": what a value may be. */
export function limitsOf(shape: Shape): string {
  const within = (shape.anyOf ?? []).map(limitsOf).filter((one) => one !== "");
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, maxLength } = shape;
  const parts: string[] = [];
  if (minimum !== undefined) parts.push(say(texts.from, { least: entered(minimum) }));
  if (exclusiveMinimum !== undefined) parts.push(say(texts.above, { least: entered(exclusiveMinimum) }));
  if (maximum !== undefined) parts.push(say(texts.upTo, { most: entered(maximum) }));
  if (exclusiveMaximum !== undefined) parts.push(say(texts.below, { most: entered(exclusiveMaximum) }));
  if (maxLength !== undefined && maxLength < 1000) parts.push(say(texts.characters, { most: maxLength }));
  if (within.length > 0 && parts.length === 0) return within.join(say(texts.or));
  return parts.join(" ");
}

/** A value in few words. */
export function shortly(value: Json | undefined, shape: Shape = {}): string {
  if (value === undefined) return say(texts.nothing);
  if (typeof value === "boolean") return say(value ? texts.yes : texts.no);
  if (typeof value === "number") return shape["x-words"] === undefined ? entered(value) : wordFor(shape, value);
  if (typeof value === "string") return value === "" ? "“”" : value;
  const text = JSON.stringify(value);
  return text.length <= 90 ? text : `${text.slice(0, 88)}…`;
}
