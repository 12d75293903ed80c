// @ts-check
// A chosen theme must be known before the first paint, so this is the one script that is not a module.
try {
  const chosen = localStorage.getItem('glassbox-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset['theme'] = chosen;
} catch {
  // Storage may be forbidden; the system's theme is fine then.
}
