/** The Security Log-in: a user of the meter, and a password on the keyboard of the screen (section Unlocking the Meter). */
import { keyboard } from "#model/jemstar-panel.ts";
import { isRefused } from "#quantity/authority.ts";
import { list, plain, textOf } from "./setup.ts";
import type { Desk, Key, Target, View } from "./view.ts";

/** Passwords have no more. */
const MOST = 200;

export function logInView(desk: Desk): View {
  const users = list(plain(desk.configuration)["users"]).map(({ name }) => textOf(name));
  let user = 0;
  /** Username is chosen first; then the password is typed. */
  let isTyping = false;
  let password = "";
  let shift = false;
  let caps = false;

  const names: Target = {
    label: "Username",
    get text() {
      return users[user] ?? "";
    },
    set: () => void (isTyping = true),
  };
  const keys = keyboard.map((row) =>
    row.map((key): Target => ({
      get text() {
        return key.length === 2 ? character(key) : key;
      },
      set: () => press(key),
    })),
  );

  function character(key: string): string {
    const isLetter = /^[a-z]/.test(key);
    return key.charAt((isLetter && caps) !== shift ? 1 : 0);
  }

  function press(key: string): void {
    if (key.length === 2) type(character(key));
    else if (key === "Space") type(" ");
    else if (key === "<==") password = password.slice(0, -1);
    else if (key === "Caps") caps = !caps;
    else if (key === "Shift") shift = !shift;
    else if (key === "Tab") isTyping = false;
    else if (key === "Enter") enter();
  }

  /** Shift is of one character. */
  function type(text: string): void {
    shift = false;
    if (password.length < MOST) password += text;
  }

  function enter(): void {
    const proof = { kind: "password", user: users[user] ?? "", password } as const;
    const { peer } = desk.session;
    password = "";
    desk.wait(desk.surface.admit(proof, peer), (session) => {
      if (isRefused(session)) return desk.say(session.words, "bad");
      desk.back();
      desk.unlocked(session);
    });
  }

  return {
    title: "Security Log-in",
    isLockable: false,
    rows: () => (isTyping ? keys : [[names]]),
    parts: (choice) => [
      {
        part: "form",
        fields: [
          { label: "Username", ...choice(names) },
          // The perimeter is around the key that SET would press.
          {
            label: "Password",
            text: "*".repeat(password.length),
            selected: false,
            ...(isTyping ? { edits: password.length } : {}),
          },
        ],
      },
      {
        part: "keys",
        rows: keys.map((row, y) =>
          row.map((target, x) => {
            const key = keyboard[y]?.[x];
            const isDown = (key === "Caps" && caps) || (key === "Shift" && shift);
            const looks = choice(target);
            return isDown ? { ...looks, text: looks.text.toUpperCase() } : looks;
          }),
        ),
      },
    ],
    take(key: Key): boolean {
      if (isTyping || (key !== "up" && key !== "down") || users.length === 0) return false;
      // Below the last one is the first.
      user = (user + (key === "down" ? 1 : users.length - 1)) % users.length;
      return true;
    },
  };
}
