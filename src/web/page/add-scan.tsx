/** Looks for meters behind a gateway or on a line, and offers what is found. */
import { useState } from "preact/hooks";
import type { ScanView } from "#quantity/site-edit-view.ts";
import type { AddLink } from "./add-link.ts";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { addTexts } from "./texts/add.ts";

function wordsOf({ state, unit, from, to, found, words }: ScanView): string {
  const n = found.length;
  switch (state) {
    case "none":
      return "";
    case "running":
      return words !== "" ? words : say(addTexts.scanning, { unit, from, to, n });
    case "done":
      return [say(addTexts.scanned, { n, from, to }), words].filter((one) => one !== "").join(" ");
    case "stopped":
      return say(addTexts.stopped, { unit, n });
    case "failed":
      return say(addTexts.failed, { words });
  }
}

export function ScanPanel({ link }: { readonly link: AddLink }) {
  const [url, setUrl] = useState("modbus://");
  const [from, setFrom] = useState("1");
  const [to, setTo] = useState("127");
  const [scan, trouble] = [link.scan.value, link.scanTrouble.value];
  const isRunning = scan?.state === "running";
  const fields: readonly (readonly [id: string, text: string, value: string, set: (value: string) => void])[] = [
    ["scan-url", say(addTexts.scanUrl), url, setUrl],
    ["scan-from", say(addTexts.from), from, setFrom],
    ["scan-to", say(addTexts.to), to, setTo],
  ];
  return (
    <Panel id="scan" title={say(addTexts.scanTitle)} whole>
      <Notice>{say(addTexts.scanWhat)}</Notice>
      <form
        class="fields scan"
        onSubmit={(event) => {
          event.preventDefault();
          void link.look(url, from, to);
        }}
      >
        {fields.map(([id, text, value, set]) => (
          <div key={id} class="field">
            <label for={id}>{text}</label>
            <input
              type="text"
              id={id}
              value={value}
              spellcheck={false}
              autocomplete="off"
              onInput={({ currentTarget }) => set(currentTarget.value)}
            />
          </div>
        ))}
        <div class="done">
          <button type="submit" disabled={isRunning}>
            {say(addTexts.scan)}
          </button>
          {isRunning ? (
            <button type="button" onClick={() => void link.stop()}>
              {say(addTexts.stop)}
            </button>
          ) : null}
          <span role="status">{scan === undefined ? "" : wordsOf(scan)}</span>
        </div>
        {trouble === undefined ? null : <Notice kind="trouble">{trouble}</Notice>}
      </form>
      {scan === undefined || scan.found.length === 0 ? null : <Found scan={scan} take={(one) => link.take(one)} />}
    </Panel>
  );
}

interface FoundProps {
  readonly scan: ScanView;
  readonly take: (found: ScanView["found"][number]) => void;
}

function Found({ scan: { found }, take }: FoundProps) {
  return (
    <div class="scroll" role="region" tabIndex={0} aria-label={say(addTexts.found)}>
      <table id="found">
        <thead>
          <tr>
            <th scope="col">{say(addTexts.unit)}</th>
            <th scope="col">{say(addTexts.says)}</th>
            <th scope="col">{say(addTexts.model)}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {found.map((one) => (
            <tr key={one.unit}>
              <th scope="row">{one.unit}</th>
              <td>{one.text === "" ? one.by : one.text}</td>
              <td>{one.models.join(", ")}</td>
              <td>
                <button type="button" onClick={() => take(one)}>
                  {say(addTexts.take, { unit: one.unit })}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
