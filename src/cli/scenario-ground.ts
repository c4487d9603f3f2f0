/** What a scenario runs on: a site of its own, whose time goes as fast as it can, or one that runs. */
import { movedSite } from "#fleet/moved-site.ts";
import { realClock } from "#headend/real-clock.ts";
import { requestJson } from "#io/http.ts";
import type { ClockView } from "#quantity/bench-view.ts";
import { webSide } from "#web/server.ts";
import type { ScenarioFile } from "./scenario-file.ts";

export interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  /** Of a session with a meter. */
  readonly token?: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly value: unknown;
}

export interface Ground {
  /** Milliseconds of its UTC at which the scenario begins. */
  readonly start: number;
  /** A request of its HTTP API, below /api/v1/. */
  ask(place: string, request?: Asked): Promise<Answer>;
  /** Waits for an instant of its UTC. */
  goTo(utc: number): Promise<void>;
  end(): Promise<void>;
}

/** Whether anything in it goes by the wire: without, its listeners stay shut. */
function usesListeners({ scenario }: ScenarioFile): boolean {
  return scenario.steps.some(
    ({ do: does = [], expect = [] }) =>
      does.some(({ faults }) => faults !== undefined) || expect.some(({ over }) => over !== undefined),
  );
}

/** A site of its own, in memory. Throws an Error that says what is wrong with what its file names. */
export async function ownGround(file: ScenarioFile): Promise<Ground> {
  const { site: said, siteFile, start } = file;
  const shut = <T extends { readonly listen: unknown }>(one: T): T => ({ ...one, listen: [] });
  const described = usesListeners(file)
    ? said
    : { ...said, meters: said.meters.map(shut), devices: said.devices.map(shut) };
  const { site, goTo } = movedSite(siteFile, { start, described });
  const { app } = webSide(site);
  await site.start();
  return {
    start,
    async ask(place, { method = "GET", body, token } = {}) {
      const answer = await app.fetch(
        new Request(`http://127.0.0.1/api/v1/${place}`, {
          method,
          headers: {
            ...(body === undefined ? {} : { "Content-Type": "application/json" }),
            ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      );
      return { status: answer.status, value: await answer.json() };
    },
    goTo,
    async end() {
      await site.stop();
    },
  };
}

/** Milliseconds of real time between looks at a clock that goes by itself, at most. */
const LOOK_MS = 500;

/** A site that runs: what is done to it stays. */
export async function runningGround(url: string, siteToken: string | undefined): Promise<Ground> {
  const ask = async (place: string, { method, body, token }: Asked = {}): Promise<Answer> => {
    const { status, value } = await requestJson(new URL(`/api/v1/${place}`, url).href, {
      ...(method === undefined ? {} : { method }),
      ...(body === undefined ? {} : { body }),
      token,
      siteToken,
    });
    return { status, value };
  };
  const clock = async (): Promise<ClockView> => {
    const { status, value } = await ask("clock");
    if (status !== 200) throw new Error(`${url}: ${String((value as { error?: unknown }).error)}`);
    return value as ClockView;
  };
  const { utc: start } = await clock();
  return {
    start,
    ask,
    async goTo(utc) {
      for (;;) {
        const now = await clock();
        if (now.utc >= utc) return;
        const speed = typeof now.speed === "number" ? now.speed : 1;
        const left = now.speed === "max" ? 0 : (utc - now.utc) / speed;
        await new Promise<void>((resolve) => void realClock.after(Math.max(1, Math.min(LOOK_MS, left)), resolve));
      }
    },
    async end() {},
  };
}
