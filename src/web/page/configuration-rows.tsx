/** A table of the members of a list, of which each opens as a form: what editors of registers, triggers and points have in common. */
import { useState } from "preact/hooks";
import { Fragment, type ComponentChildren } from "preact";
import { Before, idOf, ProblemsWithin, type FieldProps } from "./configuration-field.tsx";
import { Parts } from "./configuration-form.tsx";
import { AddMember, MemberButtons } from "./configuration-list.tsx";
import { memberTitle } from "./configuration-shape.ts";
import { isList, leadsTo, nameOf, valueAt, type Json, type Path } from "./configuration-value.ts";
import { say } from "./language.ts";
import { tables as texts } from "./texts/calendar.ts";

export interface Rows extends FieldProps {
  readonly heads: readonly string[];
  /** What stands in a row, one of each head. */
  readonly cells: (value: Json, path: Path, place: number) => readonly ComponentChildren[];
}

/** Members that are shown at once: each is a row of entries. */
const PAGE = 40;

export function MemberRows({ heads, cells, ...of }: Rows) {
  const { editing, shape, path, title } = of;
  const [opened, setOpened] = useState<string | undefined>(undefined);
  const value = valueAt(editing.mine.value, path);
  const list = isList(value) ? value : [];
  const [page, setPage] = useState(0);
  const pages = Math.max(1, Math.ceil(list.length / PAGE));
  const from = PAGE * Math.min(page, pages - 1);
  const mayGo = list.length > (shape.minItems ?? 0);
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label={title}>
        <table class="words rows" aria-label={title}>
          <thead>
            <tr>
              {heads.map((head) => (
                <th scope="col" key={head}>
                  {head}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {list.slice(from, from + PAGE).map((one, n) => {
              const k = from + n;
              const at = [...path, k];
              const key = nameOf(one) ?? String(k);
              const what = memberTitle(one, k);
              const isOpen = opened === key;
              const [first, ...rest] = cells(one, at, k);
              const wrong = editing.checked.value.problems.some(({ path: of }) => of !== undefined && leadsTo(at, of));
              return (
                <Fragment key={key}>
                  <tr class={wrong ? "wrong" : undefined}>
                    <th scope="row">{first}</th>
                    {rest.map((cell, c) => (
                      <td key={String(c)}>{cell}</td>
                    ))}
                    <td>
                      <button
                        type="button"
                        class="small"
                        aria-expanded={isOpen}
                        aria-label={say(texts.openOf, { what })}
                        onClick={() => setOpened(isOpen ? undefined : key)}
                      >
                        {say(isOpen ? texts.close : texts.open)}
                      </button>{" "}
                      <MemberButtons editing={editing} path={path} place={k} what={what} mayGo={mayGo} />{" "}
                      <ProblemsWithin editing={editing} path={at} />
                      <Before editing={editing} shape={shape.items ?? {}} path={at} title={what} />
                    </td>
                  </tr>
                  {isOpen ? (
                    <tr>
                      <td colSpan={heads.length + 1} class="folded" id={idOf(at)}>
                        <Parts editing={editing} shape={shape.items ?? {}} path={at} title={what} />
                      </td>
                    </tr>
                  ) : null}
                </Fragment>
              );
            })}
          </tbody>
        </table>
      </div>
      {pages === 1 ? null : (
        <p class="pages">
          <button type="button" disabled={from === 0} onClick={() => setPage(from / PAGE - 1)}>
            {say(texts.pageBefore)}
          </button>
          <span role="status">
            {say(texts.shownRows, { from: from + 1, to: Math.min(from + PAGE, list.length), all: list.length })}
          </span>
          <button type="button" disabled={from + PAGE >= list.length} onClick={() => setPage(from / PAGE + 1)}>
            {say(texts.pageAfter)}
          </button>
        </p>
      )}
      <AddMember {...of} />
    </>
  );
}
