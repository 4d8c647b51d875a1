// The schedule tree from left to right: boxes one walks with the arrow keys, results at the right, the chosen run step by step.
export default { render };

function render({ model, el }) {
  const d = JSON.parse(model.get('data'));
  const boxes = d.boxes.map(([parent, kind, steps, runs, fails, result, schedule, same, words], i) => ({
    i, kind, runs, fails, result, schedule, same, words, parent, steps: steps.map((s) => d.steps[s]), children: [], open: false,
  }));
  boxes.forEach((box) => {
    box.parent = boxes[box.parent] || null;
    box.depth = box.parent ? box.parent.depth + 1 : 0;
    if (box.parent) box.parent.children.push(box);
  });
  const deep = 1 + Math.max(...boxes.map((box) => box.depth));
  const leaves = [];
  (function collect() {
    const stack = [boxes[0]];
    while (stack.length) {
      const box = stack.pop();
      if (!box.children.length) leaves.push(box);
      stack.push(...[...box.children].reverse());
    }
  })();
  const some = d.boxes[0][3] > 0;
  const id = (part) => ({ 'data-testid': `schedule_tree-${part}` });
  const uid = Math.random().toString(36).slice(2);
  const failing = leaves.filter((box) => box.kind === 'fail');
  let now = failing[0] || leaves[0];
  let chosen = null;
  let asked = 0;
  let tight = false;
  let last = null;

  const lines = shape('svg', { class: 'lk-links', 'aria-hidden': 'true' });
  const items = make('div', { role: 'presentation' });
  const tree = make('div', {
    class: 'lk-runs', role: 'tree', tabindex: 0, 'aria-label': 'all runs; arrow keys walk, Enter chooses a run', style: `height:${d.tree}px`, ...id('tree'), onkeydown: key,
  }, lines, items);
  const says = make('div', { class: 'lk-says lk-run-says', 'aria-live': 'polite', ...id('says') });
  const detail = make('div', { class: 'lk-run-steps', tabindex: 0, role: 'region', 'aria-label': 'the steps of this run', style: `height:${d.detail}px`, ...id('steps') });
  const shown = make('div', { class: 'lk-shown', ...id('replay') });

  const ends = (box) => box.kind === 'pass' || box.kind === 'fail' || box.kind === 'open';
  const doomed = (box) => box.runs > 0 && box.fails === box.runs;
  // Where words have no room: whose turn it is, written as in a schedule.
  function names(box) {
    const turns = box.steps.reduce((all, [name]) => (all.length && all[all.length - 1][0] === name ? [...all.slice(0, -1), [name, all[all.length - 1][1] + 1]] : [...all, [name, 1]]), []);
    return turns.map(([name, n]) => (n > 2 ? `${name}*${n}` : Array(n).fill(name).join(' '))).join(' ');
  }
  // Every step from the start to the end of a box.
  function path(box) {
    const steps = [];
    for (let at = box; at; at = at.parent) steps.unshift(...at.steps);
    return steps;
  }
  const say = (step) => `${step[0]} ${step[1]}${step[2] ? `, line ${step[2]}` : ''}`;
  function about(box) {
    if (box.kind === 'more') return `${box.words.slice(2)}: not drawn`;
    if (ends(box)) return `${d.marks[box.kind]} ${box.kind === 'fail' ? 'fails: ' : box.kind === 'pass' ? 'ends with ' : ''}${box.result}`;
    const bad = doomed(box) ? 'all fail' : box.fails ? `${box.fails} of them fail` : 'none fails';
    const next = [...new Set(box.children.filter((c) => c.steps.length).map((c) => c.steps[0][0]))].join(' or ');
    return `${box.runs.toLocaleString('en')} runs go through here, ${bad}. ${next ? `The choice: ${next} goes next.` : ''}`;
  }

  function item(box) {
    const brothers = box.parent ? box.parent.children : [box];
    const tail = box.children.length && box.fails && !(tight && !box.parent) ? make('span', { class: 'lk-bad', title: `${box.fails} of ${box.runs} runs below fail` }, tight ? (doomed(box) ? '✗' : '(✗)') : doomed(box) ? '✗ all' : `✗ ${box.fails.toLocaleString('en')}/${box.runs.toLocaleString('en')}`) : '';
    const fold = box.steps.length > 1 && !tight ? make('span', { class: 'lk-twist', 'aria-hidden': 'true', title: 'one line for each step (Space)', onclick: (event) => { event.stopPropagation(); box.open = !box.open; layout(); go(box); } }, box.open ? '▾' : '▸') : '';
    const words = box.open ? box.steps.map((s) => make('div', {}, say(s))) : [make('div', {}, tight && box.steps.length ? names(box) : box.words)];
    const node = make('div', {
      role: 'treeitem', id: `${uid}-${box.i}`, class: `lk-box lk-${box.kind || (doomed(box) ? 'fail' : 'choice')}`, 'aria-level': box.depth + 1, 'aria-setsize': brothers.length,
      'aria-posinset': brothers.indexOf(box) + 1, 'aria-selected': box === chosen, 'aria-label': `${box.words}. ${about(box)}`, 'data-box': box.i,
      title: box.steps.map(say).join('\n') || box.words, onclick: () => { go(box); choose(box); },
    }, fold, make('div', { class: 'lk-words' }, ...words), tail);
    if (box.children.length) node.setAttribute('aria-expanded', true);
    const result = ends(box) ? make('div', { class: `lk-result lk-${box.kind}`, 'aria-hidden': 'true', title: box.result, onclick: () => { go(box); choose(box); } }, make('span', {}, `${d.marks[box.kind]} ${box.result}${box.runs > 1 ? ` (×${box.runs})` : ''}`)) : null;
    return { box, node, result };
  }

  // Columns by depth, a row for each leaf; a box stands in the middle of those after it.
  function layout() {
    const room = 34 + 8 * Math.max(4, ...leaves.map((box) => Math.min(34, box.result.length)));
    tight = tree.clientWidth - room < 124 * (deep - 0.4);
    const wide = Math.max(tight ? 66 : 124, Math.min(230, Math.floor((tree.clientWidth - room - 104) / Math.max(1, deep - 1))));
    const start = boxes[0].steps.length ? wide : tight ? 62 : 104;
    const left = (depth) => 2 + (depth ? start + wide * (depth - 1) : 0);
    const tall = (box) => (box.open ? 16 * box.steps.length + 12 : d.row);
    let top = 2;
    leaves.forEach((box) => { box.y = top; box.h = tall(box) - 4; top += tall(box); });
    for (const box of [...boxes].reverse()) {
      if (box.children.length) {
        const [first, last] = [box.children[0], box.children[box.children.length - 1]];
        box.h = tall(box) - 4;
        box.y = Math.max(2, (first.y + last.y + last.h - box.h) / 2);
      }
      top = Math.max(top, box.y + box.h + 4);
    }
    const right = left(deep) - 2;
    const made = boxes.map(item);
    made.forEach(({ box, node, result }) => {
      node.style.cssText = `left:${left(box.depth)}px;top:${box.y}px;height:${box.h}px;${box.kind === 'more' ? `min-width:${wide - 16}px` : `width:${left(box.depth + 1) - left(box.depth) - 16}px`}`;
      if (result) result.style.cssText = `left:${right - 6}px;top:${box.y}px;height:${box.h}px;max-width:${Math.max(100, tree.clientWidth - right - 8)}px`;
    });
    lines.setAttribute('width', right);
    lines.setAttribute('height', top);
    lines.replaceChildren(...boxes.flatMap((box) => {
      const [x, middle] = [left(box.depth), box.y + box.h / 2];
      box.links = box.parent ? [shape('path', { d: `M${x - 16} ${box.parent.y + box.parent.h / 2}C${x - 6} ${box.parent.y + box.parent.h / 2} ${x - 10} ${middle} ${x} ${middle}` })] : [];
      if (ends(box) && box.depth + 1 < deep) box.links.push(shape('path', { class: 'lk-lead', d: `M${left(box.depth + 1) - 16} ${middle}H${right - 10}` }));
      return box.links;
    }));
    made.forEach(({ box, node }) => { box.node = node; });
    items.replaceChildren(...made.flatMap(({ node, result }) => (result ? [node, result] : [node])));
    mark();
  }
  // Show which box one stands at, the way to it, and where things go on alike.
  function mark() {
    const way = new Set();
    for (let at = now; at; at = at.parent) way.add(at);
    boxes.forEach((box) => {
      box.node.classList.toggle('lk-here', box === now);
      box.node.classList.toggle('lk-way', way.has(box));
      box.node.classList.toggle('lk-same', box.same > 0 && box.same === now.same && box !== now);
      box.node.setAttribute('aria-selected', box === chosen);
      box.links.forEach((link) => {
        link.classList.toggle('lk-way', way.has(box));
        link.classList.toggle('lk-fail', doomed(box) || box.kind === 'fail');
      });
    });
    tree.setAttribute('aria-activedescendant', `${uid}-${now.i}`);
  }

  // The run as a table: a column for each thread, so that one sees whose turn each step was.
  function paintSteps() {
    const steps = path(now);
    const threads = d.threads.filter((name) => steps.some((s) => s[0] === name));
    const cell = (step, name) => make('td', { class: step[0] === name ? 'lk-on' : '' }, step[0] === name ? `${step[1]}${step[2] ? `, line ${step[2]}` : ''}` : '');
    const far = threads.length > 6;
    const head = far ? ['step', 'thread', 'does'] : ['step', ...threads];
    const body = steps.map((step, i) => make('tr', {}, make('th', { scope: 'row' }, `${i + 1}`), ...(far ? [make('td', {}, step[0]), make('td', {}, say(step))] : threads.map((name) => cell(step, name)))));
    detail.replaceChildren(make('table', {}, make('thead', {}, make('tr', {}, ...head.map((w) => make('th', { scope: 'col' }, w)))), make('tbody', {}, ...body)));
    if (!steps.length) detail.replaceChildren(make('p', {}, some ? 'the start: no thread has taken a step' : 'no runs yet'));
    const twins = now.same ? boxes.filter((b) => b.same === now.same).length - 1 : 0;
    says.replaceChildren(make('b', {}, some ? about(now) : 'nothing was explored'), ends(now) ? make('span', {}, 'schedule: ', make('code', id('schedule'), now.schedule)) : '',
      twins ? make('i', {}, `The same can happen after ${twins === 1 ? 'another box' : `${twins} other boxes`} (dotted frame).`) : '');
    says.dataset.kind = now.kind;
  }
  function go(box) {
    if (!box) return;
    now = box;
    mark();
    paintSteps();
    reveal();
  }
  // Bring the box into the tree's own window; the notebook around it stays where it is.
  function reveal() {
    const { node } = now;
    const [x, y] = [node.offsetLeft + node.offsetWidth + (ends(now) ? 110 : 20), node.offsetTop + node.offsetHeight + 6];
    tree.scrollLeft = Math.min(Math.max(tree.scrollLeft, x - tree.clientWidth), Math.max(0, node.offsetLeft - 80));
    tree.scrollTop = Math.min(Math.max(tree.scrollTop, y - tree.clientHeight), Math.max(0, node.offsetTop - 6));
  }
  function choose(box) {
    if (!ends(box)) return;
    chosen = box;
    mark();
    if (!d.replay) return;
    if (d.first && d.first.box === box.i) return void show(d.first);
    if (!model.send) return void shown.replaceChildren(make('p', {}, 'A saved picture keeps one run. To see this one, run the cell with a running Jupyter kernel.'));
    shown.dataset.waits = 'replaying this run; the Jupyter kernel answers when it is idle …';
    asked += 1;
    model.set('ask', `${asked} ${box.i}`);
    model.save_changes();
  }
  function answered() {
    const [ask, text] = JSON.parse(model.get('answer') || '["","{}"]');
    if (!chosen || ask !== `${asked} ${chosen.i}`) return;
    show(JSON.parse(text));
  }
  function show(made) {
    const { page, height, words } = (last = made);
    shown.dataset.waits = '';
    if (!page) {
      shown.replaceChildren(words ? make('p', {}, words) : '');
      return;
    }
    // A page of its own knows no theme: hand it the colours of this one.
    const style = getComputedStyle(root);
    const dark = !!el.closest('[data-jp-theme-light="false"]');
    const names = ['--jp-ui-font-color1', '--jp-ui-font-color2', '--jp-layout-color0', '--jp-layout-color2', '--jp-border-color1'];
    const colours = names.filter((n) => style.getPropertyValue(n)).map((n) => `${n}:${style.getPropertyValue(n)}`).join(';');
    const themed = page.replace('<head>', `<head><style>:root{${colours}}body{background:${style.backgroundColor}}</style>`).replace('<body>', `<body data-jp-theme-light="${!dark}">`);
    shown.replaceChildren(make('iframe', { title: words, sandbox: 'allow-scripts', style: `display:block;width:100%;height:${height}px;border:0`, srcdoc: themed }));
  }

  // In the same column the next box above or below.
  function beside(way) {
    const those = boxes.filter((box) => box.depth === now.depth && (box.y - now.y) * way > 0);
    return those.sort((a, b) => (a.y - b.y) * way)[0];
  }
  function key(event) {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const nearest = () => [...now.children].sort((a, b) => Math.abs(a.y - now.y) - Math.abs(b.y - now.y))[0];
    const act = {
      ArrowRight: () => go(nearest()), ArrowLeft: () => go(now.parent), ArrowDown: () => go(beside(1)), ArrowUp: () => go(beside(-1)),
      Home: () => go(leaves[0]), End: () => go(leaves[leaves.length - 1]), Enter: () => choose(now),
      ' ': () => { now.open = !now.open && now.steps.length > 1; layout(); go(now); }, f: () => nextFailing(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
  function nextFailing() {
    if (failing.length) go(failing[(failing.indexOf(now) + 1) % failing.length]);
  }

  const tools = failing.length ? [make('button', { ...id('failing'), title: 'go to the next run that fails (f)', onclick: nextFailing }, 'next ✗')] : [];
  const counted = d.outcomes.map(([fails, result, n]) => make('span', { class: fails ? 'lk-fail' : 'lk-pass' }, `${fails ? '✗' : '✓'} ${result}: ${n.toLocaleString('en')}`));
  const root = panel(el, d, 'schedule_tree', tools, tree, says, detail,
    make('div', { class: 'lk-legend lk-counts' }, ...counted, make('span', {}, `keys: ← → ↑ ↓ walk, Enter chooses${d.replay && model.send ? ' and replays' : ''}, Space unfolds, f next ✗`)), shown);
  model.on('change:answer', answered);
  const resized = new ResizeObserver(() => { layout(); reveal(); });
  resized.observe(tree);
  if (d.first) now = chosen = boxes[d.first.box];
  layout();
  paintSteps();
  if (d.first) show(d.first);
  // A page inside a frame does not see that the theme changes.
  const themes = new MutationObserver(() => last && last.page && show(last));
  themes.observe(document.body, { attributes: true, attributeFilter: ['data-jp-theme-name', 'data-jp-theme-light'] });
  return () => { resized.disconnect(); themes.disconnect(); };
}
