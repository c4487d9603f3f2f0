/** The form of a configuration, made of its description: objects with their keys, lists with their members, alternatives of which one is chosen. */
import { Before, Field, Fold, idOf, Problems, type FieldProps, type PlaceProps } from "./configuration-field.tsx";
import { shortly } from "./configuration-entries.tsx";
import { AddMember, MemberButtons, RoomOf } from "./configuration-list.tsx";
import {
  alternativeOf,
  alternativesOf,
  entryOf,
  isParted,
  isScalar,
  keysOf,
  memberTitle,
  newValue,
  spelled,
  titleOf,
  type Shape,
} from "./configuration-shape.ts";
import { isList, isMembers, valueAt } from "./configuration-value.ts";
import { say } from "./language.ts";
import { configuration as texts } from "./texts/configuration.ts";

/** All there is at a place, whatever it is. */
export function Place(props: FieldProps) {
  const { editing, shape, path, title, required } = props;
  const value = valueAt(editing.mine.value, path);
  if (!isParted(shape)) return <Field {...props} />;
  const isOpen = path.length < 3;
  const takesOne = entryOf(shape).kind === "alternatives" && alternativesOf(shape).some(isScalar);
  if (value === undefined && !takesOne)
    return (
      <div class="field">
        <span class="label">{title}</span>
        <span class="entry">
          {say(texts.notSet)}{" "}
          <button
            type="button"
            class="small"
            id={idOf(path)}
            aria-label={`${say(texts.set)}: ${title}`}
            onClick={() => editing.edit(path, newValue(shape))}
          >
            {say(texts.set)}
          </button>
        </span>
        <span class="said">
          <span class="hint">{shape.description ?? ""}</span>
          <Problems editing={editing} path={path} />
          <Before {...props} />
        </span>
      </div>
    );
  const inner = <Parts {...props} />;
  if (path.length === 1) return inner;
  const aside =
    required || shape.default !== undefined ? (
      <Before {...props} />
    ) : (
      <>
        <Before {...props} />
        <button
          type="button"
          class="small"
          aria-label={`${say(texts.clear)}: ${title}`}
          onClick={() => editing.edit(path, undefined)}
        >
          {say(texts.clear)}
        </button>
      </>
    );
  const isOne = takesOne && !isMembers(value) && !isList(value);
  return (
    <Fold
      title={title}
      path={path}
      id={isOne ? `${idOf(path)}-fold` : idOf(path)}
      editing={editing}
      isOpen={isOpen}
      aside={aside}
    >
      {() => inner}
    </Fold>
  );
}

/** What a value is made of. */
export function Parts(props: PlaceProps & { readonly title: string }) {
  const { editing, shape, path } = props;
  const entry = entryOf(shape);
  if (entry.kind === "alternatives") return <Alternatives {...props} />;
  if (entry.kind === "list") return <ListParts {...props} />;
  const value = valueAt(editing.mine.value, path);
  if (entry.kind !== "members") return <Field {...props} required />;
  const keys = keysOf(shape, value);
  return (
    <div class="members">
      {shape.description === undefined ? null : <p class="hint">{shape.description}</p>}
      {keys.map((key) => {
        const of = shape.properties?.[key] ?? {};
        return (
          <Place
            key={key}
            editing={editing}
            shape={of}
            path={[...path, key]}
            title={titleOf(of, key)}
            required={of.default !== undefined || (shape.required ?? []).includes(key)}
          />
        );
      })}
      <Problems editing={editing} path={path} keys={keys} />
    </div>
  );
}

/** What a shape is called among others: by what only it has. */
function alternativeTitle(shape: Shape, others: readonly Shape[]): string {
  if (shape.title !== undefined) return shape.title;
  if (shape.const !== undefined) return shortly(shape.const);
  const keys = Object.keys(shape.properties ?? {});
  if (keys.length === 0) return shape.type ?? "";
  const isOwn = (key: string): boolean => !others.some((one) => one !== shape && one.properties?.[key] !== undefined);
  const own = keys.filter(isOwn);
  return (own.length === 0 ? keys : own).slice(0, 3).map(spelled).join(", ");
}

function Alternatives(props: PlaceProps & { readonly title: string }) {
  const { editing, shape, path, title } = props;
  const alternatives = alternativesOf(shape);
  const value = valueAt(editing.mine.value, path);
  // What is being typed, and what has been cleared to be typed anew, is entered where a single value is.
  const isSingle = !isMembers(value) && !isList(value);
  const found = alternativeOf(shape, value);
  const at = found < 0 && isSingle ? alternatives.findIndex(isScalar) : found;
  const of = alternatives[at];
  const label = say(texts.kindOf, { what: title });
  return (
    <>
      <div class="field">
        <label for={`${idOf(path)}-kind`}>{label}</label>
        <span class="entry">
          <select
            id={`${idOf(path)}-kind`}
            value={String(at)}
            onChange={({ currentTarget }) => {
              const next = alternatives[Number(currentTarget.value)];
              if (next !== undefined) editing.edit(path, newValue(next));
            }}
          >
            {at < 0 ? <option value="-1">–</option> : null}
            {alternatives.map((one, k) => (
              <option key={String(k)} value={String(k)}>
                {alternativeTitle(one, alternatives)}
              </option>
            ))}
          </select>
        </span>
        <span class="said">
          {of !== undefined && isScalar(of) ? null : (
            <Problems editing={editing} path={path} keys={Object.keys(of?.properties ?? {})} />
          )}
        </span>
      </div>
      {of === undefined || of.const !== undefined ? null : <Parts {...props} shape={of} />}
    </>
  );
}

function ListParts(props: PlaceProps & { readonly title: string }) {
  const { editing, shape, path } = props;
  const value = valueAt(editing.mine.value, path);
  // What is no list where one has to be is shown as it stands.
  if (!isList(value)) return <Field {...props} shape={{}} required />;
  const { items = {}, minItems = 0 } = shape;
  const ofParts = isParted(items);
  return (
    <div class="members">
      {shape.description === undefined ? null : <p class="hint">{shape.description}</p>}
      {value.map((one, k) => {
        const what = memberTitle(one, k);
        const at = [...path, k];
        const buttons = (
          <MemberButtons editing={editing} path={path} place={k} what={what} mayGo={value.length > minItems} />
        );
        const named = typeof one === "object" ? what : `${k + 1}`;
        if (!ofParts)
          return (
            <div class="row" key={String(k)}>
              <Field editing={editing} shape={items} path={at} title={named} required />
              {buttons}
            </div>
          );
        return (
          <Fold key={String(k)} title={what} path={at} editing={editing} aside={buttons}>
            {() => <Parts editing={editing} shape={items} path={at} title={what} />}
          </Fold>
        );
      })}
      <Problems editing={editing} path={path} />
      <RoomOf editing={editing} path={path} />
      <AddMember {...props} />
    </div>
  );
}
