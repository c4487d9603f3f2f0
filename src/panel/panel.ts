/**
 * A front panel as a state machine without a screen: buttons and time come in, a picture goes out. It has no timers of its own and draws nothing;
 * pages, terminals and tests drive the same one. All that it knows of the meter is the meter's surface, and what a button does is decided there.
 */
import type { Peer } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Picture } from "./picture.ts";

/** A button, or a part of the case that a hand can open and shut. */
export interface Control {
  readonly name: string;
  /** What stands on it, or beside it in the manual. */
  readonly label: string;
  readonly kind: "button" | "flap";
  /** Where it is on the face, among its like: column and row from 1, and how many columns it is wide. */
  readonly at: readonly [column: number, row: number, columns?: number];
  /** The flap behind which it is: shut, it cannot be pressed. */
  readonly behind?: string | undefined;
  /** The key of a keyboard that stands for it (KeyboardEvent.key). */
  readonly key?: string | undefined;
}

/** Who is at the panel: pages know people by their log-in, a terminal by its connection. */
export interface Hand {
  /** One of these is one person. */
  readonly id: string;
  readonly peer: Peer;
}

export interface PanelHost {
  readonly surface: MeterSurface;
  /** Runs what waits for somebody else (a password that is checked): the picture may be another then. */
  readonly changed: () => void;
}

/** Instants are milliseconds of people's time, which goes on however fast the site's clock does; none is before the one before it. */
export interface Panel {
  readonly controls: readonly Control[];
  /** A button goes down; one that is down already, or cannot be reached, does nothing. A flap opens or shuts. */
  press(control: string, hand: Hand, at: number): void;
  /** It comes up again. Whoever held it may be gone: then `hand` is anybody. */
  release(control: string, at: number): void;
  /** What is seen at an instant. Looking does what time has done until then, and nothing else. */
  picture(at: number): Picture;
  /** When the picture becomes another by time alone; undefined while it does not. */
  due(at: number): number | undefined;
  /** Nobody uses it any more: sessions end. */
  end(): void;
}

export type MakePanel = (host: PanelHost) => Panel;
