// How full each buffer is, and how far it lies from the aggregate. One that lies far off holds what others do not agree with.

import { fill, make, number } from './show.js';

const farFromUsual = 3; // Times the median distance.
const fullBar = 4; // Gradients that fill a bar, unless a buffer holds more.

const card = ({ buffer }) => make('li', {}, make('span', {}, `buffer ${buffer}`, make('span')), make('i', { 'aria-hidden': 'true' }), make('span', {}, '', make('span')), make('i', { 'aria-hidden': 'true' }));

export function showBuffers(element, buffers) {
  // The same elements again: nothing blinks.
  if (element.children.length !== buffers.length) fill(element, ...buffers.map(card));
  const distances = buffers.map(buffer => buffer.distance).filter(Number.isFinite).sort((a, b) => a - b);
  const usual = distances[Math.floor((distances.length - 1) / 2)];
  const most = Math.max(fullBar, ...buffers.map(buffer => buffer.filled));
  buffers.forEach(({ filled, distance }, i) => {
    const [held, heldBar, lies, liesBar] = element.children[i].children;
    const isFar = distances.length > 2 && distance > farFromUsual * usual;
    element.children[i].className = isFar ? 'far' : '';
    held.lastChild.textContent = `N = ${filled}`;
    heldBar.style.setProperty('--share', `${100 * filled / most}%`);
    lies.firstChild.textContent = isFar ? 'far off' : 'distance';
    lies.lastChild.textContent = number(distance, 3);
    liesBar.style.setProperty('--share', `${100 * (distance ?? 0) / (distances.at(-1) || 1)}%`);
  });
}
