/** What the site says about a meter's configuration (docs/configuration.md), and how it is asked. */
import { API } from "./address.ts";
import { request } from "./site-request.ts";
import type { Json } from "./configuration-value.ts";

export interface KeyChange {
  readonly key: string;
  readonly before?: Json;
  readonly after?: Json;
  readonly secret?: boolean;
}

export interface SuggestedValue {
  readonly key: string;
  readonly value: number;
  readonly now: number;
  readonly words: string;
}

export interface SuggestedRoom {
  readonly key: string;
  readonly days: number;
  readonly words: string;
}

export interface Suggestions {
  readonly values: readonly SuggestedValue[];
  readonly room: readonly SuggestedRoom[];
}

export interface HistoryEntry {
  readonly number: number;
  readonly utc: string;
  readonly at: string;
  readonly by: string;
  readonly port: string;
  readonly protocol: string;
  readonly peer?: string;
  readonly undoes?: number;
  readonly changes: readonly KeyChange[];
  readonly more?: number;
  readonly consequences: readonly string[];
}

export interface EditorSeen {
  readonly user: string | null;
  readonly meterUser?: string;
  readonly near: boolean;
  readonly since: string;
  readonly you?: boolean;
}

/** What a meter says of its boards and options. */
export interface FirmwareSaid {
  readonly boards: readonly { readonly board: string; readonly version: string; readonly waiting?: string }[];
  readonly takes: boolean;
  readonly options: readonly string[];
  readonly enables: readonly string[];
  readonly rebooting: boolean;
}

/** Whatever an operation answers, as far as there is any of it. */
export interface Said {
  readonly consequences?: readonly string[];
  readonly changes?: readonly KeyChange[];
  readonly more?: number;
  readonly suggestions?: Suggestions;
  readonly entries?: readonly HistoryEntry[];
  readonly first?: number;
  readonly next?: number;
  readonly editors?: readonly EditorSeen[];
  readonly error?: string;
  readonly problems?: readonly string[];
  readonly refused?: string;
}

export interface Answered {
  /** 0 where the site does not answer. */
  readonly status: number;
  readonly tag: string | undefined;
  /** What came, as it came. */
  readonly value: Json;
  readonly said: Said;
}

export interface Asked {
  readonly method?: "GET" | "PUT" | "POST" | "DELETE";
  readonly body?: unknown;
  readonly tag?: string | undefined;
  /** It goes out although the page goes. */
  readonly keepalive?: boolean;
}

export async function ask(meter: string, path: string, asked: Asked = {}): Promise<Answered> {
  const { method = "GET", body, tag, keepalive = false } = asked;
  const headers: Record<string, string> = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (tag !== undefined) headers["If-Match"] = tag;
  try {
    const answer = await request(`${API}/meters/${encodeURIComponent(meter)}${path}`, {
      method,
      headers,
      keepalive,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value = (await answer.json().catch(() => ({}))) as Json;
    const said = typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Said) : {};
    return { status: answer.status, tag: answer.headers.get("ETag") ?? undefined, value, said };
  } catch {
    return { status: 0, tag: undefined, value: {}, said: {} };
  }
}

export function isDone({ status }: Answered): boolean {
  return status >= 200 && status < 300;
}

/** Lines of what is wrong. */
export function wordsOf({ status, said: { problems, error } }: Answered): readonly string[] {
  if (problems !== undefined && problems.length > 0) return problems;
  return error === undefined ? [String(status)] : [error];
}
