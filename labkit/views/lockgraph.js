// The wait-for graph after any step: arrows from threads to what they wait for, lines from there to who has it.
export default { render };

function render({ model, el }) {
  const story = readStory(model);
  story.marks = story.changes;
  const [LEFT, RIGHT, WIDE, BOX, ROW] = story.place;
  const { drawn, primitives, places } = story;
  const tall = 34 + ROW * Math.max(1, drawn.length, primitives.length);
  const y = (place) => 54 + ROW * place;
  const tipId = `tip${Math.random().toString(36).slice(2)}`;
  const table = (flat, width) => Array.from({ length: flat.length / width }, (_, i) => flat.slice(i * width, (i + 1) * width));
  const wants = table(story.wants, 5).map(([row, start, end, on, thread]) => ({ row, start, end, on, thread }));
  const holds = table(story.holds, 4).map(([row, start, end, lock]) => ({ row, start, end, on: primitives.indexOf(story.word(lock)), name: story.word(lock) }));
  const cycles = story.cycles.map(([start, end, rows, words]) => ({ start, end, rows, words }));
  const those = (edges, step) => edges.filter((e) => e.start <= step && step < e.end);
  const name = (row) => story.word(row);
  const short = (words, most) => (words.length > most ? `${words.slice(0, most - 1)}…` : words);

  const edges = shape('g');
  const words = shape('g', { class: 'lk-edge' });
  const nodes = shape('g');
  const marker = shape('marker', { id: tipId, viewBox: '0 0 6 6', refX: 6, refY: 3, markerWidth: 12, markerHeight: 12, markerUnits: 'userSpaceOnUse', orient: 'auto' },
    shape('path', { d: 'M0 0L6 3L0 6z', style: 'fill:context-stroke;stroke:none' }));
  const picture = shape('svg', { class: 'lk-graph', viewBox: `0 0 ${WIDE} ${tall}`, style: `height:${tall}px`, role: 'img', 'data-testid': 'lockgraph-picture' },
    shape('defs', {}, marker), shape('text', { x: LEFT + BOX / 2, y: 18, class: 'lk-small' }, 'threads'),
    shape('text', { x: RIGHT + BOX / 2, y: 18, class: 'lk-small' }, 'locks and the like'), edges, words, nodes);
  const scene = make('div', { class: 'lk-graph-scene', style: `height:${story.picture}px`, tabindex: 0, role: 'group', 'aria-label': 'wait-for graph; arrow keys step' }, picture);
  const chains = make('div', { class: 'lk-chains', 'aria-live': 'polite', 'data-testid': 'lockgraph-chains' });

  function node(kind, x, place, title, small) {
    return shape('g', { class: `lk-node ${kind}` }, shape('title', {}, `${title}: ${small}`),
      shape('rect', { x, y: y(place) - 17, width: BOX, height: 34, rx: x === LEFT ? 16 : 2 }),
      shape('text', { x: x + BOX / 2, y: y(place) - 2, 'font-weight': 700 }, short(title, 15)),
      shape('text', { x: x + BOX / 2, y: y(place) + 12, class: 'lk-small' }, short(small, 20)));
  }
  function line(kind, says, d, x, at) {
    words.append(shape('text', { x, y: at }, says));
    return shape('g', { class: `lk-edge ${kind}` }, shape('path', { d, 'marker-end': `url(#${tipId})` }));
  }
  // Words stand near the beginning of an edge: in the middle the edges of a cycle cross.
  function across(kind, says, x0, y0, x1, y1) {
    return line(kind, says, `M${x0} ${y0}L${x1} ${y1}`, x0 + (x1 - x0) * 0.24, y0 + (y1 - y0) * 0.24 + (kind.includes('held') ? 12 : -4));
  }
  function wantEdge(want, around) {
    const [from, kind] = [drawn.indexOf(want.row), `lk-wants${around.includes(want.row) ? ' lk-around' : ''}`];
    if (from < 0) return [];
    if (want.thread >= 0) {
      const to = drawn.indexOf(want.thread);
      const middle = (y(from) + y(to)) / 2;
      return to < 0 ? [] : [line(kind, 'the end of', `M${LEFT} ${y(from)}C${LEFT - 50} ${y(from)} ${LEFT - 50} ${y(to)} ${LEFT} ${y(to)}`, 28, middle + 4)];
    }
    return want.on < 0 ? [] : [across(kind, 'waits for', LEFT + BOX, y(from) - 6, RIGHT, y(places[want.on]) - 6)];
  }

  function paint(step) {
    const [now, held, loops] = [those(wants, step), those(holds, step), those(cycles, step)];
    const around = loops.flatMap((c) => c.rows);
    const locked = now.filter((w) => around.includes(w.row)).map((w) => w.on);
    const inLoop = (h) => around.includes(h.row) && locked.includes(h.on);
    words.replaceChildren();
    edges.replaceChildren(...held.filter((h) => drawn.includes(h.row) && h.on >= 0).map((h) => across(`lk-held${inLoop(h) ? ' lk-around' : ''}`, 'held by', RIGHT, y(places[h.on]) + 6, LEFT + BOX, y(drawn.indexOf(h.row)) + 6)),
      ...now.flatMap((w) => wantEdge(w, around)));
    const kinds = ['lk-away', 'lk-can', 'lk-run', 'lk-wait', 'lk-away'];
    nodes.replaceChildren(...drawn.map((row, place) => {
      const { state } = story.at(row, step);
      return node(`${kinds[state]}${around.includes(row) ? ' lk-around' : ''}`, LEFT, place, name(row), story.states[state]);
    }), ...primitives.map((title, i) => {
      const who = held.filter((h) => h.on === i).map((h) => name(h.row));
      return node(`${who.length ? 'lk-lock' : 'lk-free'}${locked.includes(i) ? ' lk-around' : ''}`, RIGHT, places[i], title, who.length ? `held by ${who.join(', ')}` : 'free');
    }));
    const lines = now.filter((w) => !around.includes(w.row)).map((w) => {
      const who = held.filter((h) => h.on === w.on).map((h) => name(h.row));
      const on = w.thread >= 0 ? `the end of ${name(w.thread)}` : primitives[w.on] || 'something not drawn';
      return make('div', {}, `${name(w.row)} waits for ${on}${w.thread < 0 && who.length ? `, held by ${who.join(' and ')}` : ''}`);
    });
    chains.replaceChildren(...loops.map((c) => make('div', { class: 'lk-loop' }, make('b', {}, '⟳ cycle: '), `${c.words}. Each waits for the next, so none of them can go on.`)), ...lines);
    if (!loops.length && !lines.length) chains.replaceChildren(now.length ? '' : 'nobody waits');
    picture.setAttribute('aria-label', chains.textContent);
    root().dataset.cycles = loops.length;
  }

  const key = (kind, words) => make('span', {}, make('span', { class: `lk-key lk-key-${kind}` }), words);
  const tool = cycles.length ? [make('button', { 'data-testid': 'lockgraph-cycle', title: 'go to the step that closes the cycle', onclick: () => view.go(story.start) }, 'to the cycle')] : [];
  let view = null;
  const root = () => el.querySelector('.lk');
  view = frame(model, el, story, 'lockgraph', tool, scene, paint);
  view.root.append(chains, make('div', { class: 'lk-legend', style: 'height:38px' }, key('wait', 'waits for'), key('lock', 'held by'), key('loop', 'part of a cycle'),
    make('span', {}, '↑ ↓ go to the next change'), make('span', {}, story.more)));
  view.show();
}
