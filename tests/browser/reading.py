"""Read off the page every number it shows, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tests.browser.workbench import PATIENCE_MS, REST, Workbench

# A formula is read as its elements: [tag, text or children, address, whether it is still to come].
READ: Final = (
    """async (wanted) => {
  const rest = """
    + REST
    + """;
  await rest(wanted);
  const shows = (element) => element.checkVisibility({ visibilityProperty: true });
  // The card has hooks of the same names.
  const find = (name) => document.querySelector(`:is(#explanation, #time) [data-hook="${name}"]`);
  // What is kept on one line with what follows is read like any other text.
  const plain = (element) => element.textContent.replaceAll('\\u00a0', ' ').trim();
  const hook = (name) => { const found = find(name); return found ? plain(found) : ''; };
  const said = (name) => find(name)?.getAttribute('aria-label') ?? '';
  const each = (selector, read) => [...document.querySelectorAll(selector)].map(read);
  const shown = (root, selector) => {
    const part = root.querySelector(selector);
    return part && shows(part) ? plain(part) : '';
  };
  const tree = (element) => [element.localName,
    element.children.length ? [...element.children].map(tree) : element.textContent,
    element.getAttribute('data-address'), element.classList.contains('pending')];
  const formula = (name) => each(`#explanation [data-hook="${name}"] > math`, tree);
  const numbers = (selector) => [...document.querySelectorAll(selector)]
    .filter((e) => !e.closest('section[hidden]') && e.textContent.trim())
    .map((e) => [e.getAttribute('data-address'), plain(e)]);

  const known = `.neuron, .tag, .label, .header, #legend, #explanation [data-hook], #matrices, #squares,
    #blame, #code, #time, #live, .values, .chooser, kbd, select, button, script, style, noscript, title`;
  const strays = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const home = node.parentElement;
    if (/\\d/.test(node.data) && !home.closest(known) && shows(home)) strays.push(node.data.trim());
  }

  return {
    neurons: Object.fromEntries(each('.diagram .neuron', (e) => [e.getAttribute('data-part'),
      { value: shown(e, '.value'), bias: shown(e, '.bias .pill-text'), error: shown(e, '.error-pill .pill-text') }])),
    tags: each('.diagram .tag-text', plain),
    readings: each('.diagram .label .label-note', (e) => e.textContent),
    targets: each('.diagram .label .label-target', plain),
    title: hook('title'), sentence: hook('sentence'), count: hook('count'), next: hook('next'),
    formula: formula('formula'), formula_said: said('formula'),
    numbers: formula('numbers'), numbers_said: said('numbers'),
    figures: each('#explanation [data-hook="figures"] dd', (e) => shows(e) ? plain(e) : ''),
    links: each('#explanation [data-hook="sentence"] [data-address]',
      (e) => [e.getAttribute('data-address'), plain(e)]),
    result: hook('result'), so_far: hook('so-far'),
    cells: numbers('#matrices [data-address], #squares [data-address], #blame [data-address]'),
    table: numbers('.values [data-address]'),
    loss_from: each('#squares .loss-from', (e) => shows(e.closest('section')) ? e.textContent : ''),
    code: each('#code code', (e) => e.textContent),
    iteration: hook('iteration-label'), observation: hook('observation'), cost: hook('cost'),
    legend: each('#legend .legend-end', (e) => e.textContent),
    strays,
  };
}"""
)

Node = list[Any]


@dataclass(frozen=True)
class Reading:
    """Hold what the page shows at one moment; texts as they stand there.

    Args:
        neurons: by part of the diagram, the texts `value`, `bias` and `error`.
        tags: the labels beside the event's operands.
        formula: the MathML in symbols, each element as [tag, text or children, address, pending].
        numbers: the same with the numbers put in.
        figures: what a larger step came to, while it is shown.
        links: address and text of the sentence's numbers.
        cells: address and text of the numbers in matrices, squares and the blame table.
        table: the same for the network as tables, while it is shown.
        strays: texts with a digit that stand nowhere a test looks.
    """

    neurons: dict[str, dict[str, str]]
    tags: list[str]
    readings: list[str]
    targets: list[str]
    title: str
    sentence: str
    count: str
    next: str
    formula: list[Node]
    formula_said: str
    numbers: list[Node]
    numbers_said: str
    figures: list[str]
    links: list[list[str]]
    result: str
    so_far: str
    cells: list[tuple[str, str]]
    table: list[tuple[str, str]]
    loss_from: list[str]
    code: list[str]
    iteration: str
    observation: str
    cost: str
    legend: list[str]
    strays: list[str]


def read(workbench: Workbench, event: int | None = None) -> Reading:
    """Wait until the page rests, at an event if one is named, and read it in one look."""
    found = workbench.page.evaluate(READ, {"event": event, "patience": PATIENCE_MS})
    return Reading(**found)


def leaves(nodes: list[Node]) -> list[tuple[str, str | None]]:
    """List the numbers of a formula with their addresses, in reading order."""
    found: list[tuple[str, str | None]] = []
    for tag, inside, address, _ in nodes:
        if isinstance(inside, list):
            found += leaves(inside)
        elif tag == "mn":
            found.append((inside, address))
    return found


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def on_one_line(nodes: list[Node]) -> str:
    """Write a formula as a learner would copy it onto one line; what is still to come is left out."""
    return " ".join(part for node in nodes if (part := _line(node)))


def _line(node: Node) -> str:
    tag, inside, _, pending = node
    if pending:
        return ""
    if not isinstance(inside, list):
        return "" if inside == "\u2061" else str(inside)
    if tag == "mfrac":
        return f"({_line(inside[0])}) / ({_line(inside[1])})"
    if tag == "msup":
        base, power = (_line(part) for part in inside)
        return f"{base}{power.translate(_RAISED)}" if power.isdigit() else f"{base}^({power})"
    return on_one_line(inside)
