// The page: asks for each part as often as it changes, and shows it.

import { get, job, post } from './api.js';
import { Charts } from './charts.js';
import * as show from './show.js';
import { Table } from './table.js';

const every = { jobs: 3000, status: 1000, workers: 2000, history: 2000, silos: 3000 };
const points = 1000;
const $ = id => document.getElementById(id);
const { fill, make } = show;

let name = null;
let status = null;
let history = null;
let counted = new Map(); // worker → [time, accepted], to tell rates by

const charts = new Charts($('loss'), $('accuracy'));

const workers = new Table($('workers'), [
  { title: 'worker', number: true, finds: true, value: row => row.worker, text: row => `${row.worker}` },
  { title: 'buffer', number: true, value: row => row.buffer, text: row => `${row.buffer}` },
  { title: 'silo', finds: true, value: row => row.silo, text: row => show.silo(row.silo) },
  { title: 'lease until', value: row => row.expires, text: row => show.time(row.expires) },
  { title: 'gradients/s', number: true, value: row => row.rate, text: row => show.number(row.rate, 3) },
  { title: 'accepted', number: true, value: row => row.tally.accepted, text: row => show.count(row.tally.accepted) },
  { title: 'refused', number: true, value: row => row.tally.refused, text: row => show.count(row.tally.refused) },
  { title: 'staleness', number: true, value: row => row.tally.staleness, text: row => show.count(row.tally.staleness) },
], {
  key: row => row.worker,
  tone: row => row.tally.refused > row.tally.accepted ? 'bad' : null,
  pager: { element: $('pages'), label: $('page'), previous: $('previous'), next: $('next') },
});

const silos = new Table($('silos'), [
  { title: 'silo', value: row => row.address, text: row => show.silo(row.address) },
  { title: 'role', value: row => row.role, text: row => row.role || '–' },
  { title: 'status', value: row => row.status, text: row => row.status === 'dead' ? `dead, last heard ${show.ago(row.lastHeard)}` : row.status },
  { title: 'workers', number: true, value: row => row.leases, text: row => show.count(row.leases) },
  { title: 'holds', value: row => row.holds, text: row => row.holds || '–' },
  { title: 'since', value: row => row.started, text: row => new Date(row.started).toLocaleString('en', { hour12: false }) },
], { key: row => row.address, tone: row => row.status === 'dead' ? 'dead' : null });

const parts = {
  async jobs() {
    const jobs = await get('jobs');
    $('nothing').hidden = jobs.length > 0;
    $('content').hidden = jobs.length === 0;
    const select = $('job');
    const options = jobs.map(entry => make('option', { value: entry.name }, `${entry.name} (${entry.phase})`));
    if (options.map(option => option.textContent).join() !== [...select.options].map(option => option.textContent).join()) fill(select, ...options);
    const wanted = name ?? decodeURIComponent(location.hash.slice(1));
    const chosen = jobs.find(entry => entry.name === wanted) ?? jobs.find(entry => entry.phase === 'running') ?? jobs[0];
    if (chosen && chosen.name !== name) choose(chosen.name);
    if (chosen) select.value = name;
  },

  async status() {
    const asked = name;
    const answer = await get(job(asked));
    if (asked !== name) return;
    status = answer;
    showStatus();
  },

  async workers() {
    const asked = name;
    const rows = await get(job(asked, '/workers'));
    if (asked !== name) return;
    const now = performance.now() / 1000;
    for (const row of rows) {
      const [since, accepted, rate] = counted.get(row.worker) ?? [now, row.tally.accepted, null];
      row.rate = now - since > 1 ? Math.max(0, row.tally.accepted - accepted) / (now - since) : rate;
      if (now - since > 1 || rate === null) counted.set(row.worker, [now, row.tally.accepted, row.rate]);
    }
    workers.show(rows);
  },

  async history() {
    const asked = name;
    const answer = await get(job(asked, `/history?most=${points}`));
    if (asked !== name) return;
    history = answer;
    showHistory();
  },

  async silos() {
    const { silos: living, dead } = await get('silos');
    silos.show([...living, ...dead].map(entry => ({ ...entry, leases: status?.leases.filter(lease => lease.silo === entry.address).length ?? 0, holds: held(entry.address) })));
  },
};

function held(address) {
  if (!status) return '';
  const buffers = status.buffers.filter(buffer => buffer.silo === address).length;
  return [status.modelSilo === address ? 'model' : '', buffers ? `${buffers} buffers` : ''].filter(Boolean).join(', ');
}

function choose(next) {
  name = next;
  status = history = null;
  counted = new Map();
  charts.forget();
  window.history.replaceState(null, '', `#${encodeURIComponent(name)}`);
  $('export').href = `api/${job(name, '/weights.safetensors')}`;
  $('acted').textContent = '';
  for (const part of ['status', 'history', 'workers', 'silos']) tick(part);
}

