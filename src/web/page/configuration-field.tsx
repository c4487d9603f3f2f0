/** A value of a configuration with all that is said of it: its name, unit and limits, what the meter has instead, and what is wrong with it. */
import { useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { placeBefore } from "./configuration-draft.ts";
import type { ConfigurationEditing } from "./configuration-editing.ts";
import { Entry, limitsOf, shortly } from "./configuration-entries.tsx";
import { entered } from "./configuration-numbers.ts";
import { countWithin, problemsAt } from "./configuration-problems.ts";
import { entryOf, type Shape } from "./configuration-shape.ts";
import { isSame, keyText, leadsTo, valueAt, type Json, type Path } from "./configuration-value.ts";
import { say } from "./language.ts";
import { configuration as texts } from "./texts/configuration.ts";

export interface PlaceProps {
  readonly editing: ConfigurationEditing;
  readonly shape: Shape;
  readonly path: Path;
}

export interface FieldProps extends PlaceProps {
  readonly title: string;
  readonly required: boolean;
}

export const idOf = (path: Path): string => `at ${keyText(path)}`.replace(/\s/g, "_");

/** What the meter has at a place of the draft. */
export function valueBefore({ base, mine }: ConfigurationEditing, path: Path): Json | undefined {
  const place = placeBefore(base.value, mine.value, path);
  return place === undefined ? undefined : valueAt(base.value, place);
}

/** Whether a place of the draft is another than the meter's; what has been added is so as a whole. */
function isChanged(editing: ConfigurationEditing, path: Path): boolean {
  if (!editing.differs.value) return false;
  const parent = placeBefore(editing.base.value, editing.mine.value, path.slice(0, -1));
  if (parent === undefined) return false;
  return !isSame(valueBefore(editing, path), valueAt(editing.mine.value, path));
}

/** That a value is another, what it was, and the way back. */
export function Before({ editing, path, shape, title }: PlaceProps & { readonly title: string }) {
  if (!isChanged(editing, path)) return null;
  const before = valueBefore(editing, path);
  const words =
    shape.writeOnly === true
      ? say(texts.secret)
      : before === undefined
        ? say(texts.wasNothing)
        : typeof before === "object"
          ? ""
          : say(texts.was, { value: shortly(before, shape) });
  return (
    <span class="before">
      {words}{" "}
      <button
        type="button"
        class="small"
        aria-label={say(texts.undoOf, { what: title })}
        onClick={() => editing.edit(path, before)}
      >
        {say(texts.undo)}
      </button>
    </span>
  );
}

export function Problems({
  editing,
  path,
  keys,
  id,
}: Omit<PlaceProps, "shape"> & { readonly keys?: readonly string[]; readonly id?: string }) {
  const problems = problemsAt(editing.checked.value.problems, path, keys);
  return (
    <span class="problem" id={id}>
      {problems.map(({ words }) => words).join("; ")}
    </span>
  );
}

/** What is wrong within a value that is not shown key by key. */
export function ProblemsWithin({ editing, path }: Omit<PlaceProps, "shape">) {
  const problems = editing.checked.value.problems.filter(({ path: of }) => of !== undefined && leadsTo(path, of));
  if (problems.length === 0) return null;
  return <span class="problem">{problems.map(({ words }) => words).join("; ")} </span>;
}

function Suggested({ editing, path, title }: Pick<FieldProps, "editing" | "path" | "title">) {
  const suggestion = editing.suggestionFor(path);
  if (suggestion === undefined) return null;
  const value = entered(suggestion.value);
  return (
    <span class="suggested">
      {suggestion.words}{" "}
      {suggestion.value === valueAt(editing.mine.value, path) ? null : (
        <button
          type="button"
          class="small"
          aria-label={say(texts.takeOf, { value, what: title })}
          onClick={() => editing.edit(path, suggestion.value)}
        >
          {say(texts.takeSuggestion, { value })}
        </button>
      )}
    </span>
  );
}

/** What a value means and may be. */
function hintOf(shape: Shape): string {
  const { description, writeOnly } = shape;
  const usual = shape.default;
  const parts = [
    description ?? "",
    limitsOf(shape),
    writeOnly === true ? say(texts.secretStays) : "",
    usual === undefined || typeof usual === "object" ? "" : say(texts.usually, { value: shortly(usual, shape) }),
    shape["x-volatile"] === true ? say(texts.volatile) : "",
  ];
  return parts.filter((part) => part !== "").join("; ");
}

/** One value with all that is said of it. */
export function Field({ editing, shape, path, title, required }: FieldProps) {
  const value = valueAt(editing.mine.value, path);
  const id = idOf(path);
  const isWrong = problemsAt(editing.checked.value.problems, path).length > 0;
  const unit = shape["x-unit"];
  const isOne = entryOf(shape).kind !== "several";
  return (
    <div class={`field${isChanged(editing, path) ? " changed" : ""}${isWrong ? " wrong" : ""}`}>
      {isOne ? <label for={id}>{title}</label> : <span class="label">{title}</span>}
      <span class="entry">
        <Entry
          id={id}
          shape={shape}
          value={value}
          required={required}
          isWrong={isWrong}
          described={`${id}-hint ${id}-problem`}
          label={isOne ? undefined : title}
          put={(next) => editing.edit(path, next)}
        />
        {unit === undefined ? null : <span class="unit">{unit}</span>}
      </span>
      <span class="said">
        <span class="hint" id={`${id}-hint`}>
          {hintOf(shape)}
        </span>
        <Problems editing={editing} path={path} id={`${id}-problem`} />
        <Suggested editing={editing} path={path} title={title} />
        <Before editing={editing} path={path} shape={shape} title={title} />
      </span>
    </div>
  );
}

/** Something that opens: what is in it is made when it does. */
export function Fold({
  title,
  path,
  editing,
  isOpen = false,
  id = idOf(path),
  aside,
  children,
}: {
  readonly title: string;
  readonly path: Path;
  /** Of what opens it, where what is in it has the place's own. */
  readonly id?: string;
  readonly editing: ConfigurationEditing;
  readonly isOpen?: boolean;
  readonly aside?: ComponentChildren;
  readonly children: () => ComponentChildren;
}) {
  const [opened, setOpened] = useState<boolean | undefined>(undefined);
  const sought = editing.sought.value;
  const isShown = opened ?? (isOpen || (sought !== undefined && leadsTo(path, sought)));
  const wrong = countWithin(editing.checked.value.problems, path);
  return (
    <div class={`fold${isChanged(editing, path) ? " changed" : ""}`}>
      <div class="head">
        <button type="button" class="opener" id={id} aria-expanded={isShown} onClick={() => setOpened(!isShown)}>
          {title}
          {wrong === 0 ? null : <span class="problem"> {say(texts.markProblems, { n: wrong })}</span>}
        </button>
        {aside}
      </div>
      {isShown ? <div class="folded">{children()}</div> : null}
    </div>
  );
}
