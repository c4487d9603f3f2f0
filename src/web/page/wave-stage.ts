/** The drawing of a recording and what hands do on it: wheel, pinch, drag, keys. What is seen follows at the next frame, once for all that was done till then. */
import { drawOverlay, drawScene, heightOf, plotWidth, secondsAt, xOf, type Scene, type Sheet } from "./wave-canvas.ts";
import type { View } from "./viewer/columns.ts";
import { moved, within, wholeOf, zoomed, type Bounds } from "./viewer/zoom.ts";

/** What one notch of a wheel, one key, makes of what is shown. */
const NOTCH = 1.0015;
const KEY = 1.5;
/** Of what is shown a key moves so much. */
const MOVE = 0.15;
/** Pixels that a pointer may move and be a click all the same; and within which it takes a cursor. */
const CLICK = 4;
const GRIP = 7;

export const palette = "a b c active reactive apparent good warn bad rule quiet ink".split(" ");

export interface StageOptions {
  readonly root: HTMLElement;
  readonly drawing: HTMLCanvasElement;
  readonly overlay: HTMLCanvasElement;
  /** An element of each style, by which colours are told. */
  readonly swatch: (style: string) => Element | null;
  readonly bounds: Bounds;
  /** What there is to draw but for the view. */
  readonly scene: () => Omit<Scene, "view">;
  readonly cursors: () => readonly (number | undefined)[];
  readonly setCursor: (which: 0 | 1, seconds: number) => void;
  /** Another view is shown. */
  readonly viewed: (view: View) => void;
}

export class WaveStage {
  readonly #options: StageOptions;
  readonly #pointers = new Map<number, { x: number; y: number; readonly from: number }>();
  readonly #inks = new Map<string, string>();
  readonly #undo: (() => void)[] = [];
  #view: View;
  #frame: number | undefined;
  /** What the next frame draws: the cursors alone, or all. */
  #due: "overlay" | "all" = "all";
  /** What a drag does. */
  #drag: "choose" | "move" | 0 | 1 | undefined;
  #chosen: readonly [number, number] | undefined;
  #hasMoved = false;

