/** Where the editor's tests leave their pictures and logs. */

export const RESULTS = 'test-results/editor';
