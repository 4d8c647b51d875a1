// Stacks left and right, what all threads share between them. One walks through it with the arrow keys and follows pointers with Enter.
export default { render };

function render({ model, el }) {
  const d = JSON.parse(model.get('data'));
  const pictures = d.pictures.map((p) => {
    const number = new Map(p.items.map(([key], i) => [key, i]));
    return { ...p, items: p.items.map(([key, level, mark, to, says], i) => ({ i, key, level, mark, to: number.has(to) ? number.get(to) : -1, says })) };
  });
  const id = `m${Math.random().toString(36).slice(2)}`;
  let narrow = 0;
  let at = Math.min(model.get('cursor') || d.start, pictures.length - 1);
  let now = -1;
  let back = [];
  let details = null;
  let numbers = false;
  let nodes = [];
  let lines = [];
  let segments = [];

  const tip = shape('marker', { id: `${id}t`, viewBox: '0 0 6 6', refX: 6, refY: 3, markerWidth: 9, markerHeight: 9, markerUnits: 'userSpaceOnUse', orient: 'auto' },
    shape('path', { d: 'M0 0L6 3L0 6z', style: 'fill:context-stroke;stroke:none' }));
  const dot = shape('marker', { id: `${id}d`, viewBox: '0 0 6 6', refX: 3, refY: 3, markerWidth: 6, markerHeight: 6, markerUnits: 'userSpaceOnUse' },
    shape('circle', { cx: 3, cy: 3, r: 3, style: 'fill:context-stroke;stroke:none' }));
  const hatch = shape('pattern', { id: `${id}h`, width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    shape('rect', { width: 2, height: 5, style: 'fill:var(--lk-wait);fill-opacity:.5;stroke:none' }));
  const defs = shape('defs', {}, tip, dot, hatch);
  const body = shape('g');
  const picture = shape('svg', { 'data-testid': 'memory-picture', role: 'presentation' }, defs, body);
  const scene = make('div', {
    class: 'lk-memory', role: 'listbox', tabindex: 0, style: `height:${d.scene}px`, 'data-testid': 'memory-scene',
    'aria-label': 'areas of memory and the variables in them; arrow keys move, Enter follows a pointer', onkeydown: key,
  }, picture);
  const space = shape('svg', { class: 'lk-space', height: d.bar, 'data-testid': 'memory-space', role: 'img', 'aria-label': 'the address space, low addresses first' });
  const says = make('div', { class: 'lk-says lk-memory-says', 'aria-live': 'polite', 'data-testid': 'memory-says' });
  const button = (part, text, title, onclick) => make('button', { 'data-testid': `memory-${part}`, title, 'aria-label': title, onclick }, text);
  const toggle = button('addresses', 'addresses', 'addresses are different in every run: run the cell to see those of yours', () => { numbers = !numbers; draw(); });
  toggle.disabled = true;
  toggle.setAttribute('aria-pressed', 'false');
  const moment = make('small', { class: 'lk-memory-moment', 'data-testid': 'memory-moment', 'aria-live': 'polite' });
  const steps = pictures.length > 1 ? [button('back', '◀', 'the moment before (Page up)', () => step(-1)), moment, button('step', '▶', 'the next moment (Page down)', () => step(1))] : [];

  const item = () => pictures[at].items[now];
  const detail = (one) => (details && details[at][one.key]) || '';
  // With `addresses` on, a number stands where the value was, or beside a title; nothing moves.
  function number(one) {
    const told = numbers && one.level % 2 === 0 ? detail(one).split(/[ ,]/)[0] : '';
    return told && narrow ? `…${told.slice(-6)}` : told;
  }
  const short = (words, most) => (words.length > most ? `${words.slice(0, most - 1)}…` : words);

  function paintItem(one) {
    const told = number(one);
    const words = one.level ? told || one.value : told;
    const rule = { 0: [6, 15], 1: [6, 13], 2: [6, 13], 3: [one.wide / 2, 10] }[one.level];
    const name = told ? short(one.name, Math.max(4, Math.floor((one.wide - 16) / 6.8) - told.length - (one.mark === 'shared' ? 3 : 1))) : one.name;
    const rect = shape('rect', { x: one.x, y: one.y, width: one.wide, height: one.tall, rx: one.level === 0 ? 4 : 2 });
    if (one.level === 3) rect.setAttribute('style', `fill:url(#${id}h)`);
    const node = shape('g', {
      class: `lk-item lk-i${one.level}${one.mark ? ` lk-${one.mark}` : ''}`, role: 'option', id: `${id}-${one.i}`, 'aria-label': one.says || `${one.name} ${one.value}`, 'aria-selected': 'false', 'data-key': one.key,
    }, rect, shape('text', { x: one.x + rule[0], y: one.y + rule[1] }, (one.mark === 'shared' ? '◆ ' : '') + name));
    if (words) node.append(shape('text', { x: one.x + one.wide - 6, y: one.y + rule[1], class: 'lk-value' }, words));
    if (!one.level && one.value) node.append(shape('text', { x: one.x + 6, y: one.y + 30, class: 'lk-note' }, one.value));
    node.onclick = () => { scene.focus(); go(one.i); };
    node.onpointerenter = () => tell(one);
    node.onpointerleave = () => tell(item());
    return node;
  }

  function draw() {
    const p = { ...pictures[at], ...pictures[at].layouts[narrow] };
    p.places.forEach(([column, x, y, wide, tall, name, value], i) => Object.assign(p.items[i], { column, x, y, wide, tall, name, value }));
    picture.setAttribute('viewBox', `0 0 ${d.widths[narrow]} ${p.tall}`);
    space.setAttribute('viewBox', `0 0 ${d.widths[narrow]} ${d.bar}`);
    for (const svg of [picture, space]) svg.style.maxWidth = `${d.widths[narrow]}px`;
    nodes = p.items.map(paintItem);
    lines = p.arrows.map(([from, to, path, mark]) => ({ from, to, node: shape('path', { class: `lk-pointer${mark ? ` lk-${mark}` : ''}`, d: path, 'marker-start': `url(#${id}d)`, 'marker-end': `url(#${id}t)` }) }));
    body.replaceChildren(...nodes, ...lines.map((line) => line.node));
    segments = p.segments.map(([one, x, wide, name, guard]) => {
      const rect = shape('rect', { x, y: 14, width: wide, height: 20 });
      const node = shape('g', {}, rect, shape('text', { x: x + wide / 2 + (guard ? 3 : 0), y: 28 }, name));
      if (guard) node.append(shape('rect', { x, y: 14, width: 7, height: 20, class: 'lk-guard', style: `fill:url(#${id}h)` }));
      node.onclick = () => go(one);
      return { key: p.items[one] ? p.items[one].key : '', rect, node };
    });
    space.replaceChildren(...(segments.length ? [shape('text', { x: 4, y: 10, class: 'lk-small' }, `address space, low addresses first, not to scale${narrow ? '' : '; hatched: guard page'}`)] : []), ...segments.map((s) => s.node));
    moment.replaceChildren(`${at + 1} of ${pictures.length}`, make('span', {}, p.moment && `: ${p.moment}`));
    toggle.setAttribute('aria-pressed', numbers);
    if (now >= p.items.length) now = -1;
    mark();
  }

  // The item under the cursor, its pointers, and what they lead to.
  function mark() {
    const on = lines.filter((line) => line.from === now || line.to === now);
    body.classList.toggle('lk-chosen', on.length > 0);
    lines.forEach((line) => line.node.classList.toggle('lk-on', on.includes(line)));
    nodes.forEach((node, i) => {
      node.classList.toggle('lk-now', i === now);
      node.classList.toggle('lk-end', i !== now && on.some((line) => line.from === i || line.to === i));
      node.setAttribute('aria-selected', i === now);
    });
    const area = now < 0 ? '' : areaOf(now).key;
    segments.forEach((s) => s.rect.classList.toggle('lk-now', s.key === area));
    if (now < 0) scene.removeAttribute('aria-activedescendant');
    else scene.setAttribute('aria-activedescendant', `${id}-${now}`);
    root.dataset.now = now < 0 ? '' : item().key;
    tell(item());
  }
  function areaOf(i) {
    let j = i;
    while (j > 0 && pictures[at].items[j].level) j -= 1;
    return pictures[at].items[j];
  }
  function tell(one) {
    if (!one) { says.replaceChildren(...(pictures[at].moment ? [make('b', {}, pictures[at].moment)] : []), !nodes.length ? 'There is nothing to show.' : 'Choose a variable with the pointer or the arrow keys. Enter follows its arrow, Backspace goes back.'); return; }
    says.replaceChildren(one.says || `${one.name} ${one.value}`);
    if (detail(one)) says.append(make('code', { 'data-testid': 'memory-detail' }, detail(one)));
  }

  function go(i) {
    if (i < 0 || i >= pictures[at].items.length) return;
    now = i;
    mark();
    const one = item();
    const scale = picture.getBoundingClientRect().height / pictures[at].layouts[narrow].tall || 1;
    const [top, below] = [one.y * scale - 4, (one.y + Math.min(one.tall, 40)) * scale + 4 - scene.clientHeight];
    scene.scrollTop = Math.max(Math.min(scene.scrollTop, top), below);
  }
  // The nearest item in the next column, at about the same height.
  function beside(way) {
    const { items } = pictures[at];
    if (now < 0) return 0;
    for (let column = item().column + way; column >= 0 && column <= 2; column += way) {
      const there = items.filter((one) => one.column === column);
      if (there.length) return there.reduce((best, one) => (Math.abs(one.y - item().y) < Math.abs(best.y - item().y) ? one : best)).i;
    }
    return now;
  }
  function follow() {
    if (!item() || item().to < 0) return;
    back.push(now);
    go(item().to);
  }
  function step(way) {
    const to = Math.max(0, Math.min(pictures.length - 1, at + way));
    if (to === at) return;
    const kept = item() && item().key;
    at = to;
    back = [];
    now = pictures[at].items.findIndex((one) => one.key === kept);
    model.set('cursor', at);
    model.save_changes();
    draw();
  }
  function key(event) {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = pictures[at].items.length - 1;
    const act = {
      ArrowDown: () => go(Math.min(last, now + 1)), ArrowUp: () => go(Math.max(0, now - 1)), ArrowLeft: () => go(beside(-1)), ArrowRight: () => go(beside(1)),
      Home: () => go(0), End: () => go(last), Enter: follow, Backspace: () => { if (back.length) go(back.pop()); },
      PageUp: () => step(-1), PageDown: () => step(1), a: () => { if (!toggle.disabled) toggle.click(); },
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  // Addresses are asked for, because no stored form of the picture has them.
  function answered() {
    const [, text] = JSON.parse(model.get('answer') || '["",""]');
    if (!text) return;
    details = JSON.parse(text);
    toggle.disabled = !details.some((one) => Object.keys(one).length);
    if (!toggle.disabled) toggle.title = 'show the addresses of this run (a)';
    tell(item());
  }
  const sign = (style, words) => make('span', {}, make('span', { class: 'lk-key', style }), words);
  const root = panel(el, d, 'memory', [...steps, toggle], scene, ...(d.bar ? [space] : []), says,
    make('div', { class: 'lk-legend', style: 'height:36px' }, sign('height:10px;border:2px solid var(--lk-run)', 'one thread’s own'), sign('height:10px;border:2px solid var(--lk-can)', 'everybody’s'),
      sign('border-top:3px solid var(--lk-can)', '◆ several threads reach it'), sign('border-top:2px dashed var(--lk-wait)', 'has returned')));
  // On a small screen all stacks stand on the left. The height stays as it is.
  new ResizeObserver(() => {
    const small = +(root.clientWidth > 0 && root.clientWidth < 0.8 * d.widths[0]);
    if (small === narrow) return;
    narrow = small;
    draw();
  }).observe(root);
  model.on('change:answer', answered);
  draw();
  answered();
  model.set('ask', `details ${id}`);
  model.save_changes();
}
