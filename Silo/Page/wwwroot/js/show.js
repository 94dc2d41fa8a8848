// How people read numbers, times and names.

const none = '–';

export const number = (value, digits = 4) => Number.isFinite(value) ? value.toLocaleString('en', { maximumSignificantDigits: digits }) : none;
export const count = value => Number.isFinite(value) ? Math.round(value).toLocaleString('en') : none;
export const percent = (share, digits = 2) => Number.isFinite(share) ? `${(100 * share).toFixed(digits)} %` : none;
export const time = iso => iso ? new Date(iso).toLocaleTimeString('en', { hourCycle: 'h23' }) : none;
export const moment = iso => iso && new Date(iso).toDateString() !== new Date().toDateString() ? new Date(iso).toLocaleString('en', { hourCycle: 'h23' }) : time(iso);

// Addresses are S127.0.0.1:1234:5678: kind, endpoint, start. The endpoint is what tells silos apart.
export const silos = text => text ? text.replace(/\bS(\[?[\w.:]+\]?:\d+):\d+/g, '$1') : none;

// What can happen to a job: how it is marked, and called.
export const kinds = {
  phase: { sign: '•', name: 'began, paused or ended' },
  restart: { sign: '↻', name: 'restart' },
  stepsLost: { sign: '✕', name: 'steps lost' },
  reassignment: { sign: '⇄', name: 'reassignment' },
  quarantine: { sign: '⊘', name: 'quarantine' },
  learningRate: { sign: 'η', name: 'learning rate' },
};

export function ago(iso, now = Date.now()) {
  const seconds = Math.max(0, (now - new Date(iso)) / 1000);
  if (seconds < 90) return `${Math.round(seconds)} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3600)} h ago`;
}

// Replaces what an element holds.
export function fill(element, ...children) {
  element.replaceChildren(...children.filter(child => child !== null));
}

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
