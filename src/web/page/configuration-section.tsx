/** A meter's configuration: a draft laid over what it has, looked at by the meter before it is applied. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { Choice } from "./choice.tsx";
import { Differences } from "./configuration-differences.tsx";
import { editingOf } from "./configuration-editing.ts";
import { ConfigurationFile } from "./configuration-file.tsx";
import { Firmware } from "./configuration-firmware.tsx";
import { History } from "./configuration-history.tsx";
import { Settings } from "./configuration-settings.tsx";
import { Lines, Status } from "./configuration-status.tsx";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import type { OfMeter } from "./sections.ts";
import { firmware } from "./texts/firmware.ts";
import { configuration as texts } from "./texts/configuration.ts";
import "./configuration.css";

type View = "settings" | "differences" | "history" | "file" | "firmware";

function Editor({ meter }: { readonly meter: string }) {
  const editing = editingOf(meter);
  const [view, setView] = useState<View>("settings");
  const [section, setSection] = useState("");
  useEffect(() => void editing.load(), [editing]);
  const state = editing.state.value;
  if (state === "loading") return <Notice>{say(texts.loading)}</Notice>;
  if (state === "none") return <Notice>{say(texts.none)}</Notice>;
  if (state === "barred")
    return (
      <Notice>
        {say(texts.barred)}
        <Lines of={editing.barred.value} />
      </Notice>
    );
  if (state === "lost")
    return (
      <Notice kind="trouble">
        {say(texts.lost)}{" "}
        <button type="button" onClick={() => void editing.load()}>
          {say(texts.again)}
        </button>
      </Notice>
    );
  const show = (name: string): void => {
    setSection(name);
    setView("settings");
  };
  return (
    <>
      <Status editing={editing} />
      <Choice
        label={say(texts.views)}
        of={[
          ["settings", say(texts.settings)],
          ["differences", say(texts.differences, { n: editing.changes.value.length })],
          ["history", say(texts.history)],
          ["file", say(texts.file)],
          ["firmware", say(firmware.title)],
        ]}
        chosen={view}
        choose={setView}
      />
      {view === "settings" ? <Settings editing={editing} section={section} show={show} /> : null}
      {view === "differences" ? <Differences editing={editing} show={show} /> : null}
      {view === "history" ? <History editing={editing} /> : null}
      {view === "firmware" ? <Firmware editing={editing} /> : null}
      {view === "file" ? <ConfigurationFile editing={editing} /> : null}
    </>
  );
}

export function Section({ live: { name } }: OfMeter) {
  // What is measured changes with each cycle; what is edited does not.
  const editor = useMemo(() => <Editor key={name} meter={name} />, [name]);
  return (
    <Panel id="configuration" title={say(texts.title)} whole>
      {editor}
    </Panel>
  );
}
