// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currentPart, describe, pieces, plain, withoutResult } from '../../static/js/formula.js';
import { num, op, row, RUNNING } from './sessions.js';

/** @param {import('../../static/js/formula.js').MathNode} node @returns {string} */
const shape = ({ tag, text, children }) => (children.length ? `${tag}(${children.map(shape).join(' ')})` : `${tag}:${text}`);

test('each kind of token has its MathML', () => {
  assert.equal(shape(describe(num('−0.42', 'weight', 'w[1][0][0]'))), 'mn:−0.42');
  assert.equal(shape(describe({ t: 'sym', text: 'W', sub: '3,12' })), 'msub(mi:W mrow(mn:3 mo:, mn:12))');
  assert.equal(shape(describe({ t: 'sym', text: 'δ', sub: '5', sup: 'n' })), 'msubsup(mi:δ mrow(mn:5) mrow(mo:( mrow(mi:n) mo:)))');
  assert.equal(shape(describe({ t: 'frac', top: op('a'), bottom: op('b') })), 'mfrac(mo:a mo:b)');
  assert.equal(shape(describe({ t: 'sup', base: op('a'), exponent: { t: 'num', text: '2' } })), 'msup(mo:a mn:2)');
  assert.equal(shape(describe({ t: 'paren', body: op('a') })), 'mrow(mo:( mo:a mo:))');
  assert.equal(shape(describe({ t: 'sum', index: 'i', body: op('a') })), 'mrow(munder(mo:∑ mi:i) mo:a)');
  assert.equal(shape(describe({ t: 'call', name: 'σ', args: [op('z')] })), 'mrow(mi:σ mo:\u2061 mrow(mo:( mo:z mo:)))');
  assert.equal(shape(describe({ t: 'dots', text: '… 4 more …' })), 'mtext:… 4 more …');
  assert.equal(shape(describe({ t: 'sym', text: 'Bias', prefix: 'new' })), 'mrow(mtext:new\u00a0 mi:Bias)');
});

test('roles, addresses and the current part are carried over', () => {
  const { attrs } = describe({ ...num('1', 'input', 'a[0][0][0]'), current: true });
  assert.deepEqual(attrs, { class: 'by-role role-input current', 'data-address': 'a[0][0][0]' });
  assert.deepEqual(describe({ t: 'op', text: '+', pending: true }).attrs, { class: 'pending' });
});

test('an unknown token is shown as text', () => {
  assert.equal(shape(describe(/** @type {any} */ ({ t: 'matrix', text: 'M' }))), 'mtext:M');
});

test('a long sum is cut before its operators, and only at its top level', () => {
  const cut = pieces(RUNNING).map(shape);
  assert.equal(cut.length, 4);
  assert.ok(cut[1]?.startsWith('mrow(mo:+ mrow('));
  assert.ok(cut[3]?.startsWith('mrow(mo:= '));
});

test('a sign in front is not cut off', () => {
  assert.equal(pieces(row(op('−'), num('1', 'input', 'a[0][0][0]'))).length, 1);
});

test('an operator that begins a piece stays an operator', () => {
  assert.equal(pieces(RUNNING)[1]?.children[0]?.attrs['form'], 'infix');
});

test('the result at the end can be left out', () => {
  assert.equal(pieces(withoutResult(RUNNING)).length, 3);
  const single = num('1', 'input', 'a[0][0][0]');
  assert.equal(withoutResult(single), single);
});

test('a sum with an address of its own wraps too, a product with one does not', () => {
  const sum = { ...row(num('1', 'gradient', ''), op('+'), num('2', 'gradient', '')), address: 'data_dw[1][0][0]' };
  const product = { ...row(num('3', 'gradient', ''), op('·'), num('4', 'gradient', '')), address: 'dw[1][0][0]' };
  assert.equal(pieces(row(sum, op('+'), product)).length, 3);
});

test('the current part is found and written on one line', () => {
  const part = currentPart(RUNNING);
  assert.equal(part && plain(part), '0.5 × 3');
  assert.equal(currentPart(op('+')), null);
});

test('a formula is written on one line', () => {
  assert.equal(plain(row(num('2', '', ''), op('·'), { t: 'paren', body: row(num('0.4', '', ''), op('−'), num('1', '', '')) })), '2 × (0.4 − 1)');
  assert.equal(plain({ t: 'sup', base: { t: 'sym', text: 'e' }, exponent: { t: 'num', text: '2' } }), 'e²');
  assert.equal(plain({ t: 'call', name: 'σ', args: [num('1.1', '', '')] }), 'σ(1.1)');
});

test('brackets are kept where a fraction or a power would take a sum apart', () => {
  const [one, two] = [num('1', '', ''), num('2', '', '')];
  const difference = row(one, op('−'), two);
  assert.equal(plain({ t: 'frac', top: difference, bottom: num('10', '', '') }), '(1 − 2) ⁄ 10');
  assert.equal(plain({ t: 'frac', top: one, bottom: { t: 'frac', top: one, bottom: difference } }), '1 ⁄ (1 ⁄ (1 − 2))');
  assert.equal(plain({ t: 'sup', base: { t: 'sym', text: 'e' }, exponent: difference }), 'e^(1 − 2)');
  assert.equal(plain({ t: 'sup', base: { t: 'sym', text: 'e' }, exponent: row(op('−'), one) }), 'e^−1');
  assert.equal(plain({ t: 'call', name: 'abs', args: [difference] }), '|1 − 2|');
  assert.equal(plain({ t: 'frac', top: { t: 'sym', text: '∂C' }, bottom: { t: 'sym', text: '∂A', sub: '2' } }), '∂C/∂A₂');
  assert.equal(plain(row(one, op('+', true), { ...two, pending: true })), '1 + …');
  assert.equal(plain({ t: 'sym', text: 'Z', sub: 'i,2', sup: 'n', prefix: 'new' }), 'new Zᵢ,₂⁽ⁿ⁾');
});
