/** Members of a list of a configuration: how many there are, in which order, one more and one less. */
import { type PlaceProps } from "./configuration-field.tsx";
import type { ConfigurationEditing } from "./configuration-editing.ts";
import { alternativesOf, newValue, type Shape } from "./configuration-shape.ts";
import { isList, keyText, namesOf, valueAt, type Json, type Path } from "./configuration-value.ts";
import { say } from "./language.ts";
import { configuration as texts } from "./texts/configuration.ts";

/** Puts a member of a list elsewhere. */
export function moved(list: readonly Json[], from: number, to: number): readonly Json[] {
  const one = list[from];
  if (one === undefined || to < 0 || to >= list.length) return list;
  return list.toSpliced(from, 1).toSpliced(to, 0, one);
}

/** Members with an id get the next one that is free. */
export function newMember(shape: Shape, list: readonly Json[]): Json {
  const made = newValue(shape);
  if (typeof made !== "object" || made === null || !("id" in made)) return made;
  const ids = list.flatMap((one) => (typeof one === "object" && one !== null && "id" in one ? [one.id] : []));
  const { minimum = 1 } = (alternativesOf(shape)[0] ?? shape).properties?.["id"] ?? {};
  let id = Math.max(1, minimum);
  while (ids.includes(id)) id++;
  return { ...made, id };
}

interface MemberButtons {
  readonly editing: ConfigurationEditing;
  readonly path: Path;
  readonly place: number;
  readonly what: string;
  readonly mayGo: boolean;
}

/** Up and down, where no names say the order already, and away. */
export function MemberButtons({ editing, path, place, what, mayGo }: MemberButtons) {
  const list = valueAt(editing.mine.value, path);
  if (!isList(list)) return null;
  const move = (to: number): void => editing.edit(path, moved(list, place, to));
  return (
    <span class="member">
      {namesOf(list) !== undefined && list.length > 0 ? null : (
        <>
          <button
            type="button"
            class="small"
            disabled={place === 0}
            aria-label={say(texts.upOf, { what })}
            onClick={() => move(place - 1)}
          >
            ↑
          </button>
          <button
            type="button"
            class="small"
            disabled={place === list.length - 1}
            aria-label={say(texts.downOf, { what })}
            onClick={() => move(place + 1)}
          >
            ↓
          </button>
        </>
      )}
      <button
        type="button"
        class="small"
        disabled={!mayGo}
        aria-label={say(texts.removeOf, { what })}
        onClick={() => editing.edit([...path, place], undefined)}
      >
        {say(texts.remove)}
      </button>
    </span>
  );
}

/** How many there are, of how many that there may be, and one more. */
export function AddMember({ editing, shape, path, title }: PlaceProps & { readonly title: string }) {
  const list = valueAt(editing.mine.value, path);
  if (!isList(list)) return null;
  const { maxItems, minItems } = shape;
  const isFixed = maxItems !== undefined && maxItems === minItems;
  return (
    <p class="add">
      {isFixed ? null : (
        <button
          type="button"
          disabled={maxItems !== undefined && list.length >= maxItems}
          aria-label={`${say(texts.add)}: ${title}`}
          onClick={() => editing.edit(path, [...list, newMember(shape.items ?? {}, list)])}
        >
          {say(texts.add)}
        </button>
      )}{" "}
      <span class="hint">
        {maxItems === undefined
          ? say(texts.countOnly, { n: list.length })
          : say(texts.count, { n: list.length, most: maxItems })}
      </span>
    </p>
  );
}

/** For how long what is recorded so lasts. */
export function RoomOf({ editing, path }: Omit<PlaceProps, "shape">) {
  const key = keyText(path);
  const words = editing.room.value.filter((one) => one.key.startsWith(`${key}[`) || one.key === key);
  if (words.length === 0) return null;
  return (
    <ul class="room">
      {words.map((one) => (
        <li key={one.key}>{one.words}</li>
      ))}
    </ul>
  );
}
