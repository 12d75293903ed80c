// @ts-check
/** The dialog of keys and colours. */

/** @param {HTMLDialogElement} root */
export function create(root) {
  root.addEventListener('click', (event) => {
    if (event.target === root) root.close();
  });
  return {
    toggle: () => (root.open ? root.close() : root.showModal()),
    get open() { return root.open; },
  };
}
