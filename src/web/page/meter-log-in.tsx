/** The log-in to the meter that is looked at: who somebody is there, what he may, the form, and the way out. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { MeterVisitorView } from "#quantity/meter-visitor-view.ts";
import type { Text } from "#quantity/text.ts";
import { counted, say } from "./language.ts";
import {
  closed,
  logInAsked,
  logInToMeter,
  logOutOfMeter,
  meterVisitor,
  notNow,
  wantLogIn,
  type LogInAsked,
} from "./meter-session.ts";
import { logNames } from "./texts/logs.ts";
import { commandTexts, meterSession as texts, placeTexts } from "./texts/meter-session.ts";

/** Names, as far as they have a text. */
function textsOf(names: readonly string[], of: Readonly<Record<string, Text>>): readonly string[] {
  return names.flatMap((name) => {
    const text = Object.hasOwn(of, name) ? of[name] : undefined;
    return text === undefined ? [] : [say(text)];
  });
}

function readText(reads: readonly string[]): string {
  const logs = textsOf(
    reads.filter((place) => place.startsWith("log ")).map((place) => place.slice(4)),
    logNames,
  );
  const ofLogs = logs.length === 0 ? [] : [say(texts.logs, { logs: logs.join(", ") })];
  return [listOf(textsOf(reads, placeTexts)), ...ofLogs].join("; ");
}

function listOf(words: readonly string[]): string {
  return words.length === 0 ? say(texts.nothing) : words.join(", ");
}

/** What the session may do. */
function Rights({ user, reads, does, minutes }: MeterVisitorView) {
  return (
    <details id="meter-rights">
      <summary>{say(texts.loggedIn, { user: user ?? "" })}</summary>
      <dl>
        <dt>{say(texts.reads)}</dt>
        <dd>{readText(reads)}</dd>
        <dt>{say(texts.does)}</dt>
        <dd>{listOf(textsOf(does, commandTexts))}</dd>
        <dt>{say(texts.session)}</dt>
        <dd>{say(texts.ends, { minutes: counted(minutes ?? 0) })}</dd>
      </dl>
    </details>
  );
}

/** Who is logged in to the meter; nothing of one that has no users. */
export function MeterUser() {
  const view = meterVisitor.value;
  if (view === undefined || view.minutes === null) return null;
  if (view.user !== null)
    return (
      <div id="meter-visitor">
        <Rights {...view} />
        <button type="button" onClick={() => void logOutOfMeter()}>
          {say(texts.logOut)}
        </button>
      </div>
    );
  if (logInAsked.value !== undefined || closed.value !== undefined) return null;
  return (
    <div id="meter-visitor">
      <button type="button" onClick={() => wantLogIn({ why: "asked" })}>
        {say(texts.logIn)}
      </button>
    </div>
  );
}

const whys = { asked: texts.whyAsked, needed: texts.whyNeeded, ended: texts.whyEnded, reading: texts.whyReading };

/** The form, where somebody wants to log in or nothing is shown until he does. */
export function MeterLogIn() {
  const asked = logInAsked.value;
  const why = asked?.why ?? (closed.value === "session" ? "reading" : undefined);
  return why === undefined ? null : <Form key={meterVisitor.value?.name} why={why} />;
}

function Form({ why }: { readonly why: LogInAsked["why"] | "reading" }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [wrong, setWrong] = useState("");
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    form.current?.scrollIntoView({ block: "nearest" });
    // Nobody who is typing is interrupted.
    if (!(why === "ended" && before instanceof HTMLInputElement)) form.current?.querySelector("input")?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const send = async (): Promise<void> => {
    setBusy(true);
    const said = await logInToMeter(name, password);
    setBusy(false);
    setPassword("");
    setWrong(said ?? "");
  };
  return (
    <form
      id="meter-log-in"
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p role={why === "ended" ? "alert" : undefined}>{say(whys[why])}</p>
      <label>
        {say(texts.user)}{" "}
        <input
          autocomplete="off"
          spellcheck={false}
          required
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
      </label>
      <label>
        {say(texts.password)}{" "}
        <input
          type="password"
          autocomplete="off"
          required
          value={password}
          onInput={({ currentTarget }) => setPassword(currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={isBusy}>
        {say(texts.logIn)}
      </button>
      {closed.value === undefined ? (
        <button type="button" onClick={() => notNow()}>
          {say(texts.notNow)}
        </button>
      ) : null}
      <p class="problem" role="alert">
        {wrong}
      </p>
    </form>
  );
}
