// Loss and accuracy over steps or over time, with a line where something happened.

const colours = {
  light: { ink: '#565f70', grid: '#e3e7ee', first: '#1d5fd1', second: '#b3261e', event: { restart: '#b3261e', stepsLost: '#b3261e', reassignment: '#8a5300', learningRate: '#10733f', phase: '#565f70' } },
  dark: { ink: '#a3adbf', grid: '#2c323d', first: '#7fb0ff', second: '#ff9188', event: { restart: '#ff9188', stepsLost: '#ff9188', reassignment: '#f0b75e', learningRate: '#58d092', phase: '#a3adbf' } },
};

const height = 240;

export class Charts {
  constructor(loss, accuracy) {
    this.places = { loss, accuracy };
    this.plots = {};
    this.axis = 'step';
    this.events = [];
    new ResizeObserver(() => this.resize()).observe(loss);
  }

  get palette() {
    const chosen = document.documentElement.dataset.theme;
    return colours[chosen ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')];
  }

  // history as the silo answers it; axis is 'step' or 'time'.
  show(history, axis) {
    if (axis !== this.axis) this.forget();
    this.axis = axis;
    this.history = history;
    const at = axis === 'time' ? thing => new Date(thing.at) / 1000 : thing => thing.step ?? thing.version.step;
    this.events = history.events.map(event => ({ x: at(event), kind: event.kind }));
    this.draw('loss', [['training', 'first', history.points.map(point => [at(point), point.trainingLoss])], ['held-out', 'second', history.evaluations.map(point => [at(point), point.loss])]]);
    this.draw('accuracy', [['accuracy', 'first', history.evaluations.map(point => [at(point), 100 * point.accuracy])]]);
  }

  forget() {
    for (const plot of Object.values(this.plots)) plot.destroy();
    this.plots = {};
  }

  redraw() {
    this.forget();
    if (this.history) this.show(this.history, this.axis);
  }

  draw(name, series) {
    const data = join(series.map(([, , points]) => points));
    if (this.plots[name]) this.plots[name].setData(data);
    else this.plots[name] = new uPlot(this.options(name, series), data, this.places[name]);
  }

  options(name, series) {
    const palette = this.palette;
    const axis = { stroke: palette.ink, grid: { stroke: palette.grid, width: 1 }, ticks: { stroke: palette.grid } };
    return {
      width: this.places[name].clientWidth || 300,
      height,
      scales: { x: { time: this.axis === 'time' } },
      axes: [axis, { ...axis, size: 56, values: (_, ticks) => ticks.map(tick => name === 'accuracy' ? `${tick} %` : tick) }],
      series: [
        { label: this.axis },
        ...series.map(([label, colour]) => ({ label, stroke: palette[colour], width: 1.6, spanGaps: true, points: { show: label !== 'training', size: 4 } })),
      ],
      hooks: { drawClear: [plot => this.mark(plot)] },
    };
  }

  mark(plot) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.setLineDash([4, 4]);
    for (const { x, kind } of this.events) {
      if (x < plot.scales.x.min || x > plot.scales.x.max) continue;
      const left = plot.valToPos(x, 'x', true);
      ctx.strokeStyle = this.palette.event[kind] ?? this.palette.ink;
      ctx.beginPath();
      ctx.moveTo(left, bbox.top);
      ctx.lineTo(left, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  resize() {
    for (const [name, plot] of Object.entries(this.plots)) plot.setSize({ width: this.places[name].clientWidth, height });
  }
}

// uPlot wants one ascending x for all series, and null where a series has no value.
function join(series) {
  const at = [...new Set(series.flatMap(points => points.map(([x]) => x)))].sort((a, b) => a - b);
  return [at, ...series.map(points => {
    const values = new Map(points);
    return at.map(x => values.get(x) ?? null);
  })];
}
