// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { apiPath, HIDES, presetPath, read, searchOf, sessionPath } from '../../static/js/route.js';

test('an address is read for what it asks', () => {
  assert.deepEqual(read({ pathname: '/s/ab-c', search: '', hash: '' }), { session: 'ab-c' });
  assert.deepEqual(read({ pathname: '/', search: '', hash: '#moment=xyz' }), { moment: 'xyz' });
  assert.deepEqual(read({ pathname: '/', search: '?preset=xor', hash: '' }), { preset: 'xor' });
  assert.deepEqual(read({ pathname: '/', search: '?preset=<b>', hash: '' }), { preset: 'article' });
  assert.deepEqual(['/sessions/a', '/moments/b', '/presets/c'],
    [apiPath({ session: 'a' }), apiPath({ moment: 'b' }), apiPath({ preset: 'c' })]);
});

test('what a teacher hides stays hidden on the way, and nothing else is carried along', () => {
  assert.equal(sessionPath('abc', '?hide=next,nonsense,code&preset=xor&utm=1'), '/s/abc?hide=next,code');
  assert.equal(presetPath('xor', '?embed&hide=time'), '/?preset=xor&embed&hide=time');
  assert.equal(presetPath('article', '?hide='), '/');
  assert.equal(searchOf(''), '');
});

test('all that can be hidden is in the guide and in the styles', () => {
  const root = join(import.meta.dirname, '..', '..');
  const guide = readFileSync(join(root, 'docs', 'teaching.md'), 'utf8');
  const styles = readFileSync(join(root, 'static', 'css', 'workbench.css'), 'utf8');
  for (const [name] of HIDES) {
    assert.ok(guide.includes(`| \`${name}\` |`), name);
    assert.ok(styles.includes(`[data-hide~='${name}']`), name);
  }
  assert.equal([...guide.matchAll(/^\| `\w+` \|/gm)].length, HIDES.length);
});