function showStatus() {
  const { spec, lastEvaluation } = status;
  $('phase').textContent = status.phase;
  $('phase').dataset.phase = status.phase;
  document.title = `${status.name} ${show.percent(status.progress, 0)} – Basgd`;
  $('message').hidden = !status.message;
  $('message').textContent = status.message ?? '';
  $('progress').value = status.progress;
  const facts = [
    ['step', show.count(status.version.step)],
    ['epoch', show.number(status.epoch, 3)],
    ['gradients/s', show.number(status.gradientsPerSecond, 3)],
    ['training loss', show.number(status.trainingLoss)],
    ['accuracy', show.percent(lastEvaluation?.accuracy)],
    ['learning rate', show.number(status.learningRate)],
    ['refused', show.count(Object.values(status.refused).reduce((sum, value) => sum + value, 0))],
    ['rule', `${spec.rule}, r = ${spec.tolerate ?? spec.byzantine}`],
  ];
  fill($('facts'), ...facts.map(([label, value]) => make('div', {}, make('dt', {}, label), make('dd', {}, value))));
  showBuffers();
  fill($('spec'), ...Object.entries(spec).flatMap(([key, value]) => value === null ? [] : [make('dt', {}, key), make('dd', {}, Array.isArray(value) ? value.join(', ') || '–' : `${value}`)]));
  for (const button of document.querySelectorAll('[data-act]')) button.disabled = !may(button.dataset.act);
}

function may(act) {
  if (act === 'pause') return status?.phase === 'running';
  if (act === 'resume') return status?.phase === 'paused';
  if (act === 'stop') return status?.phase === 'running' || status?.phase === 'paused';
  return status !== null;
}

function showBuffers() {
  const fullest = Math.max(4, ...status.buffers.map(buffer => buffer.filled));
  const distances = status.buffers.map(buffer => buffer.distance).filter(Number.isFinite).sort((a, b) => a - b);
  const usual = distances[Math.floor((distances.length - 1) / 2)];
  fill($('buffers'), ...status.buffers.map(buffer => {
    const far = Number.isFinite(buffer.distance) && distances.length > 2 && buffer.distance > 3 * usual;
    const bar = make('i');
    bar.style.width = `${100 * buffer.filled / fullest}%`;
    return make('li', {},
      make('div', {}, `buffer ${buffer.buffer}${buffer.sealed ? ', sealed' : ''}`),
      make('div', { class: 'bar', 'aria-hidden': 'true' }, bar),
      make('div', {}, `N = ${buffer.filled}`),
      Number.isFinite(buffer.distance) ? make('div', { class: far ? 'far' : null }, `distance ${show.number(buffer.distance, 3)}${far ? ', far' : ''}`) : '');
  }));
}

function showHistory() {
  charts.show(history, document.querySelector('[name="axis"]:checked').value);
  $('event-count').textContent = history.events.length;
  fill($('events'), ...history.events.toReversed().map(event => make('li', {}, make('time', { datetime: event.at }, show.time(event.at)), make('span', { class: 'step' }, `step ${show.count(event.step)}`), event.text)));
}

async function act(button) {
  $('acted').textContent = `${button.textContent} …`;
  try {
    await post(job(name, `/${button.dataset.act}`), $('token').value);
    $('acted').textContent = `${button.textContent}: done`;
  } catch (refused) {
    $('acted').textContent = refused.message;
  }
  tick('status');
}

const failing = new Set();

async function tick(part) {
  if (part !== 'jobs' && part !== 'silos' && !name) return;
  try {
    await parts[part]();
    failing.delete(part);
  } catch (failure) {
    failing.add(part);
    $('trouble').textContent = `${part}: ${failure.message}`;
  }
  $('trouble').hidden = failing.size === 0;
}

// One question of a kind at a time; a page that nobody looks at asks nothing.
function repeat(part) {
  setTimeout(async () => {
    if (!document.hidden) await tick(part);
    repeat(part);
  }, every[part]);
}

function dress(theme) {
  document.documentElement.dataset.theme = theme;
  $('theme').textContent = theme === 'dark' ? 'Light' : 'Dark';
  localStorage.setItem('theme', theme);
  charts.redraw();
}

$('theme').onclick = () => dress($('theme').textContent.toLowerCase());
$('job').onchange = event => choose(event.target.value);
$('find').oninput = event => workers.find(event.target.value);
for (const axis of document.querySelectorAll('[name="axis"]')) axis.onchange = () => history && showHistory();
for (const button of document.querySelectorAll('[data-act]')) button.onclick = () => act(button);

dress(localStorage.getItem('theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
get('page').then(({ mayAct }) => {
  $('acting').hidden = !mayAct;
  $('looking').hidden = mayAct;
});
await tick('jobs');
await tick('silos');
for (const part of Object.keys(every)) repeat(part);
