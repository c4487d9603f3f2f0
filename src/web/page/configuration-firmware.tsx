/** A meter's firmware and options: versions, files that wait for a reboot, the key of an option. What a file or key would do is said before it does it. */
import { useEffect, useState } from "preact/hooks";
import { isDone, type FirmwareSaid } from "./configuration-answers.ts";
import type { ConfigurationEditing } from "./configuration-editing.ts";
import { base64Of } from "./configuration-files.ts";
import { Lines } from "./configuration-status.tsx";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { Table } from "./table.tsx";
import { firmware as texts } from "./texts/firmware.ts";

interface Of {
  readonly editing: ConfigurationEditing;
  /** Reads again what the meter says. */
  readonly again: () => void;
}

/** What the meter has said to something that has not been done yet. */
interface Looked<T> {
  readonly of: T;
  readonly consequences: readonly string[];
}

function FileUp({ editing, again }: Of) {
  const [looked, setLooked] = useState<Looked<{ readonly name: string; readonly image: string }> | undefined>(
    undefined,
  );
  const look = async (file: File | undefined): Promise<void> => {
    setLooked(undefined);
    if (file === undefined) return;
    const image = base64Of(new Uint8Array(await file.arrayBuffer()));
    const answer = await editing.tell("/firmware?check", { method: "POST", body: { image } });
    if (answer === undefined) return;
    setLooked({ of: { name: file.name, image }, consequences: answer.said.consequences ?? [] });
  };
  const upload = async (image: string, reboot: boolean): Promise<void> => {
    const answer = await editing.tell("/firmware", { method: "POST", body: { image, reboot } });
    if (answer === undefined) return;
    setLooked(undefined);
    editing.outcome.value = { kind: "applied", words: answer.said.consequences ?? [] };
    again();
  };
  return (
    <>
      <p>
        <label>
          {say(texts.file)}{" "}
          <input
            type="file"
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0];
              void look(file).then(() => (currentTarget.value = ""));
            }}
          />
        </label>
      </p>
      {looked === undefined ? null : (
        <div class="answer" id="firmware-file" role="group">
          {say(texts.fileSays, { name: looked.of.name })}
          <Lines of={looked.consequences} />
          <p>
            <button type="button" onClick={() => void upload(looked.of.image, false)}>
              {say(texts.upload)}
            </button>{" "}
            <button type="button" onClick={() => void upload(looked.of.image, true)}>
              {say(texts.uploadReboot)}
            </button>{" "}
            <button type="button" onClick={() => setLooked(undefined)}>
              {say(texts.cancel)}
            </button>
          </p>
        </div>
      )}
    </>
  );
}

function OptionKey({ editing, again, enables }: Of & { readonly enables: readonly string[] }) {
  const [key, setKey] = useState("");
  const [looked, setLooked] = useState<Looked<string> | undefined>(undefined);
  const look = async (): Promise<void> => {
    const answer = await editing.tell("/option-key?check", { method: "POST", body: { key } });
    setLooked(answer === undefined ? undefined : { of: key, consequences: answer.said.consequences ?? [] });
  };
  const enable = async (): Promise<void> => {
    const answer = await editing.tell("/option-key", { method: "POST", body: { key } });
    if (answer === undefined) return;
    setLooked(undefined);
    setKey("");
    editing.outcome.value = { kind: "applied", words: answer.said.consequences ?? [] };
    again();
  };
  return (
    <form
      id="option-key"
      onSubmit={(event) => {
        event.preventDefault();
        void look();
      }}
    >
      <p>{say(texts.enables, { options: enables.join(", ") })}</p>
      <label>
        {say(texts.key)}{" "}
        <input
          type="text"
          autocomplete="off"
          spellcheck={false}
          maxLength={64}
          required
          value={key}
          onInput={({ currentTarget }) => {
            setKey(currentTarget.value);
            setLooked(undefined);
          }}
        />
      </label>{" "}
      <button type="submit">{say(texts.tryKey)}</button>
      {looked === undefined ? null : (
        <div class="answer" role="group">
          {say(texts.keySays)}
          <Lines of={looked.consequences} />
          <p>
            <button type="button" onClick={() => void enable()}>
              {say(texts.enable)}
            </button>
          </p>
        </div>
      )}
    </form>
  );
}

function Reboot({ editing, again }: Of) {
  const [isAsked, setAsked] = useState(false);
  if (!isAsked)
    return (
      <p>
        <button type="button" onClick={() => setAsked(true)}>
          {say(texts.reboot)}
        </button>
      </p>
    );
  return (
    <div class="answer" role="group">
      <p>{say(texts.rebootAsk)}</p>
      <p>
        <button
          type="button"
          onClick={() => {
            setAsked(false);
            void editing.tell("/reboot", { method: "POST" }).then(again);
          }}
        >
          {say(texts.rebootNow)}
        </button>{" "}
        <button type="button" onClick={() => setAsked(false)}>
          {say(texts.cancel)}
        </button>
      </p>
    </div>
  );
}

/** Milliseconds until a meter that reboots is asked again. */
const AGAIN_MS = 1000;

export function Firmware({ editing }: Pick<Of, "editing">) {
  const [said, setSaid] = useState<FirmwareSaid | "asking" | "lacks">("asking");
  const [asked, setAsked] = useState(0);
  const again = (): void => setAsked(asked + 1);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const read = async (): Promise<void> => {
      const answer = await editing.ask("/firmware");
      if (isOver) return;
      const facts = answer.value as unknown as FirmwareSaid;
      if (isDone(answer)) setSaid(facts);
      else if (answer.status === 404) setSaid("lacks");
      // Another option is another description of what can be configured.
      if (isDone(answer) && !facts.rebooting && asked > 0) await editing.load();
      if (answer.status === 0 || (isDone(answer) && facts.rebooting)) timer = setTimeout(() => void read(), AGAIN_MS);
    };
    void read();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [editing, asked]);
  if (said === "asking") return null;
  if (said === "lacks") return <Notice>{say(texts.lacks)}</Notice>;
  const { boards, takes, options, enables, rebooting } = said;
  if (boards.length === 0 && !takes) return <Notice>{say(texts.none)}</Notice>;
  return (
    <div id="firmware">
      <Table
        id="boards"
        label={say(texts.title)}
        kind="words"
        heads={[[say(texts.board)], [say(texts.version)], [say(texts.waiting)]]}
        rows={boards.map(({ board, version, waiting = "" }) => ({
          key: board,
          name: board,
          cells: [version, waiting],
        }))}
      />
      <p role="status">{rebooting ? say(texts.rebooting) : ""}</p>
      {takes ? <FileUp editing={editing} again={again} /> : null}
      <p>{say(texts.options, { options: options.length === 0 ? say(texts.noOptions) : options.join(", ") })}</p>
      {enables.length === 0 ? null : <OptionKey editing={editing} again={again} enables={enables} />}
      {takes ? <Reboot editing={editing} again={again} /> : null}
    </div>
  );
}
