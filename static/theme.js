// @ts-check
// The theme and the frame must be known before the first paint, so this is the one script that is not a module.
try {
  const chosen = localStorage.getItem('glassbox-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset['theme'] = chosen;
} catch {
  // Storage may be forbidden; the system's theme is fine then.
}
// On a course page the workbench stands alone, `/?embed`; a teacher's link may hide parts of it, `/?hide=next,code`.
const asked = new URLSearchParams(location.search);
if (asked.has('embed')) document.documentElement.dataset['embed'] = '';
document.documentElement.dataset['hide'] = (asked.get('hide') ?? '').replaceAll(',', ' ');
// A link to a moment is not about the preset that the page introduces.
if (/[#&]moment=/.test(location.hash)) document.documentElement.dataset['opening'] = '';
