/** A drawing of the page as a file: SVG that looks the same without the page's style, and PNG of it. All of it is made in the browser. */

/** What a style sheet may say of a drawing. */
const looks = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "stroke-linecap",
  "vector-effect",
  "opacity",
  "text-anchor",
  "font-family",
  "font-size",
  "font-weight",
] as const;

/** Pixels of a unit of the drawing, of what is made for a screen and for paper. */
const PIXELS = 3;

export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** On white, with its styles in itself; what is there for people who point at it is left out. */
export function pictureOf(drawn: SVGSVGElement): Picture {
  const { x, y, width, height } = drawn.viewBox.baseVal;
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  const [from, to] = [drawn, copy].map((one) => [one, ...one.querySelectorAll<SVGElement>("*")]);
  to?.forEach((element, k) => {
    const shown = from?.[k];
    if (shown === undefined) return;
    const style = getComputedStyle(shown);
    for (const look of looks) {
      const value = style.getPropertyValue(look);
      if (value !== "") element.setAttribute(look, value);
    }
    for (const name of ["class", "tabindex", "data-key", "aria-pressed"]) element.removeAttribute(name);
  });
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ x, y, width, height, fill: "#ffffff" }))
    paper.setAttribute(name, String(value));
  copy.prepend(paper);
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  return { svg: new XMLSerializer().serializeToString(copy), width, height };
}

/** Rejects where the browser cannot draw it. */
export async function pngOf({ svg, width, height }: Picture): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(PIXELS * width);
  canvas.height = Math.round(PIXELS * height);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no place to draw");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)), "image/png");
  });
}
