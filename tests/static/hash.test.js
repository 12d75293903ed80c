// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHash, writeHash } from '../../static/js/hash.js';

test('a card and a moment stand side by side behind the #', () => {
  assert.deepEqual(readHash('#moment=ab-c_1&card=w[1][0][2]'), { moment: 'ab-c_1', card: 'w[1][0][2]' });
  assert.deepEqual(readHash('#card=cost'), { moment: null, card: 'cost' });
  assert.deepEqual(readHash(''), { moment: null, card: null });
});

test('brackets that a mail program has written out are read too', () => {
  assert.equal(readHash('#card=w%5B1%5D%5B0%5D%5B2%5D').card, 'w[1][0][2]');
});

test('what is no address or no token is left out, and never reaches the server', () => {
  for (const text of ['#card=w[1][0', '#card=../x', '#card=%E0%A4%A', '#card=', '#moment=a/b', '#step', '#card', '#constructor=1']) {
    assert.deepEqual(readHash(text), { moment: null, card: null }, text);
  }
});

test('what is written reads back; nothing to say is the empty text', () => {
  const hash = { moment: 'abc', card: 'moment_w[0][1][0][2]' };
  assert.deepEqual(readHash(writeHash(hash)), hash);
  assert.equal(writeHash({ card: 'z[1][0][0]' }), '#card=z[1][0][0]');
  assert.equal(writeHash({ card: null, moment: null }), '');
});
