/** The sections of a configuration, what is searched in them, and the one that is shown: as a special editor, a form, or its text. */
import { Fragment } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Choice } from "./choice.tsx";
import type { ConfigurationEditing } from "./configuration-editing.ts";
import { editorFor } from "./configuration-editors.ts";
import { idOf, Problems } from "./configuration-field.tsx";
import { Place } from "./configuration-form.tsx";
import { countWithin } from "./configuration-problems.ts";
import { isParted, keysOf, search, titleOf, type Shape } from "./configuration-shape.ts";
import { keyText, valueAt, type Json, type Path } from "./configuration-value.ts";
import { say } from "./language.ts";
import { configuration as texts } from "./texts/configuration.ts";

interface Of {
  readonly editing: ConfigurationEditing;
}

/** What is shown at once: what a key of the file holds, or all that have no parts. */
interface Section {
  readonly title: string;
  readonly names: readonly string[];
}

/** The sections of a configuration: values that stand beside each other have one for all of them, like the settings of a small meter. */
function sectionsOf(editing: ConfigurationEditing): readonly Section[] {
  const shape = editing.shape.value;
  const of = (name: string): Shape => shape.properties?.[name] ?? {};
  const names = keysOf(shape, editing.mine.value);
  const plain = names.filter((name) => !isParted(of(name)));
  const together = plain.length > 1 ? plain : [];
  return [
    ...(together.length === 0 ? [] : [{ title: say(texts.settings), names: together }]),
    ...names
      .filter((name) => !together.includes(name))
      .map((name) => ({ title: titleOf(of(name), name), names: [name] })),
  ];
}

