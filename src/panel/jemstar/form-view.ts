/** Forms: fields that are edited with the navigation keys, or with the keypad beside them (sections Set Time & Date, PT/CT Ratio, Test Mode). */
import { keypad } from "#model/jemstar-panel.ts";
import type { Choice, Part } from "#panel/picture.ts";
import type { Desk, Key, Target, View } from "./view.ts";

export interface FormField {
  readonly label: string;
  readonly text: () => string;
  /** What SET is before it edits: whether it may, which is said where not. Left out of what is only looked at. */
  readonly may?: (() => boolean) | undefined;
  /** Up and Down while it is edited. */
  readonly turn?: ((by: 1 | -1) => void) | undefined;
  /** What was turned counts, SET says so; it is as it was, something else was pressed. */
  readonly accept?: (() => void) | undefined;
  readonly drop?: (() => void) | undefined;
  /** The keypad's ENTER; false of what is no such value, and what was expected. */
  readonly enter?: ((text: string) => boolean) | undefined;
  readonly expects?: string | undefined;
  /** SET does this at once. */
  readonly act?: (() => void) | undefined;
}

/** Characters that a field of the keypad has room for. */
const MOST_DIGITS = 15;

interface FormOptions {
  readonly title: string;
  /** Rows of fields. */
  readonly rows: readonly (readonly FormField[])[];
  /** What was edited is as it was. */
  readonly forget?: (() => void) | undefined;
  /** Left out, the form has nothing to save. */
  readonly save?: (() => void) | undefined;
  readonly beside?: (() => readonly Part[]) | undefined;
  readonly isLockable?: boolean;
  readonly isPreset?: boolean;
}

export function formView(desk: Desk, options: FormOptions): View {
  const { title, rows, forget, save, beside, isLockable = true, isPreset } = options;
  /** The field that Up and Down turn, and the one that the keypad fills with what it has so far. */
  let turned: FormField | undefined;
  let entered: { readonly field: FormField; text: string; readonly leave: () => void } | undefined;

  const fields = new Map<FormField, Target>();
  for (const field of rows.flat())
    fields.set(field, {
      get text() {
        return entered?.field === field ? entered.text : field.text();
      },
      label: field.label,
      set: () => begin(field),
    });
  const saving: Target = { text: "SAVE", set: save };
  const keys = keypad.map((row) => row.map((text): Target => ({ text, set: () => typed(text) })));

  function begin(field: FormField): void {
    if (field.may === undefined || !field.may()) return;
    if (field.act !== undefined) field.act();
    else if (field.enter !== undefined) entered = { field, text: "", leave: desk.first() };
    else if (field.turn !== undefined) turned = field;
  }

  function typed(text: string): void {
    if (entered === undefined) return;
    if (text === "ENTER") {
      const { field, text: value, leave } = entered;
      if (field.enter?.(value) === true) {
        entered = undefined;
        leave();
      } else desk.say([`${field.label}: expected ${field.expects ?? "a number"}; found "${value}"`], "bad");
    } else if (text === "<") entered.text = entered.text.slice(0, -1);
    else if (text === "-") entered.text = entered.text.startsWith("-") ? entered.text.slice(1) : `-${entered.text}`;
    else if (entered.text.length < MOST_DIGITS) entered.text += text;
  }

  const targets = (): readonly (readonly Target[])[] => {
    if (entered !== undefined) return keys;
    const shown = rows.map((row) => row.flatMap((field) => fields.get(field) ?? []));
    return save === undefined ? shown : [...shown, [saving]];
  };

  return {
    title,
    isLockable,
    isPreset,
    rows: targets,
    forget,
    parts: (choice) => {
      const shown = rows.flat().map((field) => {
        const target = fields.get(field);
        const isEdited = turned === field || entered?.field === field;
        const looks: Choice = target === undefined ? { text: field.text(), selected: false } : choice(target);
        return {
          ...looks,
          text: entered?.field === field ? entered.text : looks.text,
          label: field.label,
          // Of what the keypad fills, the perimeter is around the key.
          selected: looks.selected || turned === field,
          ...(isEdited ? { edits: entered === undefined ? 0 : entered.text.length } : {}),
        };
      });
      const hasKeypad = rows.flat().some(({ enter }) => enter !== undefined);
      return [
        { part: "form", fields: shown },
        ...(save === undefined ? [] : [{ part: "menu" as const, columns: 1, items: [choice(saving)] }]),
        ...(hasKeypad ? [{ part: "keys" as const, rows: keys.map((row) => row.map(choice)) }] : []),
        ...(beside?.() ?? []),
      ];
    },
    take(key: Key): boolean {
      if (turned === undefined) return false;
      if (key === "set") {
        turned.accept?.();
        turned = undefined;
      } else if (key === "up" || key === "down") turned.turn?.(key === "up" ? 1 : -1);
      else {
        turned.drop?.();
        turned = undefined;
        return false;
      }
      return true;
    },
    cancel(): boolean {
      const was = entered !== undefined || turned !== undefined;
      entered?.leave();
      turned?.drop?.();
      entered = undefined;
      turned = undefined;
      return was;
    },
  };
}
