/** `barrierlens completion SHELL`: the script by which a shell completes commands, options and their values. */

import { type Described, optionsOf } from './described.ts';

export const SHELLS = ['bash', 'zsh'] as const;
export type Shell = (typeof SHELLS)[number];

/** zsh runs bash's completions by its own `bashcompinit`. */
const BEGIN: Readonly<Record<Shell, string>> = {
  bash: '# bash completion for barrierlens: source <(barrierlens completion bash)\n',
  zsh: `# zsh completion for barrierlens: source <(barrierlens completion zsh)
autoload -Uz +X compinit && compinit
autoload -Uz +X bashcompinit && bashcompinit
`,
};

/** A script to be sourced. File names complete where no option does. */
export function completionScript(shell: Shell, commands: readonly Described[]): string {
  const names = commands.map(({ name }) => name);
  return `${BEGIN[shell]}_barrierlens() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${[...names, 'completion', 'help', 'manual', '--help', '--version'].join(' ')}"
  else
    case "\${COMP_WORDS[1]} $previous" in
${commands.flatMap(valueCases).join('')}      'completion '*) words="${SHELLS.join(' ')}" ;;
      'help '*) words="${names.join(' ')}" ;;
      *)
        case "\${COMP_WORDS[1]}" in
${commands.map(optionCase).join('')}        esac ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _barrierlens barrierlens
`;
}

/** The words behind an option that closes its values. */
function valueCases(command: Described): readonly string[] {
  return optionsOf(command)
    .filter(({ values }) => values.length > 0)
    .map(({ name, values }) => `      '${command.name} ${name}') words="${values.join(' ')}" ;;\n`);
}

/** The options of a command, where its argument begins like one. */
function optionCase(command: Described): string {
  const names = optionsOf(command).map(({ name }) => name);
  return `          ${command.name}) case "$current" in -*) words="${names.join(' ')}" ;; esac ;;\n`;
}
