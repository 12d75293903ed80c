// @ts-check
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..', '..');
const JS = join(ROOT, 'static', 'js');

/** @param {string} folder @returns {string[]} */
const filesIn = (folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));

const modules = filesIn(JS).filter((path) => path.endsWith('.js'));
const page = readFileSync(join(ROOT, 'templates', 'workbench.html'), 'utf8');

/** @param {string} path */
const importsOf = (path) =>
  [...readFileSync(path, 'utf8').matchAll(/^(?:import|export)[^;]*?from '(\.[^']+)';/gm)].map((found) => join(path, '..', found[1] ?? ''));

/** @param {string} path @param {Set<string>} [found] @returns {Set<string>} */
function withImports(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const target of importsOf(path)) withImports(target, found);
  return found;
}

const nameOf = (/** @type {string} */ path) => relative(JS, path).replace(/\.js$/, '');

test('the page preloads what its first step needs, and nothing else', () => {
  const list = page.match(/\{% for name in \[([^\]]+)\] -%\}\s+<link rel="modulepreload"/)?.[1] ?? '';
  const preloaded = [...list.matchAll(/"([^"]+)"/g)].map((found) => found[1]);
  const needed = [...withImports(join(JS, 'main.js'))].map(nameOf).filter((name) => name !== 'main');
  assert.deepEqual(preloaded, needed.sort());
});

test('every module is run, at once or later', () => {
  const run = new Set([...withImports(join(JS, 'main.js')), ...withImports(join(JS, 'furnish.js'))].map(nameOf));
  for (const path of modules) if (nameOf(path) !== 'types' && !path.endsWith('.d.ts')) assert.ok(run.has(nameOf(path)), path);
});

test('imports reach existing modules and make no circle', () => {
  /** @type {Map<string, string[]>} */
  const graph = new Map(modules.map((path) => [path, importsOf(path)]));
  for (const [path, targets] of graph) for (const target of targets) assert.ok(graph.has(target), `${path} → ${target}`);
  const seen = new Set();
  /** @param {string} path @param {string[]} way */
  const walk = (path, way) => {
    assert.ok(!way.includes(path), `a circle: ${[...way, path].join(' → ')}`);
    if (seen.has(path)) return;
    seen.add(path);
    for (const target of graph.get(path) ?? []) walk(target, [...way, path]);
  };
  for (const path of graph.keys()) walk(path, []);
});

test('views do not import one another, and only views, drawing and main know the DOM', () => {
  for (const path of modules) {
    const name = relative(JS, path);
    const text = readFileSync(path, 'utf8');
    if (name.startsWith('views/')) {
      for (const target of importsOf(path)) assert.ok(!relative(JS, target).startsWith('views/'), `${name} imports a view`);
      continue;
    }
    if (name.startsWith('drawing/') || name === 'main.js' || name === 'dom.js') continue;
    assert.doesNotMatch(text, /\b(document|window|localStorage)\b\./, `${name} touches the page`);
  }
});

test('colours are named in one file only', () => {
  for (const path of filesIn(join(ROOT, 'static', 'css')).filter((one) => !one.endsWith('tokens.css'))) {
    assert.doesNotMatch(readFileSync(path, 'utf8'), /#[0-9a-f]{3,8}\b(?!\s*\{)|rgba?\(/i, path);
  }
  for (const path of modules) assert.doesNotMatch(readFileSync(path, 'utf8'), /'#[0-9a-f]{3,8}'/i, path);
});

test('nothing is inline and nothing comes from elsewhere', () => {
  assert.doesNotMatch(page, /\sstyle=|\son\w+=|<style|<script>|https?:/);
  for (const path of modules) assert.doesNotMatch(readFileSync(path, 'utf8'), /setAttribute\('style'|innerHTML|insertAdjacentHTML|\beval\(/, path);
});

test('files stay short', () => {
  for (const path of [...modules, ...filesIn(join(ROOT, 'static', 'css'))]) {
    assert.ok(readFileSync(path, 'utf8').split('\n').length <= 300, path);
  }
});
