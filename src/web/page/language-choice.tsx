/** Which language the page speaks: what was chosen here before, or else what the browser is set to. */
import { chosen, isLanguage, language, say, wished } from "./language.ts";
import { frame } from "./texts/frame.ts";
import { languages, type Language } from "#quantity/text.ts";

const KEY = "polyphase language";
/** What each is called by those who speak it. */
const names: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // A browser that keeps nothing.
    return null;
  }
}

export function beginSpeaking(): void {
  const before = kept();
  wished.value = navigator.languages;
  chosen.value = isLanguage(before) ? before : undefined;
  document.documentElement.lang = language.value;
}

function speak(next: Language): void {
  chosen.value = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // It is asked again when the page is opened anew.
  }
}

export function LanguageChoice() {
  return (
    <label class="pick">
      {say(frame.language)}{" "}
      <select
        id="language"
        value={language.value}
        onChange={({ currentTarget }) => isLanguage(currentTarget.value) && speak(currentTarget.value)}
      >
        {languages.map((one) => (
          <option key={one} value={one} lang={one}>
            {names[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
