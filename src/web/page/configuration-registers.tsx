/** The editor of lists of registers: which there are, in which order, what each shows, and what the meter's own shows now. */
import { useEffect, useState } from "preact/hooks";
import { Choice } from "./choice.tsx";
import { isDone } from "./configuration-answers.ts";
import { Entry } from "./configuration-entries.tsx";
import { idOf, type FieldProps } from "./configuration-field.tsx";
import { MemberRows } from "./configuration-rows.tsx";
import { titleOf } from "./configuration-shape.ts";
import { isList, isMembers, valueAt, type Json } from "./configuration-value.ts";
import { registerWords } from "./configuration-words.ts";
import { say } from "./language.ts";
import { tables as texts } from "./texts/calendar.ts";

/** What the meter's registers of a list show, by id. */
type Shown = ReadonlyMap<number, string>;

function shownIn(value: Json): Shown {
  const { registers } = isMembers(value) ? value : {};
  return new Map(
    (isList(registers) ? registers : []).flatMap((one) => {
      const { id, text, unit } = isMembers(one) ? one : {};
      return typeof id === "number" && typeof text === "string"
        ? [[id, `${text} ${typeof unit === "string" ? unit : ""}`.trim()] as const]
        : [];
    }),
  );
}

export function RegistersEditor({ editing, shape, path, title }: FieldProps) {
  const lists = Object.entries(shape.properties ?? {});
  const [list, setList] = useState(lists[0]?.[0] ?? "");
  const [shown, setShown] = useState<Shown>(new Map());
  const base = editing.base.value;
  useEffect(() => {
    let isOver = false;
    void editing.ask(`/registers/${encodeURIComponent(list)}`).then((answer) => {
      if (!isOver) setShown(isDone(answer) ? shownIn(answer.value) : new Map());
    });
    return () => (isOver = true);
  }, [editing, list, base]);
  const of = shape.properties?.[list] ?? {};
  const at = [...path, list];
  const shownOf = (value: Json): string => {
    const { id } = isMembers(value) ? value : {};
    const before = valueAt(base, at);
    // A register of the draft that the meter has not shows nothing yet.
    const isThere = isList(before) && before.some((one) => isMembers(one) && one["id"] === id);
    return isThere && typeof id === "number" ? (shown.get(id) ?? "") : say(texts.noRegister);
  };
  return (
    <div id="registers-editor">
      <Choice
        label={say(texts.which)}
        of={lists.map(([key, one]) => [key, titleOf(one, key)] as const)}
        chosen={list}
        choose={setList}
      />
      <MemberRows
        key={list}
        editing={editing}
        shape={of}
        path={at}
        title={`${title}: ${titleOf(of, list)}`}
        required
        heads={[say(texts.id), say(texts.label), say(texts.shows), say(texts.now)]}
        cells={(value, where) => {
          const { id, label } = isMembers(value) ? value : {};
          return [
            String(id ?? ""),
            <Entry
              id={`${idOf(where)}-label`}
              shape={{ type: "string", maxLength: 40 }}
              value={label}
              required
              isWrong={false}
              described=""
              label={`${say(texts.label)} ${String(id ?? "")}`}
              put={(next) => editing.edit([...where, "label"], next)}
            />,
            registerWords(value),
            shownOf(value),
          ];
        }}
      />
    </div>
  );
}
