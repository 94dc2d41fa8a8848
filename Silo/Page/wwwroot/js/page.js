// The page: asks for each part as often as it changes, and shows it.

import { get, job, post } from './api.js';
import { showBuffers } from './buffers.js';
import { Chart } from './charts.js';
import * as show from './show.js';
import { Table } from './table.js';
import { onDress } from './theme.js';

const every = { page: 10000, jobs: 3000, status: 1000, workers: 2000, history: 2000, silos: 3000 };
const aboutJob = ['status', 'history', 'workers'];
const points = 600; // About as many as a chart is wide.
const newestEvents = 100;
const $ = id => document.getElementById(id);
const { fill, kinds, make } = show;

let name = null;
let status = null;
let history = null;
let counted = new Map(); // worker → [time, accepted], to tell rates by
const roles = new Map(); // silo → role: the dead do not say

const charts = [
  new Chart($('loss'), [
    { label: 'training', colour: '--first', points: (history, at) => history.points.map(point => [at(point), point.trainingLoss]) },
    { label: 'held-out', colour: '--second', dots: true, points: (history, at) => history.evaluations.map(point => [at(point), point.loss]) },
  ], loss => show.number(loss, 3)),
  new Chart($('accuracy'), [
    { label: 'accuracy', colour: '--first', dots: true, points: (history, at) => history.evaluations.map(point => [at(point), point.accuracy]) },
  ], accuracy => `${show.number(100 * accuracy, 3)} %`),
];

const workers = new Table($('workers'), [
  { title: 'worker', number: true, finds: true, value: row => row.worker, text: row => `${row.worker}` },
  { title: 'buffer', number: true, value: row => row.buffer, text: row => `${row.buffer}` },
  { title: 'silo', finds: true, value: row => row.silo, text: row => show.silos(row.silo) },
  { title: 'lease until', value: row => row.expires, text: row => show.time(row.expires) },
  { title: 'gradients/s', number: true, value: row => row.rate, text: row => show.number(row.rate, 3) },
  { title: 'accepted', number: true, value: row => row.tally.accepted, text: row => show.count(row.tally.accepted) },
  { title: 'refused', number: true, value: row => row.tally.refused, text: row => show.count(row.tally.refused) },
  { title: 'staleness', number: true, value: row => row.tally.staleness, text: row => show.count(row.tally.staleness) },
  { title: 'suspicion', number: true, value: row => row.suspicion, text: row => `${show.percent(row.suspicion, 0)}${row.isQuarantined ? ', in quarantine' : ''}` },
], {
  key: row => row.worker,
  tone: row => row.isQuarantined || row.tally.refused > row.tally.accepted ? 'bad' : null,
  pager: { element: $('pages'), label: $('page'), previous: $('previous'), next: $('next') },
});

const silos = new Table($('silos'), [
  { title: 'silo', value: row => row.address, text: row => show.silos(row.address) },
  { title: 'role', value: row => row.role, text: row => row.role || '–' },
  { title: 'status', value: row => row.status, text: row => row.status === 'dead' ? `dead, heard ${show.ago(row.lastHeard)}` : row.status },
  { title: 'workers', number: true, value: row => row.leases, text: row => show.count(row.leases) },
  { title: 'slots', number: true, value: row => row.slots, text: row => row.slots === null ? '–' : `${show.count(row.taken)} of ${show.count(row.slots)}` },
  { title: 'devices', value: row => row.devices, text: row => row.devices || '–' },
  { title: 'holds', value: row => row.holds, text: row => row.holds || '–' },
  { title: 'since', value: row => row.started, text: row => show.moment(row.started) },
  { title: 'cannot run this job', value: row => row.obstacle, text: row => row.obstacle || '–' },
], { key: row => row.address, tone: row => row.status === 'dead' ? 'dead' : row.obstacle ? 'bad' : null });

const parts = {
  async page() {
    const { mayAct } = await get('page');
    $('acting').hidden = !mayAct;
    $('looking').hidden = mayAct;
  },

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
    for (const { address, role } of living) roles.set(address, role);
    silos.show([...living, ...dead].map(entry => ({ ...entry, role: entry.role || roles.get(entry.address), leases: status?.leases.filter(lease => lease.silo === entry.address).length ?? 0, slots: entry.slots ?? null, devices: entry.devices?.join(', '), holds: held(entry.address), obstacle: status?.obstacles?.find(obstacle => obstacle.silo === entry.address)?.reason })));
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
  for (const chart of charts) chart.forget();
  window.history.replaceState(null, '', `#${encodeURIComponent(name)}`);
  $('export').href = `api/${job(name, '/weights.safetensors')}`;
  $('acted').textContent = '';
  for (const part of [...aboutJob, 'silos']) tick(part);
}

