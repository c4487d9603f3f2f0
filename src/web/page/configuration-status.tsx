/** What stands above the editor: how the draft differs, what the meter says to that, who is logged in, who else edits, what others have changed. */
import { timeText } from "./local-time.ts";
import { useEffect, useState } from "preact/hooks";
import type { EditorSeen } from "./configuration-answers.ts";
import type { ConfigurationEditing } from "./configuration-editing.ts";
import { shortly } from "./configuration-entries.tsx";
import { isOpen } from "./sections.ts";
import { keyText } from "./configuration-value.ts";
import { say } from "./language.ts";
import { visitor } from "./site.ts";
import { configuration as texts } from "./texts/configuration.ts";

interface Of {
  readonly editing: ConfigurationEditing;
}

export function Lines({ of }: { readonly of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <ul>
      {of.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** The meter's own answer to the draft. */
function Answer({ editing }: Of) {
  const { state, consequences, problems, words } = editing.checked.value;
  if (!editing.differs.value) return null;
  switch (state) {
    case "right":
      return (
        <div class="answer right">
          {say(consequences.length === 0 ? texts.rightNothing : texts.right)}
          <Lines of={consequences} />
        </div>
      );
    case "wrong":
      return (
        <div class="answer wrong">
          {say(texts.wrong)}
          <Lines
            of={problems.map(({ path, words: said }) => (path === undefined ? said : `${keyText(path)}: ${said}`))}
          />
        </div>
      );
    case "barred":
      return (
        <div class="answer">
          {say(texts.notLooked)}
          <Lines of={words} />
        </div>
      );
    case "lost":
      return <div class="answer wrong">{say(texts.siteSilent)}</div>;
    default:
      return <div class="answer">{say(texts.asking)}</div>;
  }
}

function Became({ editing }: Of) {
  const outcome = editing.outcome.value;
  if (outcome === undefined) return null;
  const { kind, words } = outcome;
  const said =
    kind === "lost"
      ? texts.lostApply
      : kind === "refused"
        ? texts.refused
        : words.length === 0
          ? texts.applied
          : texts.appliedWith;
  return (
    <div class={`answer ${kind === "applied" ? "right" : "wrong"}`} id="outcome">
      {say(said)}
      <Lines of={words} />
    </div>
  );
}

/** What others have changed while the draft was made, and what both have. */
function Others({ editing }: Of) {
  const [others, conflicts] = [editing.others.value, editing.conflicts.value];
  if (others.length === 0 && conflicts.length === 0) return null;
  return (
    <div class="answer others" role="alert" id="others">
      {others.length === 0 ? null : (
        <>
          <h3>{say(texts.othersTitle)}</h3>
          <ul>
            {others.map(({ path, before, after }) => (
              <li key={keyText(path)}>
                <code>{keyText(path)}</code>: {shortly(before)} → {shortly(after)}
              </li>
            ))}
          </ul>
        </>
      )}
      {conflicts.length === 0 ? (
        <p>
          {say(texts.othersMerged)}{" "}
          <button type="button" onClick={() => editing.seenOthers()}>
            {say(texts.othersSeen)}
          </button>
        </p>
      ) : (
        <>
          <h3>{say(texts.conflictsTitle)}</h3>
          <p>{say(texts.conflictsWhy)}</p>
          <ul id="conflicts">
            {conflicts.map((one) => (
              <li key={keyText(one.path)}>
                <code>{keyText(one.path)}</code>{" "}
                <button type="button" onClick={() => editing.decide(one, "mine")}>
                  {say(texts.mine, { value: shortly(one.mine) })}
                </button>{" "}
                <button type="button" onClick={() => editing.decide(one, "theirs")}>
                  {say(texts.theirs, { value: shortly(one.theirs) })}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** Milliseconds between two times that an editor says it is open. */
const PRESENT_MS = 10_000;

/** A word that nobody else knows. */
function ownWord(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function Editors({ editing }: Of) {
  const [others, setOthers] = useState<readonly EditorSeen[]>([]);
  useEffect(() => {
    const editor = ownWord();
    const path = "/configuration/editors";
    const present = async (): Promise<void> => {
      const { status, said } = await editing.ask(path, { method: "PUT", body: { editor, open: true } });
      // Whoever may only look is nobody to the others, and sees them all the same.
      const { editors = [] } = status === 403 ? (await editing.ask(path)).said : said;
      const seen = editors.filter(({ you }) => you !== true);
      setOthers(seen);
      if (seen.length > 0) await editing.refresh();
      if (status === 404) clearInterval(timer);
    };
    const gone = (): void => {
      clearInterval(timer);
      void editing.ask(path, { method: "PUT", body: { editor, open: false }, keepalive: true });
    };
    const timer = setInterval(() => void present(), PRESENT_MS);
    const back = (): void => void editing.refresh();
    void present();
    addEventListener("pagehide", gone);
    addEventListener("focus", back);
    return () => {
      gone();
      removeEventListener("pagehide", gone);
      removeEventListener("focus", back);
    };
  }, [editing]);
  if (others.length === 0) return null;
  return (
    <p id="editors" role="status">
      {say(texts.editors)}{" "}
      {others
        .map(({ user, meterUser, near, since }) =>
          say(texts.since, {
            who: [user ?? say(near ? texts.somebodyNear : texts.somebody), meterUser]
              .filter((one) => one !== undefined)
              .join(" / "),
            time: timeText(since.slice(0, 16)),
          }),
        )
        .join("; ")}
    </p>
  );
}

export function Status({ editing }: Of) {
  const changes = editing.changes.value.length;
  const differs = editing.differs.value;
  const may = isOpen({ takes: "operator" }, visitor.value?.role);
  const waits = editing.isBusy.value || editing.conflicts.value.length > 0;
  return (
    <div class="draft">
      <p id="draft-state" role="status">
        {differs ? (changes === 1 ? say(texts.changedOne) : say(texts.changed, { n: changes })) : say(texts.unchanged)}{" "}
        {differs && editing.isKeptBefore.value ? say(texts.keptBefore) : ""}
      </p>
      <p class="acts">
        <button
          id="apply"
          type="button"
          class="main"
          disabled={!differs || !may || waits}
          onClick={() => void editing.apply()}
        >
          {say(texts.apply)}
        </button>{" "}
        <button id="discard" type="button" disabled={!differs} onClick={() => editing.discard()}>
          {say(texts.discard)}
        </button>{" "}
        {may ? null : say(texts.takesOperator)}
      </p>
      <div aria-live="polite" id="meter-answer">
        <Answer editing={editing} />
        <Became editing={editing} />
      </div>
      <Others editing={editing} />
      <Editors editing={editing} />
    </div>
  );
}
