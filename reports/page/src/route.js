// SPDX-License-Identifier: Apache-2.0
// Where the reader is, kept in the URL's hash so that a copied link opens the same view.
import {useEffect, useState} from 'preact/hooks';

// "#/cell/oracle/drop-3/0?f=12" → {path: ['cell', 'oracle', 'drop-3', '0'], query: {f: '12'}}
export function parseHash(hash) {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?');
  return {
    path: path.split('/').filter(Boolean).map(decode),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

// The hash for a path and a query; empty and undefined values are left out.
export function formatHash(path, query = {}) {
  const kept = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(kept.map(([key, value]) => [key, String(value)])).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text ? `?${text}` : ''}`;
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const cellHash = (cell, query) => formatHash(['cell', cell.model, cell.scene, cell.seed], query);

const listeners = new Set();

// Changes the query of the present path without a new entry in the history.
export function replaceQuery(changes) {
  const {path, query} = parseHash(location.hash);
  const hash = formatHash(path, {...query, ...changes});
  if (hash === location.hash) return;
  history.replaceState(null, '', hash);
  listeners.forEach((listener) => listener());
}

export function go(hash) {
  location.hash = hash;
}

export function useRoute() {
  const [route, setRoute] = useState(() => parseHash(location.hash));
  useEffect(() => {
    const update = () => setRoute(parseHash(location.hash));
    listeners.add(update);
    addEventListener('hashchange', update);
    return () => {
      listeners.delete(update);
      removeEventListener('hashchange', update);
    };
  }, []);
  return route;
}
