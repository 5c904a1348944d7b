/** Which program this is: what a program kept is of no use to another. */

/** A number of the sources that the bundle was made of, put here by the bundler; undefined where nothing is bundled. */
export const BUILD: string | undefined = process.env['BARRIERLENS_BUILD'];
