/** Names that stand for several functions: `{set,clear}_x`, `foo_(a|b)`, `v3/4_x`, `*_from_buf`. */

/** How many names a pattern is written out to; where it stands for more, the rest of its choices match anything. */
const MOST_NAMES = 16;

/** A pattern is a sequence of these. */
export type NamePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'choice'; readonly items: readonly string[] }
  | { readonly kind: 'any' };

/** The names that the parts stand for, with `*` for what can be anything. */
export function namesOf(parts: readonly NamePart[]): readonly string[] {
  let names: readonly string[] = [''];
  for (const part of parts) {
    const endings = endingsOf(part);
    const written = names.length * endings.length > MOST_NAMES ? ['*'] : endings;
    names = names.flatMap((name) => written.map((ending) => name + ending));
  }
  return [...new Set(names.map(withSingleStars))];
}

function endingsOf(part: NamePart): readonly string[] {
  switch (part.kind) {
    case 'text':
      return [part.text];
    case 'choice':
      return part.items;
    case 'any':
      return ['*'];
  }
}

function withSingleStars(name: string): string {
  return name
    .split('*')
    .filter((piece, index, all) => piece !== '' || index === 0 || index === all.length - 1)
    .join('*');
}

/** Whether `name` is one that `pattern` stands for; its stars match any text. The pieces between the stars are
 *  searched from left to right, each once. */
export function matchesPattern(pattern: string, name: string): boolean {
  const pieces = pattern.split('*');
  const first = pieces[0]!;
  const last = pieces.at(-1)!;
  if (pieces.length === 1) return name === pattern;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at <= name.length - last.length;
}
