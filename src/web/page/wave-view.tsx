/** A recording to look at: its drawing, what is done with it, its channels with their values at two cursors, and phasors. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { secondsText } from "./wave-canvas.ts";
import { WavePhasors } from "./wave-phasors.tsx";
import { palette, WaveStage } from "./wave-stage.ts";
import { WaveTable } from "./wave-table.tsx";
import { WaveTools } from "./wave-tools.tsx";
import { factsOf, goalsOf, GOAL_SECONDS, instantText, kindText, sinceText, texts } from "./wave-words.ts";
import { nearest, rowAt, timeOf } from "./viewer/axis.ts";
import type { View } from "./viewer/columns.ts";
import type { Detail, WaveContent } from "./viewer/content.ts";
import { keyText, lanesOf, shownAtFirst, type Lane } from "./viewer/lanes.ts";
import { boundsOf, stepped } from "./viewer/zoom.ts";
import "./viewer.css";

interface Props {
  readonly content: WaveContent;
  readonly detail?: Detail | undefined;
  /** Asks for the samples of a part of a long recording. */
  readonly ask?: (from: number, count: number) => void;
}

/** Pixels for which samples of a long recording are asked at once, by the buckets that they are otherwise drawn from. */
const ASKED_PIXELS = 2000;
/** Samples that are asked for at most, of all channels. */
const MOST_ASKED = 1 << 22;

type Cursors = readonly [number | undefined, number | undefined];

export function WaveView({ content, detail, ask }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const stage = useRef<WaveStage | undefined>(undefined);
  const [shown, show] = useState(() => shownAtFirst(content));
  const [cursors, setCursors] = useState<Cursors>([undefined, undefined]);
  const [fits, setFits] = useState(false);
  const lanes = useMemo(() => lanesOf(content, (key) => shown.has(keyText(key))), [content, shown]);
  const bounds = useMemo(
    () =>
      boundsOf(
        content.seconds,
        content.groups.map(({ times }) => times),
      ),
    [content],
  );
  const goals = useMemo(() => goalsOf(content), [content]);
  const samples = content.groups[0]?.times;

  /** A cursor stands at a sample where there is one near. */
  const atSample = (seconds: number): number => {
    const row = samples === undefined ? undefined : nearest(samples, seconds);
    return samples === undefined || row === undefined ? seconds : timeOf(samples, row);
  };
  const setCursor = (which: 0 | 1, seconds: number): void => {
    const at = atSample(seconds);
    setCursors(([a, b]) => (which === 0 ? [at, b] : [a, at]));
  };
  const laneTitle = ({ kind, unit }: Lane): string =>
    unit === "" ? kindText(kind) : say(texts.kindOf, { kind: kindText(kind), unit });
  const scene = {
    content,
    lanes,
    detail,
    fits,
    laneTitle,
    timeLabel: (seconds: number, step: number): string =>
      step >= 60 && content.start !== undefined
        ? instantText(content.start, seconds).slice(5, 19)
        : `${secondsText(seconds, step)} s`,
  };
  const latest = useRef({ scene, cursors, setCursor, ask });
  latest.current = { scene, cursors, setCursor, ask };

  const askFor = ({ from, to }: View): void => {
    const group = content.groups[0];
    if (group === undefined || content.isLong !== "seeks") return;
    const [first, end] = [rowAt(group.times, from), rowAt(group.times, to)];
    const base = group.channels[0]?.pyramid.base ?? 1;
    const most = Math.min(base * ASKED_PIXELS, MOST_ASKED / Math.max(1, group.channels.length));
    const begin = Math.max(0, first - 1);
    if (end - begin + 1 <= most) latest.current.ask?.(begin, Math.min(group.times.count, end + 1) - begin);
  };

  useEffect(() => {
    const at = root.current;
    const [drawing, overlay] = at?.querySelectorAll("canvas") ?? [];
    if (at === null || drawing === undefined || overlay === undefined) return undefined;
    const made = new WaveStage({
      root: at,
      drawing,
      overlay,
      swatch: (style) => at.querySelector(`.wave-inks .${style}`),
      bounds,
      scene: () => latest.current.scene,
      cursors: () => latest.current.cursors,
      setCursor: (which, seconds) => latest.current.setCursor(which, seconds),
      viewed: askFor,
    });
    stage.current = made;
    return () => {
      made.end();
      stage.current = undefined;
    };
  }, [content]);
  useEffect(() => stage.current?.draw(), [shown, detail, fits, say(texts.samples)]);
  useEffect(() => stage.current?.draw("overlay"), [cursors]);

  const view = stage.current?.view ?? { from: 0, to: content.seconds };
  const step = (which: 0 | 1, steps: number): void => {
    const at = cursors[which];
    if (samples === undefined || at === undefined) return;
    const next = stepped(samples, at, steps);
    setCursor(which, next);
    const seen = stage.current?.view;
    if (seen !== undefined && (next < seen.from || next > seen.to)) stage.current?.move(next < seen.from ? -0.5 : 0.5);
  };
  const goTo = (at: number): void => {
    setCursor(0, at);
    const wide = Math.max(GOAL_SECONDS, 64 * bounds.period);
    stage.current?.show({ from: at - wide / 4, to: at + (3 * wide) / 4 });
  };
  const base = content.groups[0]?.channels[0]?.pyramid.base ?? 1;
  return (
    <div class="wave-view">
      <p class="scale">{factsOf(content)}</p>
      {content.isLong === false ? null : (
        <Notice>{say(content.isLong === "seeks" ? texts.long : texts.buckets, { base })}</Notice>
      )}
      <WaveTools stage={stage} goals={goals} goTo={goTo} fits={fits} setFits={setFits} />
      <div
        ref={root}
        class="wave-stage"
        role="application"
        tabIndex={0}
        aria-label={say(texts.drawing, {
          file: content.file,
          lanes: lanes.length,
          from: sinceText(view.from),
          to: sinceText(view.to),
        })}
      >
        <canvas aria-hidden="true" />
        <canvas aria-hidden="true" />
        <div class="wave-inks" aria-hidden="true">
          {palette.map((style) => (
            <span key={style} class={style} />
          ))}
        </div>
      </div>
      <p class="scale">{say(texts.cursorsHint)}</p>
      <Times content={content} cursors={cursors} step={step} />
      <div class="wave-below">
        <WaveTable
          content={content}
          detail={detail}
          cursors={cursors}
          shown={shown}
          toggle={(key, isOn) => {
            const next = new Set(shown);
            if (isOn) next.add(key);
            else next.delete(key);
            show(next);
          }}
        />
        {cursors[0] === undefined ? null : <WavePhasors content={content} detail={detail} at={cursors[0]} />}
      </div>
      <Besides {...content} />
    </div>
  );
}

