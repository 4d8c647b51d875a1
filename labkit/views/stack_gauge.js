// The stack gauge: move the slider and see each call of the last function take its bytes, down to the guard page.
export default { render };

function render({ model, el }) {
  const d = JSON.parse(model.get('data'));
  const frames = d.frames.map(([name, bytes]) => ({ name, bytes }));
  const inner = frames[frames.length - 1];
  const outer = frames.slice(0, -1);
  const [TOP, TALL, LEFT, WIDE] = [8, 314, 118, 130];
  const scale = TALL / (d.total + d.guard);
  const number = (n) => n.toLocaleString('en');
  const picture = shape('svg', { viewBox: '0 0 320 330', role: 'img', 'data-testid': 'stack_gauge-picture' });
  const body = make('tbody', { 'data-testid': 'stack_gauge-frames' });
  const calls = make('div', { class: 'lk-calls', tabindex: 0, role: 'region', 'aria-label': 'frames, outermost first' },
    make('table', {}, make('thead', {}, make('tr', {}, ...['bytes', 'used', 'left', 'frame'].map((w) => make('th', {}, w)))), body));

  // What lies on the stack at this depth, outermost first.
  function pile(depth) {
    const all = [{ name: 'entry (pt_regs, kthread)', bytes: d.entry, hue: 0 }, ...outer.map((f, i) => ({ ...f, hue: 1 + (i % 2) }))];
    for (let i = 1; i <= depth && inner; i++) all.push({ name: depth > 1 ? `${inner.name}, call ${i}` : inner.name, bytes: inner.bytes, hue: 1 + ((outer.length + i - 1) % 2) });
    let used = 0;
    return all.map((f) => { used += f.bytes; return { ...f, used, over: used > d.total }; });
  }
  const used = (depth) => d.entry + outer.reduce((sum, f) => sum + f.bytes, 0) + (inner ? inner.bytes * depth : 0);
  const y = (bytes) => TOP + Math.min(TALL, bytes * scale);
  const text = (x, at, words, props = {}) => shape('text', { x, y: at, ...props }, words);

  function paint(depth) {
    const list = pile(depth);
    const ground = y(d.total);
    const parts = [
      shape('rect', { x: LEFT, y: ground, width: WIDE, height: d.guard * scale, class: 'lk-guard' }),
      text(LEFT + WIDE + 8, ground + 16, 'guard page'), text(LEFT + WIDE + 8, ground + 30, 'unmapped', { class: 'lk-dim' }),
      text(LEFT - 8, TOP + 9, `base + ${number(d.total)}`, { 'text-anchor': 'end' }), text(LEFT - 8, ground + 4, 'base', { 'text-anchor': 'end' }),
      text(LEFT - 8, ground - 10, 'magic 0x57ac6e9d', { 'text-anchor': 'end', class: 'lk-dim' }),
    ];
    for (const f of list) {
      const [from, to] = [y(f.used - f.bytes), y(f.used)];
      if (to <= from) continue;
      parts.push(shape('rect', { x: LEFT, y: from, width: WIDE, height: to - from, class: `lk-f${f.over ? 3 : f.hue}`, 'stroke-width': to - from > 4 ? 1 : 0.3 }));
      if (to - from > 13 && !f.over) parts.push(text(LEFT + 6, (from + to) / 2 + 4, f.name.slice(0, 18), { class: 'lk-in' }));
    }
    parts.push(shape('rect', { x: LEFT, y: TOP, width: WIDE, height: ground - TOP, class: 'lk-hull' }));
    if (d.old) parts.push(shape('path', { d: `M${LEFT - 10} ${y(d.old)}H${LEFT + WIDE + 4}`, class: 'lk-old' }), text(LEFT - 14, y(d.old) + 4, 'end before 3.15', { 'text-anchor': 'end', class: 'lk-dim' }));
    const now = used(depth);
    parts.push(text(LEFT + WIDE + 8, Math.max(TOP + 10, Math.min(y(now), ground - 4) + 4), now > d.total ? 'overflow' : `← sp`, { 'font-weight': 700 }));
    picture.replaceChildren(...parts);
    picture.setAttribute('aria-label', `${number(now)} of ${number(d.total)} bytes used`);
    body.replaceChildren(...list.map((f) => make('tr', f.over ? { class: 'lk-over' } : {},
      ...[number(f.bytes), number(f.used), number(d.total - f.used), f.over ? `${f.name}: over the end` : f.name].map((w) => make('td', {}, w)))));
    calls.scrollTop = calls.scrollHeight;
  }

  const story = {
    ...d, n: inner ? Math.max(d.limit + 3, d.depth + 1, 2) : 1, start: d.depth, marks: [Math.max(0, d.limit), Math.max(0, d.limit) + 1],
    unit: 'depth of the last call', label: (depth) => `depth ${depth}`,
    say(depth) {
      const left = d.total - used(depth);
      if (left < 0) return `${number(-left)} bytes too many. The CPU faults: BUG: TASK stack guard page was hit. This task is lost, perhaps the machine.`;
      return `${number(used(depth))} of ${number(d.total)} bytes used, ${number(left)} left${inner && depth >= d.limit ? `; one more call of ${inner.name} does not fit` : ''}`;
    },
  };
  frame(model, el, story, 'stack_gauge', [], make('div', { class: 'lk-stack' }, picture, calls), paint).show();
}
