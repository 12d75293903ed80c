// @ts-check
/** Make and change elements, touching the document only where something differs. */

const SVG = 'http://www.w3.org/2000/svg';
const MATH = 'http://www.w3.org/1998/Math/MathML';

/** @typedef {Record<string, string | number | boolean | null>} Attributes */

/**
 * Set attributes that differ; null or false removes one, true sets it empty.
 * @param {Element} element
 * @param {Attributes} attributes
 */
export function set(element, attributes) {
  for (const name in attributes) {
    const value = attributes[name];
    const text = value === null || value === undefined || value === false ? null : value === true ? '' : String(value);
    if (element.getAttribute(name) === text) continue;
    if (text === null) element.removeAttribute(name);
    else element.setAttribute(name, text);
  }
}

/**
 * Give an element that was just made its attributes and its content.
 * @template {Element} E
 * @param {E} element
 * @param {Attributes} attributes
 * @param {(Node | string)[]} children
 */
function furnished(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children);
  return element;
}

/**
 * Give an element its text. One it has already is changed, not replaced: that is far less work for a browser.
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent === text) return;
  const { firstChild: first, lastChild: last } = element;
  if (first instanceof Text && first === last) first.data = text;
  else element.textContent = text;
}

/**
 * Make an SVG element.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {(Node | string)[]} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}, ...children) {
  return furnished(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * Make an HTML element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function html(tag, attributes = {}, ...children) {
  return furnished(document.createElement(tag), attributes, children);
}

/**
 * Make the MathML a description asks for.
 * @param {import('./formula.js').MathNode} node
 * @returns {Element}
 */
export function math({ tag, text, attrs, children }) {
  const element = document.createElementNS(MATH, tag);
  return furnished(element, attrs, text === undefined ? children.map(math) : [text, ...children.map(math)]);
}

/**
 * Find the elements a view works with, by their `data-hook`.
 * @param {ParentNode} root
 * @returns {(name: string) => HTMLElement}
 */
export function hooks(root) {
  return (name) => {
    const found = root.querySelector(`[data-hook="${name}"]`);
    if (!found) throw new Error(`The page has no hook ${name}`);
    return /** @type {HTMLElement} */ (found);
  };
}

/** Name the part of the network that an event is about. @param {Event} event */
export const partUnder = (event) =>
  /** @type {Element} */ (event.target).closest('[data-part]')?.getAttribute('data-part') ?? null;

/** Light what stands for a part of the network, and nothing else. @param {Element} root @param {string | null} lit */
export function light(root, lit) {
  for (const part of root.querySelectorAll('[data-part]')) part.classList.toggle('is-held', part.getAttribute('data-part') === lit);
}

/** Whether things may move. */
export const mayMove = () => !matchMedia('(prefers-reduced-motion: reduce)').matches;
