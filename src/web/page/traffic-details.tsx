/** One message, opened: its fields and its bytes side by side; what is pointed at in one is marked in the other. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { TrafficDetail } from "#quantity/traffic-view.ts";
import { counted, say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { trafficTexts } from "./texts/traffic.ts";
import { byteLines, fieldLines, lineOfByte, placeText, WIDTH, type ByteLine, type FieldLine } from "./traffic-bytes.ts";

/** Bytes and fields that are shown at first. */
const [BYTES, FIELDS] = [2048, 1000];

interface FieldProps {
  readonly line: FieldLine;
  readonly at: number;
  readonly isMarked: boolean;
}

function Field({ line: { field, depth, bytes, span }, at, isMarked }: FieldProps) {
  const { name, text = "", wrong, hidden } = field;
  const style = [isMarked ? "marked" : "", wrong === true ? "wrong" : "", hidden === true ? "covered" : ""];
  return (
    <li id={`field-${at}`} role="option" aria-selected={isMarked} class={style.join(" ").trim()} data-field={at}>
      <span class="at">{span === undefined ? "" : field.at}</span>
      <span class="digits">{bytes}</span>
      <span class="what" style={{ paddingLeft: `${Math.min(depth, 12) * 0.9}em` }}>
        <b>{name}</b>
        {text === "" ? "" : `: ${text}`}
      </span>
    </li>
  );
}

interface BytesProps {
  readonly lines: readonly ByteLine[];
  readonly marked: readonly [from: number, to: number] | undefined;
}

function Bytes({ lines, marked }: BytesProps) {
  const isMarked = (at: number): boolean => marked !== undefined && at >= marked[0] && at < marked[1];
  return (
    <div class="bytes" role="region" tabIndex={0} aria-label={say(trafficTexts.bytes)}>
      {lines.map(({ at, bytes, text }) => (
        <div key={at} class="byte-line">
          <span class="at" aria-hidden="true">
            {placeText(at)}
          </span>
          <span class="digits">
            {bytes.map((digits, k) => (
              <span key={k} data-byte={at + k} class={isMarked(at + k) ? "marked" : undefined}>
                {digits}
              </span>
            ))}
          </span>
          <span class="characters" aria-hidden="true">
            {[...text].map((character, k) => (
              <span key={k} data-byte={at + k} class={isMarked(at + k) ? "marked" : undefined}>
                {character}
              </span>
            ))}
          </span>
        </div>
      ))}
    </div>
  );
}

/** The number that an element under the pointer, or one around it, carries by a name. */
function carried(event: Event, name: "byte" | "field"): number | undefined {
  const found = event.target instanceof Element ? event.target.closest(`[data-${name}]`) : null;
  const text = found?.getAttribute(`data-${name}`);
  return text === null || text === undefined ? undefined : Number(text);
}

function Opened({ detail }: { readonly detail: TrafficDetail }) {
  const { bytes, covered, more } = detail;
  const lines = useMemo(() => fieldLines(detail), [detail]);
  const [all, setAll] = useState(false);
  const [marked, setMarked] = useState<number | undefined>(undefined);
  const list = useRef<HTMLUListElement>(null);
  const dump = useMemo(() => byteLines(bytes ?? "", covered, all ? Infinity : BYTES), [detail, all]);
  useEffect(() => setMarked(undefined), [detail]);
  const shown = lines.slice(0, FIELDS);
  const span = marked === undefined ? undefined : lines[marked]?.span;
  const reveal = (at: number): void => {
    list.current?.querySelector(`#field-${at}`)?.scrollIntoView({ block: "nearest" });
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(shown.length - 1, (marked ?? -1) + step));
    setMarked(next);
    reveal(next);
  };
  return (
    <div class="side-by-side">
      <ul
        ref={list}
        class="fields"
        role="listbox"
        tabIndex={0}
        aria-label={say(trafficTexts.fields)}
        aria-activedescendant={marked === undefined || marked >= shown.length ? undefined : `field-${marked}`}
        onPointerOver={(event) => setMarked(carried(event, "field") ?? marked)}
        onClick={(event) => setMarked(carried(event, "field") ?? marked)}
        onKeyDown={press}
      >
        {shown.map((line, k) => (
          <Field key={k} line={line} at={k} isMarked={k === marked} />
        ))}
      </ul>
      {bytes === undefined ? (
        <Notice>{say(trafficTexts.noBytes)}</Notice>
      ) : (
        <div
          onPointerOver={(event) => {
            const byte = carried(event, "byte");
            const field = byte === undefined ? undefined : lineOfByte(lines, byte);
            if (field === undefined) return;
            setMarked(field);
            reveal(field);
          }}
        >
          <Bytes lines={dump} marked={span} />
          {!all && bytes.length > 2 * dump.length * WIDTH ? (
            <button type="button" onClick={() => setAll(true)}>
              {say(trafficTexts.all)}
            </button>
          ) : null}
        </div>
      )}
      {more || lines.length > shown.length ? <Notice>{say(trafficTexts.more)}</Notice> : null}
    </div>
  );
}

interface Props {
  readonly detail: TrafficDetail | "gone";
  readonly shut: () => void;
}

export function TrafficDetails({ detail, shut }: Props) {
  const close = (
    <button type="button" onClick={shut}>
      {say(trafficTexts.close)}
    </button>
  );
  if (detail === "gone")
    return (
      <div class="opened">
        <Notice>{say(trafficTexts.gone)}</Notice>
        {close}
      </div>
    );
  const { number, at, kind, listener, peer, length } = detail.message;
  return (
    <div class="opened" role="region" aria-label={say(trafficTexts.opened, { number: counted(number) })}>
      <div class="head">
        <h3>{say(trafficTexts.opened, { number: counted(number) })}</h3>
        <p class="scale">
          {at}, {say(trafficTexts[kind])}, {listener}, {peer}, {counted(length)} {say(trafficTexts.length)}
        </p>
        {close}
      </div>
      {detail.fields.length === 0 && length === 0 ? null : <Opened detail={detail} />}
    </div>
  );
}
