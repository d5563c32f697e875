// SPDX-License-Identifier: Apache-2.0
// Keyboard commands. A key typed into a field, or with Ctrl, Alt or Meta, belongs to the browser.

export function onKey(commands) {
  const listener = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest('input:not([type=range]):not([type=checkbox]), select, textarea')) return;
    if (document.querySelector('dialog[open]') && event.key !== '?') return;
    const onControl = event.target.closest('button, a, summary');
    if (onControl && (event.key === ' ' || event.key === 'Enter')) return;
    const command = commands[event.key];
    if (!command) return;
    event.preventDefault();
    command(event);
  };
  addEventListener('keydown', listener);
  return () => removeEventListener('keydown', listener);
}
