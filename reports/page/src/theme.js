// SPDX-License-Identifier: Apache-2.0
// Light, dark, or what the system says; remembered where the browser allows it.
import {useState} from 'preact/hooks';

const order = ['system', 'light', 'dark'];
const listeners = new Set();

function remembered() {
  try {
    const theme = localStorage.getItem('plumb-theme');
    return order.includes(theme) ? theme : 'system';
  } catch {
    return 'system';
  }
}

let current = remembered();

export function applyTheme() {
  document.documentElement.dataset.theme = current;
}

export function cycleTheme() {
  current = order[(order.indexOf(current) + 1) % order.length];
  try {
    localStorage.setItem('plumb-theme', current);
  } catch {
    // A browser without storage forgets the choice, nothing more.
  }
  applyTheme();
  listeners.forEach((listener) => listener(current));
}

export function onTheme(listener) {
  listeners.add(listener);
  const media = matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    media.removeEventListener('change', listener);
  };
}

export function useTheme() {
  const [theme, setTheme] = useState(current);
  listeners.add(setTheme);
  return theme;
}
