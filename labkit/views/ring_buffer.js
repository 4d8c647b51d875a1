// The kernel's log as a ring: write records one by one, see what they overwrite, what the console gets, what a clear hides.
export default { render };

function render({ model, el }) {
  const d = JSON.parse(model.get('data'));
  const records = d.records.map(([seq, level, text, place, bytes, oldest]) => ({ seq, level, text, place, bytes, oldest }));
  let { console: limit, cleared } = d;
  const id = (part) => ({ 'data-testid': `ring_buffer-${part}` });
  const picture = shape('svg', { viewBox: '0 0 300 300', role: 'img', ...id('ring') });
  const body = make('tbody', id('records'));
  const book = make('div', { class: 'lk-book', tabindex: 0, role: 'region', 'aria-label': 'records, oldest first' },
    make('table', {}, make('thead', {}, make('tr', {}, ...['seq', 'level', 'console', 'dmesg', 'text'].map((w) => make('th', {}, w)))), body));
  const range = make('input', {
    type: 'range', min: 1, max: 8, value: limit, 'aria-label': 'console level', style: 'max-width:120px', ...id('console'), oninput: () => { limit = +range.value; view.show(); },
  });
  const reach = make('span', { class: 'lk-reach', ...id('reach') });
  const clear = make('button', {
    ...id('clear'), title: 'dmesg -C sets a mark and erases nothing; press again to take the mark away',
    onclick: () => { cleared = cleared === null ? view.step() : null; view.show(); },
  });

  // Angles run clockwise from the top.
  const at = (angle, radius) => `${(150 + radius * Math.sin(angle)).toFixed(1)} ${(150 - radius * Math.cos(angle)).toFixed(1)}`;
  const turn = (bytes) => (bytes / d.size) * 2 * Math.PI;
  function arc(a, b, inner, outer, props) {
    const [end, big] = [Math.max(a + 0.001, b - 0.01), b - a > Math.PI ? 1 : 0];
    return shape('path', { d: `M${at(a, outer)}A${outer} ${outer} 0 ${big} 1 ${at(end, outer)}L${at(end, inner)}A${inner} ${inner} 0 ${big} 0 ${at(a, inner)}z`, ...props });
  }
  const line = (angle, from, to, kind) => shape('path', { d: `M${at(angle, from)}L${at(angle, to)}`, class: kind });
  const words = (angle, radius, text, kind) => {
    const [x, y] = at(angle, radius).split(' ');
    return shape('text', { x, y: +y + 4, class: kind }, text);
  };

  function ring(step, oldest) {
    const parts = [shape('circle', { cx: 150, cy: 150, r: 94 }), shape('circle', { cx: 150, cy: 150, r: 132 })];
    for (const r of records.slice(oldest, step)) {
      if (!r.bytes) continue;
      const [a, b] = [turn(r.place), turn(r.place + r.bytes)];
      parts.push(arc(a, b, 96, 130, { class: `lk-hue-${d.hues[r.level]}` }));
      if (r.level < limit) parts.push(arc(a, b, 134, 139, { class: 'lk-rim' }));
      if (b - a > 0.2) parts.push(words((a + b) / 2, 113, `${r.seq}`, `lk-seq lk-on-${d.hues[r.level]}`));
    }
    const last = records[step - 1];
    if (last && last.bytes) {
      const head = turn(last.place + last.bytes);
      parts.push(line(head, 90, 132, 'lk-head'), words(head, 79, 'next', 'lk-small'));
    }
    const first = records[cleared ?? -1];
    if (cleared !== null && cleared >= oldest && cleared < step && first.bytes) parts.push(line(turn(first.place), 90, 144, 'lk-clear'));
    const there = records.slice(oldest, step).filter((r) => r.bytes).length;
    const used = records.slice(oldest, step).reduce((sum, r) => sum + r.bytes, 0);
    parts.push(shape('text', { x: 150, y: 140, style: 'font-weight:600' }, `${there} in the buffer`),
      shape('text', { x: 150, y: 157 }, `${used} of ${d.size} bytes`), shape('text', { x: 150, y: 174 }, `${oldest} overwritten`));
    picture.replaceChildren(...parts);
    picture.setAttribute('aria-label', `${there} records in the buffer, ${oldest} overwritten, ${used} of ${d.size} bytes used`);
  }

  function paint(step) {
    const oldest = step ? records[step - 1].oldest : 0;
    ring(step, oldest);
    const from = Math.max(0, step - 500);
    body.replaceChildren(...records.slice(from, step).map((r, k) => {
      const i = from + k;
      const away = i < oldest || !r.bytes;
      const kinds = [away ? 'lk-away' : '', i === step - 1 ? 'lk-now' : '', i && i === cleared ? 'lk-mark' : ''].filter(Boolean);
      const level = make('td', {}, make('span', { class: `lk-sw lk-hue-${d.hues[r.level]}` }), `${r.level} ${d.levels[r.level]}`);
      return make('tr', { class: kinds.join(' ') }, make('td', {}, `${r.seq}`), level, make('td', {}, r.bytes && r.level < limit ? 'yes' : '–'),
        make('td', {}, !r.bytes ? 'dropped' : away ? 'gone' : i < (cleared ?? 0) ? 'hidden' : 'yes'), make('td', { title: r.text }, r.text));
    }));
    book.scrollTop = book.scrollHeight;
    range.value = limit;
    const got = records.slice(0, step).filter((r) => r.bytes && r.level < limit).length;
    reach.textContent = `console gets levels < ${limit}: ${got} of ${step}`;
    clear.textContent = cleared === null ? 'dmesg -C' : 'no mark';
  }

  const last = records.length;
  const story = {
    ...d, n: last + 1, start: last, unit: 'records written', label: (step) => `${step} of ${last} written`,
    marks: records.map((r, i) => [i + 1, r.oldest - (i ? records[i - 1].oldest : 0)]).filter(([, lost]) => lost).map(([step]) => step),
    say(step) {
      if (!step) return 'the buffer is empty';
      const [r, before] = [records[step - 1], step > 1 ? records[step - 2].oldest : 0];
      const lost = records.slice(before, r.oldest).map((o) => o.seq);
      const over = lost.length ? `; overwrites ${lost.length > 1 ? `${lost[0]} to ${lost[lost.length - 1]}` : lost[0]}` : '';
      return r.bytes ? `record ${r.seq} (${d.levels[r.level]}) takes ${r.bytes} bytes at ${r.place}${over}` : `record ${r.seq} is longer than the buffer: dropped`;
    },
  };
  const right = make('div', {}, make('div', { class: 'lk-bar' }, range, reach, make('span', { style: 'flex:1' }), clear), book);
  const view = frame(model, el, story, 'ring_buffer', [], make('div', { class: 'lk-ring' }, picture, right), paint);
  const key = (hue, text) => make('span', {}, make('span', { class: `lk-sw lk-hue-${hue}` }), text);
  view.root.append(make('div', { class: 'lk-legend', style: 'height:22px;overflow:auto' }, key('wait', 'emerg to err'), key('can', 'warn'), key('run', 'notice, info'), key('plain', 'debug'),
    make('span', {}, 'rim: on the console'), make('span', {}, 'dashed: dmesg -C')));
  view.show();
}
