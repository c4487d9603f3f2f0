/** A figure of the report: a drawing that can be saved as a picture. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { pictureOf, pngOf } from "./picture.ts";
import { saveFile } from "./save-file.ts";
import { fileName } from "./saved-name.ts";
import { reportTexts as texts } from "./texts/report.ts";

interface Props {
  readonly meter: string;
  /** What is drawn, in words, and in the name of the file. */
  readonly what: string;
  readonly file: string;
  readonly children: ComponentChildren;
}

export function Figure({ meter, what, file, children }: Props) {
  const place = useRef<HTMLElement>(null);
  const [hasFailed, fail] = useState(false);
  const save = async (kind: "svg" | "png"): Promise<void> => {
    fail(false);
    const drawn = place.current?.querySelector("svg");
    if (drawn === null || drawn === undefined) return;
    try {
      const picture = pictureOf(drawn);
      const blob = kind === "svg" ? new Blob([picture.svg], { type: "image/svg+xml" }) : await pngOf(picture);
      saveFile(fileName(meter, file, kind), blob);
    } catch {
      fail(true);
    }
  };
  return (
    <figure class="picture" ref={place} data-file={file}>
      {children}
      <p class="only-screen">
        <button type="button" aria-label={say(texts.saveSvg, { what })} onClick={() => void save("svg")}>
          SVG
        </button>{" "}
        <button type="button" aria-label={say(texts.savePng, { what })} onClick={() => void save("png")}>
          PNG
        </button>
      </p>
      {hasFailed ? <Notice kind="trouble">{say(texts.notDrawn)}</Notice> : null}
    </figure>
  );
}

/** A drawing that was made as a text of SVG, by analysis/svg. */
export function Drawing({ svg }: { readonly svg: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { documentElement } = new DOMParser().parseFromString(svg, "image/svg+xml");
    place.current?.replaceChildren(document.importNode(documentElement, true));
  }, [svg]);
  return <div ref={place} />;
}