  constructor(options: StageOptions) {
    this.#options = options;
    this.#view = wholeOf(options.bounds);
    this.#listen();
    const size = new ResizeObserver(() => this.draw());
    size.observe(options.root);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const repaint = (): void => {
      this.#inks.clear();
      this.draw();
    };
    scheme.addEventListener("change", repaint);
    this.#undo.push(
      () => size.disconnect(),
      () => scheme.removeEventListener("change", repaint),
    );
    this.draw();
  }

  get view(): View {
    return this.#view;
  }

  end(): void {
    for (const run of this.#undo) run();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  /** Draws at the next frame. */
  draw(what: "overlay" | "all" = "all"): void {
    if (what === "all" || this.#frame === undefined) this.#due = what;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#paint();
    });
  }

  show(view: View): void {
    this.#view = within(this.#options.bounds, view);
    this.draw();
    this.#options.viewed(this.#view);
  }

  whole(): void {
    this.show(wholeOf(this.#options.bounds));
  }

  /** Shows so many times as much, about the cursor where it is seen, or about the middle. */
  zoom(factor: number): void {
    const { from, to } = this.#view;
    const [a] = this.#options.cursors();
    const at = a !== undefined && a >= from && a <= to ? a : (from + to) / 2;
    this.show(zoomed(this.#options.bounds, this.#view, at, factor));
  }

  move(part: number): void {
    this.show(moved(this.#options.bounds, this.#view, part * (this.#view.to - this.#view.from)));
  }

  get #width(): number {
    return Math.max(160, this.#options.root.clientWidth);
  }

  #sheet(canvas: HTMLCanvasElement, height: number): Sheet | undefined {
    const context = canvas.getContext("2d");
    if (context === null) return undefined;
    const [width, ratio] = [this.#width, devicePixelRatio];
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== w || canvas.height !== h) {
      canvas.width = w;
      canvas.height = h;
    }
    const ink = (style: string): string => {
      let known = this.#inks.get(style);
      if (known === undefined) {
        const swatch = this.#options.swatch(style);
        known = swatch === null ? "gray" : getComputedStyle(swatch).color;
        this.#inks.set(style, known);
      }
      return known;
    };
    return { context, width, ratio, ink };
  }

  #paint(): void {
    const { root, drawing, overlay, scene, cursors } = this.#options;
    const of = scene();
    const height = heightOf(of.lanes.length, of.content.statuses.length);
    const due = this.#due;
    this.#due = "overlay";
    if (due === "all") {
      const sheet = this.#sheet(drawing, height);
      const touched = sheet === undefined ? 0 : drawScene({ ...of, view: this.#view }, sheet);
      // What is shown, for who looks at the page by program.
      root.dataset["from"] = String(this.#view.from);
      root.dataset["to"] = String(this.#view.to);
      root.dataset["touched"] = String(touched);
    }
    const above = this.#sheet(overlay, height);
    if (above !== undefined) drawOverlay({ cursors: cursors(), chosen: this.#chosen }, this.#view, above, height);
  }

  #x(event: MouseEvent): number {
    return event.clientX - this.#options.overlay.getBoundingClientRect().left;
  }

  #seconds(x: number): number {
    return secondsAt(this.#view, this.#width, x);
  }

  #listen(): void {
    const { overlay, root } = this.#options;
    const on = <E extends Event>(type: string, run: (event: E) => void, target: HTMLElement = overlay): void => {
      const heard = (event: Event): void => run(event as E);
      target.addEventListener(type, heard, { passive: false });
      this.#undo.push(() => target.removeEventListener(type, heard));
    };
    on<WheelEvent>("wheel", (event) => this.#wheel(event));
    on<PointerEvent>("pointerdown", (event) => this.#down(event));
    on<PointerEvent>("pointermove", (event) => this.#moved(event));
    on<PointerEvent>("pointerup", (event) => this.#up(event, true));
    on<PointerEvent>("pointercancel", (event) => this.#up(event, false));
    on<KeyboardEvent>("keydown", (event) => this.#key(event), root);
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    // To the side, or with Shift, it moves.
    const aside = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (Math.abs(aside) > Math.abs(event.deltaY) || event.shiftKey)
      return this.move((aside * lines) / plotWidth(this.#width));
    const factor = NOTCH ** (event.deltaY * lines);
    this.show(zoomed(this.#options.bounds, this.#view, this.#seconds(this.#x(event)), factor));
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { overlay, root, cursors } = this.#options;
    root.focus({ preventScroll: true });
    overlay.setPointerCapture(event.pointerId);
    const x = this.#x(event);
    this.#pointers.set(event.pointerId, { x, y: event.clientY, from: x });
    if (this.#pointers.size > 1) {
      this.#drag = "move";
      this.#chosen = undefined;
      return;
    }
    this.#hasMoved = false;
    const near = cursors().findIndex((at) => at !== undefined && Math.abs(xOf(this.#view, this.#width, at) - x) < GRIP);
    if (near === 0 || near === 1) this.#drag = near;
    else this.#drag = event.pointerType === "touch" || event.altKey ? "move" : "choose";
  }

  #moved(event: PointerEvent): void {
    const pointer = this.#pointers.get(event.pointerId);
    if (pointer === undefined) return;
    const x = this.#x(event);
    if (Math.abs(x - pointer.from) > CLICK) this.#hasMoved = true;
    if (this.#pointers.size > 1) this.#pinch(event.pointerId, x);
    else if (this.#drag === "move") this.move((pointer.x - x) / plotWidth(this.#width));
    else if (this.#drag === "choose") {
      this.#chosen = this.#hasMoved ? [pointer.from, x] : undefined;
      this.draw("overlay");
    } else if (this.#drag !== undefined) this.#options.setCursor(this.#drag, this.#seconds(x));
    pointer.x = x;
  }

  /** What is under two fingers stays under them. */
  #pinch(id: number, x: number): void {
    const own = this.#pointers.get(id);
    const other = [...this.#pointers].find(([one]) => one !== id)?.[1];
    if (own === undefined || other === undefined) return;
    this.#hasMoved = true;
    const [before, after] = [Math.abs(own.x - other.x), Math.abs(x - other.x)];
    if (before < 8 || after < 8) return;
    this.show(zoomed(this.#options.bounds, this.#view, this.#seconds(other.x), before / after));
  }

  #up(event: PointerEvent, isDone: boolean): void {
    const pointer = this.#pointers.get(event.pointerId);
    if (pointer === undefined) return;
    this.#pointers.delete(event.pointerId);
    const chosen = this.#chosen;
    this.#chosen = undefined;
    if (this.#pointers.size > 0) return;
    if (isDone && !this.#hasMoved) this.#options.setCursor(event.shiftKey ? 1 : 0, this.#seconds(pointer.x));
    else if (isDone && chosen !== undefined) {
      const [a, b] = [this.#seconds(Math.min(...chosen)), this.#seconds(Math.max(...chosen))];
      this.show({ from: a, to: b });
    }
    this.#drag = undefined;
    this.draw("overlay");
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.#options.root) return;
    const run = this.#keys[event.key];
    if (run === undefined) return;
    event.preventDefault();
    run();
  }

  readonly #keys: Readonly<Record<string, () => void>> = {
    "+": () => this.zoom(1 / KEY),
    "=": () => this.zoom(1 / KEY),
    "-": () => this.zoom(KEY),
    ArrowUp: () => this.zoom(1 / KEY),
    ArrowDown: () => this.zoom(KEY),
    ArrowLeft: () => this.move(-MOVE),
    ArrowRight: () => this.move(MOVE),
    Home: () => this.whole(),
    a: () => this.#options.setCursor(0, (this.#view.from + this.#view.to) / 2),
    b: () => this.#options.setCursor(1, (this.#view.from + this.#view.to) / 2),
  };
}
