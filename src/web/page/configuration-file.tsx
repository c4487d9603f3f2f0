/** A configuration as a file: what the meter has, or the draft, down; another one up, which becomes the draft. */
import { useState } from "preact/hooks";
import { fileText, readFileText } from "./configuration-files.ts";
import type { ConfigurationEditing } from "./configuration-editing.ts";
import { changesOf } from "./configuration-draft.ts";
import { withoutSecrets } from "./configuration-shape.ts";
import type { Json } from "./configuration-value.ts";
import { say } from "./language.ts";
import { configuration as texts } from "./texts/configuration.ts";

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

export function ConfigurationFile({ editing }: { readonly editing: ConfigurationEditing }) {
  const [said, setSaid] = useState("");
  const name = editing.meter.replace(/[^\w.-]+/g, "_");
  const down = (value: Json, of: string): void =>
    download(`${name}${of}.json`, fileText(withoutSecrets(editing.shape.value, value)));
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const read = await readFileText(file);
    if (typeof read === "string") return setSaid(say(texts.fileNone, { name: file.name, why: read }));
    if (editing.differs.value && !confirm(say(texts.fileReplaces))) return;
    editing.replace(read.value);
    setSaid(say(texts.fileTaken, { name: file.name, n: changesOf(editing.base.value, read.value).length }));
  };
  return (
    <div id="configuration-file">
      <p class="hint">{say(texts.fileWhy)}</p>
      <p>
        <button type="button" onClick={() => down(editing.base.value, "")}>
          {say(texts.fileDown)}
        </button>{" "}
        <button type="button" disabled={!editing.differs.value} onClick={() => down(editing.mine.value, "-draft")}>
          {say(texts.fileDraftDown)}
        </button>
      </p>
      <p>
        <label>
          {say(texts.fileUp)}{" "}
          <input
            type="file"
            accept=".json,application/json"
            onChange={({ currentTarget }) => {
              void take(currentTarget.files?.[0]);
              currentTarget.value = "";
            }}
          />
        </label>
      </p>
      <p role="status">{said}</p>
    </div>
  );
}
