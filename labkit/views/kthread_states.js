// The life of a kthread: press a call, see the state it leads to and what it returns. The rules come from Python.
export default { render };

const KEYS = { create: 'c', wake: 'w', park: 'p', unpark: 'u', stop: 's', cpu: 'g', sleep: 'l', event: 'e', return: 'r' };

function render({ model, el }) {
  const d = JSON.parse(model.get('data'));
  const rules = d.rules.map(([state, call, then, returns, why]) => ({ state, call, then, returns, why }));
  const rule = (state, call) => rules.find((r) => r.state === state && r.call === call);
  const id = (part) => ({ 'data-testid': `kthread_states-${part}` });
  let walked = [];
  const state = () => (walked.length ? walked[walked.length - 1].then : 'none');
  const step = (call) => { const next = rule(state(), call); if (next) walked.push(next); return next; };
  d.steps.forEach(step);

  const tip = `tip${Math.random().toString(36).slice(2)}`;
  const arrows = d.arrows.map(([from, call, x1, y1, x2, y2, x, y]) => {
    const words = call === 'stop' ? rule(from, call).returns : call;
    const node = shape('g', {}, shape('path', { d: `M${x1} ${y1}L${x2} ${y2}`, 'marker-end': `url(#${tip})` }), shape('text', { x, y, class: 'lk-word' }, words));
    return { from, call, node };
  });
  const boxes = Object.entries(d.states).map(([name, [letter, kernel, , x, y, wide]]) => {
    const small = kernel.replace('TASK_', '') || (name === 'exited' ? 'kthread_stop has returned' : 'no task');
    const node = shape('g', {}, shape('rect', { x, y, width: wide, height: name === 'exited' ? 34 : 44, rx: 4 }),
      shape('text', { x: x + wide / 2, y: y + 18, 'font-weight': 700 }, `${name} ${letter}`.trim()),
      shape('text', { x: x + wide / 2, y: y + (name === 'exited' ? 29 : 34), class: 'lk-small' }, small));
    return { name, node };
  });
  const marker = shape('marker', { id: tip, viewBox: '0 0 6 6', refX: 6, refY: 3, markerWidth: 7, markerHeight: 7, markerUnits: 'userSpaceOnUse', orient: 'auto' },
    shape('path', { d: 'M0 0L6 3L0 6z', style: 'fill:context-stroke;stroke:none;opacity:1' }));
  const picture = shape('svg', { class: 'lk-machine', viewBox: '0 14 760 262', role: 'img', 'data-testid': 'kthread_states-picture' },
    shape('defs', {}, marker), shape('text', { x: 4, y: 206, style: 'text-anchor:start;font-size:11px' }, 'kthread_stop returns'), ...arrows.map((a) => a.node), ...boxes.map((b) => b.node));

  const scene = make('div', { class: 'lk-scene' }, picture);
  const says = make('div', { class: 'lk-state', 'aria-live': 'polite', ...id('says') });
  const table = make('tbody', id('walked'));
  const log = make('div', { class: 'lk-walk', tabindex: 0, role: 'region', 'aria-label': 'what was called and what it returned' },
    make('table', {}, make('thead', {}, make('tr', {}, ...['', 'call', 'returns', 'then', 'what happens'].map((w) => make('th', {}, w)))), table));
  const buttons = Object.entries(d.calls).map(([call, words]) => ({
    call, node: make('button', { ...id(call), title: `${words} (key ${KEYS[call]})`, 'aria-label': words, onclick: () => act(call) }, make('span', { class: 'lk-long' }, words), make('span', { class: 'lk-short' }, call)),
  }));
  const undo = make('button', { ...id('undo'), title: 'take the last step back (key z)', onclick: () => { walked.pop(); paint(); } }, 'undo');
  const reset = make('button', { ...id('reset'), title: 'from the beginning', onclick: () => { walked = []; paint(); } }, 'reset');
  const group = (words, calls, ...more) => make('div', { class: 'lk-bar lk-acts', role: 'group', 'aria-label': words },
    make('span', {}, words), ...buttons.filter((b) => calls.includes(b.call)).map((b) => b.node), ...more);

  function act(call) {
    if (step(call)) paint();
  }
  function paint() {
    const now = state();
    const [letter, kernel, means] = d.states[now];
    const went = new Set(walked.map((r) => `${r.state} ${r.call}`));
    boxes.forEach((b) => b.node.setAttribute('class', b.name === now ? 'lk-here' : ''));
    arrows.forEach((a) => a.node.setAttribute('class', a.from === now ? 'lk-can' : went.has(`${a.from} ${a.call}`) ? 'lk-went' : ''));
    buttons.forEach((b) => { b.node.disabled = !rule(now, b.call); });
    undo.disabled = reset.disabled = !walked.length;
    table.replaceChildren(...walked.map((r, i) => make('tr', {}, ...[`${i + 1}`, d.calls[r.call], r.returns, `${d.states[r.then][0]} ${r.then}`, r.why].map((w) => make('td', {}, w)))));
    log.scrollTop = log.scrollHeight;
    const last = walked[walked.length - 1];
    const returned = last && last.returns ? `${d.calls[last.call]} returned ${last.returns}. ` : '';
    says.replaceChildren(`${returned}Now `, make('b', {}, `${now}${letter ? `, state ${letter}` : ''}`), `${kernel ? ` (${kernel})` : ''}: ${means}`);
    picture.setAttribute('aria-label', `the kthread is ${now}${letter ? `, state letter ${letter}` : ''}: ${means}`);
    root.querySelector('small').textContent = `${walked.map((r) => r.call).join(', ') || 'nothing has happened'} → ${now}`;
    const [, , , x, , wide] = d.states[now];
    scene.scrollLeft = (x + wide / 2) * (picture.clientWidth / 760) - scene.clientWidth / 2;
    root.dataset.state = now;
  }

  const root = panel(el, d, 'kthread_states', [], scene, group('others call', d.outside),
    group('the kthread', Object.keys(d.calls).filter((call) => !d.outside.includes(call)), make('span', { style: 'flex:1' }), undo, reset), says, log);
  root.onkeydown = (event) => {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const call = Object.keys(KEYS).find((name) => KEYS[name] === event.key);
    if (call) act(call);
    else if (event.key === 'z' && walked.length) { walked.pop(); paint(); }
  };
  paint();
}
