/** The package that the editor is given: the same files make the same bytes. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { packInto } from '../../scripts/pack.ts';

test('packed again it has the same bytes, and less than three million', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-packed-'));
  try {
    await packInto(join(folder, 'again.vsix'));
    const again = readFileSync(join(folder, 'again.vsix'));
    expect(again.equals(readFileSync(inject('extension')))).toBe(true);
    expect(again.length).toBeLessThan(3_000_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
