/** The editor of the points that a protocol serves: each list as a table by point, with what each is; and what else the section has, as a form. */
import { useState } from "preact/hooks";
import { Choice } from "./choice.tsx";
import { Entry } from "./configuration-entries.tsx";
import { idOf, Problems, type FieldProps } from "./configuration-field.tsx";
import { Place } from "./configuration-form.tsx";
import { entered } from "./configuration-numbers.ts";
import { MemberRows } from "./configuration-rows.tsx";
import { alternativesOf, entryOf, shapeAt, titleOf, type Shape } from "./configuration-shape.ts";
import { isList, isMembers, valueAt, type Json, type Path } from "./configuration-value.ts";
import { measureWords, registerWords } from "./configuration-words.ts";
import { say } from "./language.ts";
import { tables as texts } from "./texts/calendar.ts";

const OTHERS = "";

/** Members that are points: objects, or one of several kinds of them. */
export function pointListsOf(shape: Shape): readonly (readonly [key: string, list: Shape])[] {
  return Object.entries(shape.properties ?? {}).filter(
    ([, { type, items }]) =>
      type === "array" &&
      items !== undefined &&
      (items.properties !== undefined || alternativesOf(items).some(({ properties }) => properties !== undefined)),
  );
}

/** Keys that points of a list can have, those of all kinds first. */
export function columnsOf({ items = {} }: Shape): readonly string[] {
  const kinds = items.properties === undefined ? alternativesOf(items) : [items];
  return [...new Set(kinds.flatMap(({ properties = {} }) => Object.keys(properties)))];
}

/** Registers of the draft by their ids, for points that are of one. */
type Registers = readonly (readonly [id: number, words: string])[];

function registersIn(mine: Json): Registers {
  const lists = valueAt(mine, ["registers"]);
  return Object.values(isMembers(lists) ? lists : {})
    .flatMap((list) => (isList(list) ? list : []))
    .flatMap((one) => {
      const { id, label } = isMembers(one) ? one : {};
      return typeof id === "number" ? [[id, `${id}: ${String(label ?? "")} (${registerWords(one)})`] as const] : [];
    });
}

interface CellProps extends Omit<FieldProps, "title" | "required"> {
  readonly column: string;
  readonly place: number;
  /** Those that a point can be of. */
  readonly registers: Registers;
}

function Cell({ editing, shape, path, column, place, registers }: CellProps) {
  const point = valueAt(editing.mine.value, path);
  const value = valueAt(point, [column]);
  const own = shapeAt(shape, point, [column]);
  const put = (next: Json | undefined): void => editing.edit([...path, column], next);
  const label = `${titleOf(own, column)} ${place}`;
  if (column === "register" && registers.length > 0) {
    const isKnown = registers.some(([id]) => id === value);
    return (
      <select
        aria-label={label}
        value={entered(value)}
        onChange={({ currentTarget }) => put(Number(currentTarget.value))}
      >
        {isKnown ? null : <option value={entered(value)}>{entered(value)}</option>}
        {registers.map(([id, words]) => (
          <option key={id} value={String(id)}>
            {words}
          </option>
        ))}
      </select>
    );
  }
  if (isMembers(value)) return <>{measureWords(value) || JSON.stringify(value)}</>;
  if (isList(value)) return <>{value.map((one) => (isMembers(one) ? JSON.stringify(one) : String(one))).join(", ")}</>;
  const { kind } = entryOf(own);
  // A point of another kind has none of that.
  if (kind === "whatever" || kind === "members" || kind === "list") return <>–</>;
  return (
    <Entry
      id={`${idOf(path)}-${column}`}
      shape={own}
      value={value}
      required={own.default !== undefined}
      isWrong={false}
      described=""
      label={label}
      put={put}
    />
  );
}

/** Where points of a list begin, where the section says so: "countersFrom" of "counters". */
function firstOf(section: Json | undefined, list: string): number {
  const from = valueAt(section, [`${list}From`]);
  return typeof from === "number" ? from : 0;
}

export function PointsEditor({ editing, shape, path, title }: FieldProps) {
  const lists = pointListsOf(shape);
  const [list, setList] = useState(lists[0]?.[0] ?? OTHERS);
  const at: Path = [...path, list];
  const of = shape.properties?.[list] ?? {};
  const columns = columnsOf(of);
  const first = firstOf(valueAt(editing.mine.value, path), list);
  const isThere = valueAt(editing.mine.value, at) !== undefined;
  const registers = columns.includes("register") ? registersIn(editing.mine.value) : [];
  const rest: Shape = {
    ...shape,
    properties: Object.fromEntries(
      Object.entries(shape.properties ?? {}).filter(([key]) => !lists.some(([other]) => other === key)),
    ),
  };
  return (
    <div id="points-editor">
      <Choice
        label={say(texts.which)}
        of={[...lists.map(([key, one]) => [key, titleOf(one, key)] as const), [OTHERS, say(texts.others)]]}
        chosen={list}
        choose={setList}
      />
      {list === OTHERS ? (
        Object.entries(rest.properties ?? {}).map(([key, one]) => (
          <Place
            key={key}
            editing={editing}
            shape={one}
            path={[...path, key]}
            title={titleOf(one, key)}
            required={one.default !== undefined}
          />
        ))
      ) : isThere ? (
        <MemberRows
          key={list}
          editing={editing}
          shape={of}
          path={at}
          title={`${title}: ${titleOf(of, list)}`}
          required
          heads={[say(texts.point), ...columns.map((key) => titleOf(of.items?.properties?.[key] ?? {}, key))]}
          cells={(_, where, place) => [
            String(first + place),
            ...columns.map((column) => (
              <Cell
                editing={editing}
                shape={of.items ?? {}}
                path={where}
                column={column}
                place={first + place}
                registers={registers}
              />
            )),
          ]}
        />
      ) : (
        <Place editing={editing} shape={of} path={at} title={titleOf(of, list)} required={false} />
      )}
      <Problems editing={editing} path={path} />
    </div>
  );
}
