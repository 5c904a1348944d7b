/** Data that comes from the disk or another thread has each string for itself, also those that are equal: here they become one. */

/** Longer ones are texts of comments, of which there are no two. */
const LONGEST = 64;

/** A function that replaces every string in the plain data that it is given by the first one that was equal, and returns the
 *  data. It remembers those of all data that it was given, so it should not live longer than what gives them. */
export function sharingStrings(): <Data>(data: Data) => Data {
  const known = new Map<string, string>();
  const shared = (text: string): string => {
    if (text.length > LONGEST) return text;
    const before = known.get(text);
    if (before !== undefined) return before;
    known.set(text, text);
    return text;
  };
  const replaceIn = (holder: Record<string | number, unknown>, key: string | number) => {
    const value = holder[key];
    if (typeof value === 'string') holder[key] = shared(value);
    else if (typeof value === 'object' && value !== null) visit(value);
  };
  const visit = (value: object) => {
    const holder = value as Record<string | number, unknown>;
    if (Array.isArray(value)) for (let at = 0; at < value.length; at++) replaceIn(holder, at);
    else for (const key in value) replaceIn(holder, key);
  };
  return (data) => {
    if (typeof data === 'object' && data !== null) visit(data);
    return data;
  };
}