interface TimesProps {
  readonly content: WaveContent;
  readonly cursors: Cursors;
  readonly step: (which: 0 | 1, steps: number) => void;
}

/** Where the cursors stand, and keys that move them by a sample. */
function Times({ content: { start }, cursors, step }: TimesProps) {
  const [a, b] = cursors;
  const names = [say(texts.cursorA), say(texts.cursorB)] as const;
  return (
    <div role="status">
      <dl class="wave-times">
        {([0, 1] as const).map((which) => {
          const at = cursors[which];
          const cursor = names[which];
          return at === undefined ? null : (
            <div key={which}>
              <dt>{cursor}</dt>
              <dd class="figures">
                <button type="button" aria-label={say(texts.sampleBack, { cursor })} onClick={() => step(which, -1)}>
                  ‹
                </button>
                <span id={`cursor-${which === 0 ? "a" : "b"}`}>
                  {say(texts.sinceFirst, { seconds: sinceText(at) })}
                </span>
                <button type="button" aria-label={say(texts.sampleOn, { cursor })} onClick={() => step(which, 1)}>
                  ›
                </button>
                {start === undefined ? null : <span class="wall">{instantText(start, at)}</span>}
              </dd>
            </div>
          );
        })}
        {a === undefined || b === undefined ? null : (
          <div>
            <dt>{say(texts.difference)}</dt>
            <dd class="figures">
              {say(texts.sinceFirst, { seconds: sinceText(b - a) })}
              {a === b ? null : <span class="wall">{`${Number((1 / Math.abs(b - a)).toPrecision(6))} Hz`}</span>}
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}

/** What the reader has to say of the file, and what lay beside it. */
function Besides({ remarks, notes }: Pick<WaveContent, "remarks" | "notes">) {
  return (
    <>
      {remarks.length === 0 ? null : (
        <details class="wave-remarks">
          <summary>{say(texts.remarks, { count: remarks.length })}</summary>
          <ul>
            {remarks.map(({ where, what }, k) => (
              <li key={k}>
                <b>{where}</b> {what}
              </li>
            ))}
          </ul>
        </details>
      )}
      {notes === undefined ? null : (
        <details class="wave-remarks">
          <summary>{say(texts.notes)}</summary>
          <pre>{notes}</pre>
        </details>
      )}
    </>
  );
}
