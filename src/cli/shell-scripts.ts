/**
 * What makes shells complete the command, on its own and behind npx, which is how a checkout and a folder that it is installed in
 * have it: nothing of it is run while somebody types.
 */

interface Named {
  readonly word: string;
  readonly says: string;
}

/** A command by its words, and what can follow. */
export interface Completed {
  /** ["user", "add"]; none of the command itself. */
  readonly words: readonly string[];
  /** Verbs, or words that its first argument can be. */
  readonly verbs: readonly Named[];
  readonly options: readonly (Named & {
    /** Words that can follow an option; or a file, something that nobody knows beforehand, nothing. */
    readonly takes: readonly string[] | "file" | "other" | "nothing";
  })[];
}

function single(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** What can follow each command, in bash and zsh. */
function branches(all: readonly Completed[]): string {
  const listed = (some: readonly Named[]): string => single(some.map(({ word }) => word).join(" "));
  return all
    .map(
      ({ words, verbs, options }) =>
        `    ${single(words.join(" "))}) offered=${listed(verbs)} flags=${listed(options)} ;;`,
    )
    .join("\n");
}

/** Options whose values are known, or are files. */
function values(all: readonly Completed[]): string {
  const known = new Map<string, string>();
  for (const { options } of all)
    for (const { word, takes } of options) {
      if (takes === "file") known.set(word, "    @) offered='' ;;");
      else if (takes === "other") known.set(word, known.get(word) ?? "    @) return ;;");
      else if (takes !== "nothing") known.set(word, `    @) offered=${single(takes.join(" "))} ;;`);
    }
  return [...known].map(([word, line]) => line.replace("@", word)).join("\n");
}

/** Verbs that have verbs of their own: "user|config". */
function groups(all: readonly Completed[]): string {
  return all.flatMap(({ words, verbs }) => (words.length === 1 && verbs.length > 0 ? words : [])).join("|");
}

/** From the words so far, in the array `given`, and the one that is begun, to what is `offered`; where that is nothing, files are. */
function body(all: readonly Completed[]): string {
  return `  local verb='' word offered='' flags=''
  for word in "\${given[@]}"; do
    case $word in -*) continue ;; esac
    if [[ -z $verb ]]; then
      verb=$word
    else
      case $verb in ${groups(all)}) verb="$verb $word" ;; esac
      break
    fi
  done
  case $verb in
${branches(all)}
  esac
  [[ $now == -* ]] && offered=$flags
  case $before in
${values(all)}
  esac`;
}

function bash(all: readonly Completed[]): string {
  return `_polyphase() {
  local now="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  local first=1
  COMPREPLY=()
  if [[ \${COMP_WORDS[0]} == npx ]]; then
    [[ \${COMP_WORDS[1]} == polyphase ]] && ((COMP_CWORD > 1)) || return
    first=2
  fi
  local given=("\${COMP_WORDS[@]:first:COMP_CWORD-first}")
${body(all)}
  COMPREPLY=($(compgen -W "$offered" -- "$now"))
}
complete -o default -F _polyphase polyphase
complete -p npx > /dev/null 2>&1 || complete -o default -F _polyphase npx
`;
}

function zsh(all: readonly Completed[]): string {
  return `#compdef polyphase
_polyphase() {
  local now="\${words[CURRENT]}" before="\${words[CURRENT-1]}"
  local -i first=2
  if [[ $words[1] == npx ]]; then
    if [[ $words[2] != polyphase ]] || ((CURRENT < 3)); then _files; return; fi
    first=3
  fi
  local -a given
  given=("\${(@)words[first,CURRENT-1]}")
${body(all)}
  if [[ -n $offered ]]; then compadd -- \${=offered}; else _files; fi
}
compdef _polyphase polyphase npx
`;
}

function fish(all: readonly Completed[]): string {
  const lines = ["complete -c polyphase -n __fish_use_subcommand -f"];
  for (const { words, verbs, options } of all) {
    const [verb, second] = words;
    const others = all
      .filter(({ words: [first, next] }) => first === verb && next !== undefined)
      .map(({ words }) => words[1]);
    const own = others.length > 0 ? `; and not __fish_seen_subcommand_from ${others.join(" ")}` : "";
    const when =
      verb === undefined
        ? "__fish_use_subcommand"
        : second === undefined
          ? `__fish_seen_subcommand_from ${verb}${own}`
          : `__fish_seen_subcommand_from ${verb}; and __fish_seen_subcommand_from ${second}`;
    const at = `complete -c polyphase -n ${single(when)}`;
    for (const { word, says } of verbs) lines.push(`${at} -f -a ${word} -d ${single(says)}`);
    for (const { word, says, takes } of options) {
      const how =
        takes === "nothing"
          ? ""
          : takes === "file"
            ? " -r -F"
            : takes === "other"
              ? " -x"
              : ` -x -a ${single(takes.join(" "))}`;
      lines.push(`${at} -l ${word.slice(2)}${how} -d ${single(says)}`);
    }
  }
  // npx has the rest of the line completed as if it began there.
  const rest = 'complete -C (string replace -r "^\\s*npx\\s+" "" -- (commandline -cp))';
  lines.push(`complete -c npx -n '__fish_seen_subcommand_from polyphase' -f -a ${single(`(${rest})`)}`);
  return `${lines.join("\n")}\n`;
}

export const shellScripts: Readonly<Record<string, (all: readonly Completed[]) => string>> = { bash, zsh, fish };