/** What a section takes of who changes it. */
function Takes({ shape }: { readonly shape: Shape }) {
  const options = shape["x-takes"];
  const parts = [
    shape["x-privilege"] === undefined ? "" : say(texts.takesPrivilege, { privilege: shape["x-privilege"] }),
    shape["x-key"] === undefined ? "" : say(texts.takesKey, { key: shape["x-key"] }),
    options === undefined ? "" : say(texts.takesOption, { options: options.join(", ") }),
    shape["x-absent"] === true ? say(texts.absent) : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? null : <p class="takes">{parts.join(" ")}</p>;
}

/** A section as text: whatever a form does not reach. */
function AsText({ editing, path, title }: Of & { readonly path: Path; readonly title: string }) {
  const value = valueAt(editing.mine.value, path);
  const [text, setText] = useState<string | undefined>(undefined);
  const [wrong, setWrong] = useState<string | undefined>(undefined);
  const shown = text ?? JSON.stringify(value, null, 2) ?? "";
  const take = (): void => {
    try {
      const next = shown.trim() === "" ? undefined : (JSON.parse(shown) as Json);
      editing.edit(path, next);
      setText(undefined);
      setWrong(undefined);
    } catch (error) {
      setWrong(say(texts.notJson, { why: error instanceof Error ? error.message : "" }));
    }
  };
  const id = `${idOf(path)}-text`;
  return (
    <div class="text">
      <label for={id}>{say(texts.textOf, { what: title })}</label>
      <textarea
        id={id}
        rows={24}
        spellcheck={false}
        value={shown}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <p>
        <button type="button" disabled={text === undefined} onClick={take}>
          {say(texts.takeText)}
        </button>{" "}
        <span class="problem" role="alert">
          {wrong ?? ""}
        </span>
      </p>
      <Problems editing={editing} path={path} />
    </div>
  );
}

type Manner = "special" | "form" | "text";

function SectionShown({ editing, name }: Of & { readonly name: string }) {
  const shape = editing.shape.value.properties?.[name] ?? {};
  const special = editorFor(shape);
  const [chosen, setChosen] = useState<Manner | undefined>(undefined);
  const sought = editing.sought.value;
  const usual: Manner = special !== undefined && sought === undefined ? "special" : "form";
  const manner = chosen ?? usual;
  const title = titleOf(shape, name);
  // Whoever looks for a value sees it in the form, and has it before him.
  useEffect(() => {
    if (sought === undefined) return;
    setChosen("form");
    requestAnimationFrame(() => document.getElementById(idOf(sought))?.focus());
  }, [sought]);
  const manners: readonly (readonly [Manner, string])[] = [
    ...(special === undefined ? [] : [["special", say(special.title)] as const]),
    ["form", say(texts.form)],
    ["text", say(texts.text)],
  ];
  const of = { editing, shape, path: [name], title, required: true };
  return (
    <div class="shown">
      <div class="head">
        <h3 id="section-title">{title}</h3>
        <Choice
          label={say(texts.shownAs)}
          of={manners}
          chosen={manner}
          choose={(next) => {
            setChosen(next);
            editing.sought.value = undefined;
          }}
        />
      </div>
      <Takes shape={shape} />
      {manner === "text" ? (
        <AsText editing={editing} path={[name]} title={title} />
      ) : manner === "special" && special !== undefined ? (
        <special.Editor {...of} />
      ) : (
        <Place {...of} />
      )}
    </div>
  );
}

/** Values that stand beside each other. */
function Together({ editing, section: { title, names } }: Of & { readonly section: Section }) {
  const { properties = {}, required = [] } = editing.shape.value;
  const sought = editing.sought.value;
  useEffect(() => {
    if (sought !== undefined) requestAnimationFrame(() => document.getElementById(idOf(sought))?.focus());
  }, [sought]);
  return (
    <div class="shown">
      <div class="head">
        <h3 id="section-title">{title}</h3>
      </div>
      <div class="members">
        {names.map((name) => {
          const shape = properties[name] ?? {};
          const isRequired = shape.default !== undefined || required.includes(name);
          const of = { editing, shape, path: [name], title: titleOf(shape, name), required: isRequired };
          return (
            <Fragment key={name}>
              <Place {...of} />
              <Takes shape={shape} />
            </Fragment>
          );
        })}
      </div>
    </div>
  );
}

/** How many changes and wrong values there are in a section. */
function Marks({ editing, section: { names } }: Of & { readonly section: Section }) {
  const changed = editing.changes.value.filter(({ path }) => names.includes(String(path[0]))).length;
  const wrong = names.reduce((sum, name) => sum + countWithin(editing.checked.value.problems, [name]), 0);
  return (
    <>
      {changed === 0 ? null : <span class="mark changed">{say(texts.markChanges, { n: changed })}</span>}
      {wrong === 0 ? null : <span class="mark wrong">{say(texts.markProblems, { n: wrong })}</span>}
    </>
  );
}

export function Settings({
  editing,
  section,
  show,
}: Of & { readonly section: string; readonly show: (name: string) => void }) {
  const [wanted, setWanted] = useState("");
  const { value: shape } = editing.shape;
  const sections = sectionsOf(editing);
  const found = search(shape, editing.mine.value, wanted);
  const at = sections.find(({ names }) => names.includes(section)) ?? sections[0];
  const go = (path: Path): void => {
    show(String(path[0]));
    editing.sought.value = [...path];
  };
  return (
    <div class="configuring">
      <div class="contents">
        <input
          type="search"
          aria-label={say(texts.search)}
          placeholder={say(texts.search)}
          value={wanted}
          onInput={({ currentTarget }) => setWanted(currentTarget.value)}
        />
        <p class="hint" role="status">
          {wanted.trim() === ""
            ? ""
            : found.length === 0
              ? say(texts.foundNone)
              : say(texts.found, { n: found.length })}
        </p>
        {wanted.trim() === "" ? (
          <nav aria-label={say(texts.sections)}>
            {sections.map((one) => (
              <button
                key={one.names[0]}
                type="button"
                aria-current={one.names[0] === at?.names[0] ? "true" : undefined}
                onClick={() => {
                  editing.sought.value = undefined;
                  show(one.names[0] ?? "");
                }}
              >
                {one.title} <Marks editing={editing} section={one} />
              </button>
            ))}
          </nav>
        ) : (
          <nav aria-label={say(texts.search)} class="found">
            {found.map(({ path, titles }) => (
              <button key={keyText(path)} type="button" onClick={() => go(path)}>
                {titles.join(" › ")}
              </button>
            ))}
          </nav>
        )}
      </div>
      {at === undefined ? null : at.names.length > 1 ? (
        <Together editing={editing} section={at} />
      ) : (
        <SectionShown key={at.names[0]} editing={editing} name={at.names[0] ?? ""} />
      )}
    </div>
  );
}
