/** A meter is taken out of the site: what goes from the file is seen first. */
import { useState } from "preact/hooks";
import type { SiteEditView } from "#quantity/site-edit-view.ts";
import { askEdit, type Edited } from "./edit-asked.ts";
import { DifferenceLines } from "./difference-lines.tsx";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { askSite, meters } from "./site.ts";
import { addTexts } from "./texts/add.ts";

/** What is known of taking one out: nothing yet, what would go, that it has gone, or why it cannot. */
type Known = { readonly meter: string } & (
  | { readonly state: "asking" | "gone" }
  | { readonly state: "seen"; readonly edit: SiteEditView }
  | { readonly state: "wrong"; readonly words: string }
);

const pathOf = (meter: string): string => `meters/${encodeURIComponent(meter)}`;

export function RemoveMeter() {
  const [known, setKnown] = useState<Known | undefined>(undefined);
  const tell = async (meter: string, asked: () => Promise<Edited>, state: "seen" | "gone"): Promise<void> => {
    setKnown({ state: "asking", meter });
    const { edit, problems } = await asked();
    if (edit === undefined) return setKnown({ state: "wrong", meter, words: problems.join("; ") });
    if (state === "seen") return setKnown({ state, meter, edit });
    await askSite();
    setKnown({ state, meter });
  };
  const look = (meter: string): void => {
    if (meter === "") return setKnown(undefined);
    void tell(meter, () => askEdit("DELETE", `${pathOf(meter)}?check`), "seen");
  };
  const take = (meter: string, tag: string): void =>
    void tell(meter, () => askEdit("DELETE", pathOf(meter), { tag }), "gone");
  return (
    <Panel id="out" title={say(addTexts.outTitle)} whole>
      <Notice>{say(addTexts.outWhat)}</Notice>
      <div class="fields">
        <div class="field">
          <label for="out-meter">{say(addTexts.outMeter)}</label>
          <select
            id="out-meter"
            value={known === undefined || known.state === "gone" ? "" : known.meter}
            onChange={({ currentTarget }) => look(currentTarget.value)}
          >
            <option value="">{say(addTexts.outChoose)}</option>
            {meters.value.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </div>
      </div>
      <p role="status" class="said">
        {known?.state === "gone" ? say(addTexts.outDone, { meter: known.meter }) : ""}
      </p>
      {known?.state === "wrong" ? <Notice kind="trouble">{known.words}</Notice> : null}
      {known?.state !== "seen" ? null : (
        <>
          <DifferenceLines label={say(addTexts.outTitle)} of={known.edit.difference} />
          {known.edit.notes.map((note) => (
            <Notice key={note}>{note}</Notice>
          ))}
          <button type="button" onClick={() => take(known.meter, known.edit.tag)}>
            {say(addTexts.out, { meter: known.meter })}
          </button>
        </>
      )}
    </Panel>
  );
}
