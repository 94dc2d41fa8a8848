// Curves over steps or over time, with a mark where something happened.

import { fill, kinds, make } from './show.js';

const height = 220;
const nearby = 9; // Pixels: of marks of one kind that are closer to one another the first stands for all.

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name);

export class Chart {
  // series: { label, colour: name of a CSS property, points: (history, at) => [[x, value], …], dots: boolean }; text: value => string
  constructor(figure, series, text) {
    Object.assign(this, { series, text, place: figure.querySelector('.chart'), keys: figure.querySelector('.keys'), axis: 'step', over: make('div', { 'aria-hidden': 'true' }) });
    new ResizeObserver(() => this.plot?.setSize({ width: this.place.clientWidth, height })).observe(this.place);
  }

  // history as the silo answers it; axis is 'step' or 'time'.
  show(history, axis) {
    if (axis !== this.axis) this.forget();
    Object.assign(this, { history, axis });
    const at = axis === 'time' ? thing => new Date(thing.at) / 1000 : thing => thing.step ?? thing.version.step;
    this.events = history.events.map(event => ({ x: at(event), kind: event.kind }));
    this.extent = extent([history.points, history.evaluations, history.events].flat().map(at));
    this.data = join(this.series.map(({ points }) => points(history, at)));
    if (this.plot) this.plot.setData(this.data);
    else this.plot = new uPlot(this.options(), this.data, this.place);
    this.place.setAttribute('aria-label', this.series.map(({ label }, i) => `${label} ${this.valueAt(i)}`).join(', '));
    this.tell();
  }

  forget() {
    this.plot?.destroy();
    this.plot = null;
  }

  // In other colours.
  redraw() {
    this.forget();
    if (this.history) this.show(this.history, this.axis);
  }

  options() {
    const axis = { stroke: colour('--soft'), grid: { stroke: colour('--faint'), width: 1 }, ticks: { stroke: colour('--faint') } };
    return {
      width: this.place.clientWidth || 300,
      height,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: { x: { time: this.axis === 'time', range: () => this.extent } },
      axes: [{ ...axis, size: 32 }, { ...axis, size: 56, values: (_, ticks) => ticks.map(this.text) }],
      series: [{}, ...this.series.map(({ label, colour: name, dots }) => ({ label, stroke: colour(name), width: 1.6, spanGaps: true, points: { show: dots, size: 4, fill: colour(name) } }))],
      hooks: { ready: [plot => plot.over.append(this.over)], draw: [plot => this.mark(plot)], setCursor: [plot => this.tell(plot.cursor.idx)] },
    };
  }

  // The newest value of each series, or the one under the pointer.
  tell(index) {
    fill(this.keys, ...this.series.map(({ label, colour: name }, i) => make('span', {}, make('i', { style: `background: var(${name})` }), `${label} ${this.valueAt(i, index ?? undefined)}`)));
  }

  valueAt(series, index = Infinity) {
    const value = this.data[series + 1].findLast((known, i) => known !== null && i <= index);
    return value === undefined ? '–' : this.text(value);
  }

  mark(plot) {
    const drawn = {};
    fill(this.over, ...this.events.map(({ x, kind }) => {
      const left = plot.valToPos(x, 'x');
      if (left < 0 || left > plot.over.clientWidth || Math.abs(left - drawn[kind]) < nearby) return null;
      drawn[kind] = left;
      return make('i', { class: 'mark', 'data-kind': kind, style: `left: ${left}px` }, kinds[kind].sign);
    }));
  }
}

// All of a history, so that charts of it lie below one another and show every mark, whatever they begin with.
function extent(all) {
  const [from, to] = [Math.min(...all), Math.max(...all)];
  return all.length === 0 ? [0, 1] : [from, Math.max(to, from + 1)];
}

// uPlot wants one ascending x for all series, and null where a series has no value.
function join(series) {
  const at = [...new Set(series.flatMap(points => points.map(([x]) => x)))].sort((a, b) => a - b);
  return [at, ...series.map(points => {
    const values = new Map(points);
    return at.map(x => values.get(x) ?? null);
  })];
}
