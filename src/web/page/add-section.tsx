/** A meter is added to the site: said in a form, checked as it is typed, seen as it is written, and written. */
import { useEffect, useState } from "preact/hooks";
import "./add.css";
import { problemsByField } from "./add-draft.ts";
import { AddForm } from "./add-form.tsx";
import { AddLink, type Checked } from "./add-link.ts";
import { ScanPanel } from "./add-scan.tsx";
import { DifferenceLines } from "./difference-lines.tsx";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { RemoveMeter } from "./remove-meter.tsx";
import { addTexts } from "./texts/add.ts";
import { goTo } from "./visit.ts";

function Difference({ checked, file }: { readonly checked: Checked; readonly file: string }) {
  const title = say(addTexts.difference, { file: file.replace(/^.*[\\/]/, "") });
  if (checked.state !== "good")
    return (
      <Panel id="add-difference" title={title} whole>
        <Notice>{say(addTexts.nothingYet)}</Notice>
      </Panel>
    );
  return (
    <Panel id="add-difference" title={title} whole>
      {checked.isStale ? <Notice kind="trouble">{say(addTexts.stale)}</Notice> : null}
      <DifferenceLines label={title} of={checked.edit.difference} />
      {checked.edit.notes.map((note) => (
        <Notice key={note}>{note}</Notice>
      ))}
    </Panel>
  );
}

function stateOf(checked: Checked): string {
  switch (checked.state) {
    case "nothing":
      return "";
    case "checking":
      return say(addTexts.checking);
    case "adding":
      return say(addTexts.adding);
    case "good":
      return say(addTexts.good);
    case "wrong":
      return say(addTexts.wrong, { n: checked.problems.length });
  }
}

export function Section() {
  const [link] = useState(() => new AddLink());
  useEffect(() => {
    void link.begin();
    return () => link.end();
  }, [link]);
  const [additions, trouble, checked, draft] = [
    link.additions.value,
    link.trouble.value,
    link.checked.value,
    link.draft.value,
  ];
  if (trouble !== undefined) return <Notice kind="trouble">{say(addTexts.barred, { why: trouble })}</Notice>;
  if (additions === undefined) return null;
  const problems = problemsByField(checked.state === "wrong" ? checked.problems : []);
  const add = async (): Promise<void> => {
    const name = await link.add();
    if (name !== undefined) goTo({ meter: name, section: "" });
  };
  return (
    <>
      <Panel id="add" title={say(addTexts.title)} whole>
        {additions.barred === undefined ? (
          <Notice>{say(addTexts.what)}</Notice>
        ) : (
          <Notice kind="trouble">{say(addTexts.barred, { why: additions.barred })}</Notice>
        )}
        <form
          class="fields"
          onSubmit={(event) => {
            event.preventDefault();
            void add();
          }}
        >
          <AddForm additions={additions} draft={draft} problems={problems} type={(change) => link.type(change)} />
          {(problems.get("") ?? []).map((problem) => (
            <p key={problem} class="wrong">
              {problem}
            </p>
          ))}
          <div class="done">
            <button type="submit" class="main" disabled={checked.state !== "good"}>
              {say(addTexts.add)}
            </button>
            <span role="status">{stateOf(checked)}</span>
          </div>
        </form>
      </Panel>
      <Difference checked={checked} file={additions.file} />
      <ScanPanel link={link} />
      <RemoveMeter />
    </>
  );
}
