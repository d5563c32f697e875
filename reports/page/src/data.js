// SPDX-License-Identifier: Apache-2.0
// What the program left in the page: inert script elements, read when they are needed.
import {commonFolder} from './format.js';

function readJson(id, fallback) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : fallback;
}

const empty = {
  title: '', name: '', suite: '', suite_digest: '', started: '', versions: {}, machine: {}, models: [], scores: [],
  summary: [], cells: [], left_out: [], videos: [], comparison: null,
};

// The tables; see reports/page_data.h.
export const report = readJson('plumb-data', empty);
report.cells.forEach((cell, index) => { cell.index = index; });

const evidence = new Map();

// Evidence of one cell: score index → {frames, facts, tables, per_frame, tracks, …}.
export function evidenceOf(cell) {
  if (!evidence.has(cell.index)) evidence.set(cell.index, readJson(`evidence-${cell.index}`, {}));
  return evidence.get(cell.index);
}

const urls = new Map();

// An address that a <video> can play: a blob made from the text in the page, or a file beside it.
export function videoUrl(index) {
  const {href} = report.videos[index];
  if (href) return href;
  if (!urls.has(index)) {
    const text = document.getElementById(`video-${index}`).textContent;
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    urls.set(index, URL.createObjectURL(new Blob([bytes], {type: 'video/mp4'})));
  }
  return urls.get(index);
}

export const familyOf = (score) => score.id.split('.')[0];
export const shortName = (score) => score.id.split('.').slice(1).join('.') || score.id;
export const families = [...new Set(report.scores.map(familyOf))];

// The columns that a choice of the column switch stands for.
export function columnsOf(choice) {
  const all = report.scores.map((score, index) => ({...score, index}));
  if (choice === 'all') return all;
  if (families.includes(choice)) return all.filter((score) => familyOf(score) === choice);
  const headlines = all.filter((score) => score.headline);
  return headlines.length ? headlines : all;
}

// Loose videos are named by their paths: what all have in common is left out. The last part always stays.
const common = commonFolder(report.cells.map((cell) => cell.scene));
export const sceneName = (cell) => cell.scene.slice(common);
export const cellName = (cell) => (cell.seed === '0' ? sceneName(cell) : `${sceneName(cell)} / ${cell.seed}`);
export const findCell = (model, scene, seed) =>
  report.cells.find((cell) => cell.model === model && cell.scene === scene && cell.seed === seed);