function showStatus() {
  const { spec, lastEvaluation } = status;
  $('phase').textContent = status.phase;
  $('phase').dataset.phase = status.phase;
  document.title = `${status.name} ${show.percent(status.progress, 0)} – Basgd`;
  $('message').hidden = !status.message;
  $('message').textContent = status.message ?? '';
  const hostile = spec.byzantine ? `, ${spec.byzantine} of them hostile by ${spec.attack}` : '';
  $('about').textContent = `${spec.model} on ${spec.dataset}, ${show.count(status.dimension)} parameters. ${spec.workers} workers${hostile}. ${spec.rule} over ${status.buffers.length} buffers, to tolerate ${spec.tolerate ?? spec.byzantine}.`;
  $('progress').value = status.progress;
  const facts = [
    ['done', show.percent(status.progress, 0)],
    ['step', show.count(status.version.step)],
    ['epoch', show.number(status.epoch, 3)],
    ['gradients/s', show.number(status.gradientsPerSecond, 3)],
    ['training loss', show.number(status.trainingLoss, 3)],
    ['accuracy', show.percent(lastEvaluation?.accuracy)],
    ['learning rate', show.number(status.learningRate)],
    ['refused', show.count(Object.values(status.refused).reduce((sum, value) => sum + value, 0))],
  ];
  fill($('facts'), ...facts.map(([label, value]) => make('div', {}, make('dt', {}, label), make('dd', {}, value))));
  showBuffers($('buffers'), status.buffers);
  $('checkpoint').textContent = `Newest checkpoint: step ${show.count(status.version.step)}`;
  fill($('spec'), ...Object.entries({ checkpoint: status.checkpoint, ...spec }).flatMap(([key, value]) => value === null ? [] : [make('dt', {}, key), make('dd', {}, Array.isArray(value) ? value.join(', ') || '–' : `${value}`)]));
  for (const button of document.querySelectorAll('[data-act]')) button.disabled = !may(button.dataset.act);
}

function may(act) {
  if (act === 'pause') return status?.phase === 'running';
  if (act === 'resume') return status?.phase === 'paused';
  if (act === 'stop') return status?.phase === 'running' || status?.phase === 'paused';
  return status !== null;
}

const sign = kind => make('b', { 'data-kind': kind, 'aria-hidden': 'true' }, kinds[kind].sign);

function showHistory() {
  for (const chart of charts) chart.show(history, document.querySelector('[name="axis"]:checked').value);
  const counts = Map.groupBy(history.events, event => event.kind);
  fill($('marks'), ...Object.keys(kinds).filter(kind => counts.has(kind)).map(kind => make('li', {}, sign(kind), ` ${kinds[kind].name}: ${counts.get(kind).length}`)));
  fill($('events'), ...history.events.slice(-newestEvents).reverse().map(event => make('li', {}, sign(event.kind), make('time', { datetime: event.at }, show.time(event.at)), make('span', {}, `step ${show.count(event.step)}`), make('span', {}, show.silos(event.text)))));
}

async function act(button) {
  if (button.dataset.act === 'stop' && !confirm(`Stop ${name} for good?`)) return;
  $('acted').textContent = `${button.textContent} …`;
  try {
    await post(job(name, `/${button.dataset.act}`), $('token').value);
    $('acted').textContent = `${button.textContent}: done`;
  } catch (refused) {
    $('acted').textContent = refused.message;
  }
  tick('status');
}

const failing = new Map();

async function tick(part) {
  if (!name && aboutJob.includes(part)) return;
  try {
    await parts[part]();
    failing.delete(part);
  } catch (failure) {
    failing.set(part, failure.message);
  }
  const trouble = [...new Set(failing.values())].join('; ');
  $('trouble').hidden = !trouble;
  if (trouble && !$('trouble').textContent.startsWith(trouble)) $('trouble').textContent = `${trouble}: trying again since ${show.time(new Date())}`;
}

// One question of a kind at a time; a page that nobody looks at asks nothing.
function repeat(part) {
  setTimeout(async () => {
    if (!document.hidden) await tick(part);
    repeat(part);
  }, every[part]);
}

$('job').onchange = event => choose(event.target.value);
$('find').oninput = event => workers.find(event.target.value);
$('actions').onsubmit = event => event.preventDefault();
for (const axis of document.querySelectorAll('[name="axis"]')) axis.onchange = () => history && showHistory();
for (const button of document.querySelectorAll('[data-act]')) button.onclick = () => act(button);
onDress($('theme'), () => charts.forEach(chart => chart.redraw()));

await Promise.all(['page', 'jobs', 'silos'].map(tick));
for (const part of Object.keys(every)) repeat(part);
