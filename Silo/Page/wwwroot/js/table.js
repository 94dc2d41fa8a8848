// A table that sorts by the column whose heading is pressed, finds, and shows a page at a time.

import { fill, make } from './show.js';

const pageSize = 50;

export class Table {
  // columns: { title, value: row => comparable, text: row => string, number: boolean }
  constructor(element, columns, { tone = () => null, key, pager = null } = {}) {
    Object.assign(this, { element, columns, tone, key, pager, rows: [], sorted: 0, descending: false, page: 0, wanted: '' });
    this.head();
    if (pager) {
      pager.previous.onclick = () => this.turn(-1);
      pager.next.onclick = () => this.turn(1);
    }
  }

  show(rows) {
    this.rows = rows;
    this.draw();
  }

  find(text) {
    this.wanted = text.trim().toLowerCase();
    this.page = 0;
    this.draw();
  }

  turn(by) {
    this.page += by;
    this.draw();
  }

  sort(column) {
    this.descending = this.sorted === column ? !this.descending : Boolean(this.columns[column].number) && column > 0;
    this.sorted = column;
    this.head();
    this.draw();
  }

  head() {
    const focused = document.activeElement?.dataset?.column;
    fill(this.element.tHead, make('tr', {}, ...this.columns.map((column, index) => {
      const button = make('button', { type: 'button', 'data-column': index }, column.title);
      button.onclick = () => this.sort(index);
      const sort = index !== this.sorted ? 'none' : this.descending ? 'descending' : 'ascending';
      return make('th', { scope: 'col', 'aria-sort': sort, class: column.number ? 'number' : null }, button);
    })));
    if (focused !== undefined) this.element.tHead.querySelector(`[data-column="${focused}"]`)?.focus();
  }

  draw() {
    const { value } = this.columns[this.sorted];
    const sign = this.descending ? -1 : 1;
    const compare = (a, b) => a === b ? 0 : a === null || a === undefined ? 1 : b === null || b === undefined ? -1 : (a < b ? -sign : sign);
    const found = this.rows.filter(row => !this.wanted || this.columns.some(column => column.finds && column.text(row).toLowerCase().includes(this.wanted)));
    found.sort((a, b) => compare(value(a), value(b)) || compare(this.key(a), this.key(b)));
    const pages = this.pager ? Math.max(1, Math.ceil(found.length / pageSize)) : 1;
    this.page = Math.min(Math.max(this.page, 0), pages - 1);
    const shown = this.pager ? found.slice(this.page * pageSize, (this.page + 1) * pageSize) : found;
    fill(this.element.tBodies[0], ...shown.map(row => make('tr', { 'data-tone': this.tone(row) }, ...this.columns.map(column => make('td', { class: column.number ? 'number' : null }, column.text(row))))));
    if (this.pager) {
      this.pager.element.hidden = pages === 1;
      this.pager.label.textContent = `${this.page + 1} of ${pages}, ${found.length.toLocaleString('en')} workers`;
      this.pager.previous.disabled = this.page === 0;
      this.pager.next.disabled = this.page === pages - 1;
    }
  }
}
