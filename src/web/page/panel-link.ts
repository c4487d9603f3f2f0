/** A front panel of a meter as the site has it: what is seen as it changes, and what hands do, one after the other. */
import { isPageSeen } from "./seen.ts";
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Control } from "#panel/panel.ts";
import type { Picture } from "#panel/picture.ts";
import { API } from "./address.ts";
import { Feed } from "./feed.ts";
import { say } from "./language.ts";
import { panelTexts } from "./texts/panels.ts";
import { request } from "./site-request.ts";

/** Milliseconds between two looks whether the site still says anything. */
const LOOK_MS = 500;

interface Answer {
  readonly controls?: readonly Control[];
  readonly picture?: Picture;
  readonly error?: string;
}

async function answerOf(answer: Response): Promise<Answer> {
  try {
    return (await answer.json()) as Answer;
  } catch {
    return { error: say(panelTexts.answered, { status: answer.status }) };
  }
}

/** Milliseconds after which a release that came too fast is told again. */
const AGAIN_MS = 200;

export class PanelLink {
  readonly #path: string;
  #isOver = false;
  readonly #picture = signal<Picture | undefined>(undefined);
  readonly #controls = signal<readonly Control[]>([]);
  readonly #trouble = signal<string | undefined>(undefined);
  readonly #isLost = signal(false);
  /** The hands' touches, each after the one before: a release never overtakes its press. */
  #last: Promise<void> = Promise.resolve();
  /** Touches whose pictures have not come yet. */
  #underWay = 0;
  #feed: Feed | undefined;
  #looks: ReturnType<typeof setInterval> | undefined;

  constructor(meter: string) {
    this.#path = `${API}/meters/${encodeURIComponent(meter)}/panel`;
  }

  get picture(): ReadonlySignal<Picture | undefined> {
    return this.#picture;
  }

  get controls(): ReadonlySignal<readonly Control[]> {
    return this.#controls;
  }

  /** Why the last touch did nothing. */
  get trouble(): ReadonlySignal<string | undefined> {
    return this.#trouble;
  }

  get isLost(): ReadonlySignal<boolean> {
    return this.#isLost;
  }

  /** Whether the meter has one that is known; it is followed from then on. */
  async begin(): Promise<boolean> {
    const asked = await request(this.#path);
    if (!asked.ok) return false;
    const { controls = [], picture } = await answerOf(asked);
    this.#controls.value = controls;
    this.#picture.value = picture;
    this.#feed = new Feed({
      open: () => new EventSource(`${this.#path}/live`),
      isSeen: isPageSeen,
      now: () => performance.now(),
      read: (data) => {
        this.#isLost.value = false;
        this.#picture.value = (JSON.parse(data) as Answer).picture;
      },
      beat: () => (this.#isLost.value = false),
      lost: () => (this.#isLost.value = true),
    });
    this.#looks = setInterval(() => this.#feed?.look(), LOOK_MS);
    return true;
  }

  /** Whether what this page's hands have done may not be seen yet. */
  get isTouching(): boolean {
    return this.#underWay > 0;
  }

  touch(kind: "press" | "release", control: string): void {
    this.#underWay++;
    this.#last = this.#last.then(async () => {
      await this.#send(kind, control);
      this.#underWay--;
    });
  }

  async #send(kind: "press" | "release", control: string): Promise<void> {
    try {
      const sent = await request(this.#path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ [kind]: control }),
      });
      const { picture, error } = await answerOf(sent);
      // Faster than a hand may be: a button that stayed down would go on to do things.
      if (sent.status === 429 && kind === "release" && !this.#isOver) {
        await new Promise((done) => void setTimeout(done, AGAIN_MS));
        return await this.#send(kind, control);
      }
      if (picture !== undefined) this.#picture.value = picture;
      this.#trouble.value = sent.ok ? undefined : (error ?? say(panelTexts.answered, { status: sent.status }));
    } catch {
      this.#trouble.value = say(panelTexts.noAnswer);
    }
  }

  end(): void {
    this.#isOver = true;
    clearInterval(this.#looks);
    this.#feed?.close();
  }
}
