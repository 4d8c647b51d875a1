// The task forest as a tree that one walks with the arrow keys, and what there is to say of the task under the cursor.
export default { render };

function render({ model, el }) {
  const d = JSON.parse(model.get('data'));
  // PID 0 is in no list of tasks, but it is where both trees begin.
  const rows = [[-1, 'bare', 0, ' ', 'PID 0: the idle task of the boot CPU', [['is', 'parent of init (1) and kthreadd (2); /proc does not show it']]], ...d.rows]
    .map(([depth, kind, pid, state, name, facts], i) => ({ i, depth, kind, pid, state, name, facts, open: true }));
  rows.forEach((row, i) => {
    row.parent = null;
    for (let j = i - 1; j >= 0 && !row.parent; j--) if (rows[j].depth < row.depth) row.parent = rows[j];
    row.inner = !!rows[i + 1] && rows[i + 1].depth > row.depth;
  });
  let now = rows[0];
  let wish = '';
  const id = Math.random().toString(36).slice(2);
  const tree = make('div', {
    role: 'tree', tabindex: 0, 'aria-label': 'tasks by parent', style: `height:${d.tree}px`, 'data-testid': 'task_forest-tree', onkeydown: key,
  });
  const facts = make('dl', { class: 'lk-facts', 'aria-live': 'polite', style: `height:${d.tree}px`, 'data-testid': 'task_forest-facts' });
  const found = make('small', { 'data-testid': 'task_forest-found', 'aria-live': 'polite' });
  const filter = make('input', {
    type: 'search', placeholder: 'filter by name', 'aria-label': 'filter by name, pid or state letter', 'data-testid': 'task_forest-filter',
    oninput: () => { wish = filter.value.trim().toLowerCase(); paint(); },
  });
  const button = (part, text, title, open) => make('button', {
    'data-testid': `task_forest-${part}`, title, onclick: () => { rows.forEach((row) => { row.open = open || row.depth < 0; }); paint(); },
  }, text);

  const fits = (row) => row.name.toLowerCase().includes(wish) || `${row.pid}` === wish || row.state.toLowerCase() === wish;
  // The rows on the screen: those that fit the filter with all above them, or those that nothing above has closed.
  function shown() {
    if (!wish) return rows.filter((row) => { for (let up = row.parent; up; up = up.parent) if (!up.open) return false; return true; });
    const keep = new Set();
    for (const row of rows.slice(1).filter(fits)) for (let at = row; at; at = at.parent) keep.add(at);
    return rows.filter((row) => keep.has(row));
  }

  function item(row) {
    const [glyph, means] = row.pid ? d.kinds[row.kind] : ['', ''];
    const brothers = rows.filter((other) => other.parent === row.parent);
    const node = make('div', {
      role: 'treeitem', id: `${id}-${row.i}`, 'aria-level': row.depth + 2, 'aria-selected': row === now, 'aria-setsize': brothers.length,
      'aria-posinset': brothers.indexOf(row) + 1, 'aria-label': row.pid ? `${row.name}, pid ${row.pid}, state ${row.state}, ${means}` : row.name,
      style: `padding-left:${6 + (row.depth + 1) * 18}px`, class: wish && !fits(row) ? 'lk-away' : '', 'data-pid': row.pid,
      onclick: () => { go(row); }, ondblclick: () => fold(row, !row.open),
    },
    make('span', { class: 'lk-twist', 'aria-hidden': 'true', onclick: (event) => { event.stopPropagation(); go(row); fold(row, !row.open); } },
      row.inner ? (row.open || wish ? '▾' : '▸') : ''));
    if (row.inner) node.setAttribute('aria-expanded', row.open || !!wish);
    if (row.pid) node.append(make('span', { class: 'lk-glyph', 'data-kind': row.kind, title: means }, glyph), make('code', {}, row.state), make('span', { class: 'lk-pid' }, `${row.pid}`));
    node.append(row.name);
    return node;
  }

  function paint() {
    const list = shown();
    const top = tree.scrollTop;
    if (!list.includes(now)) now = list[0] || rows[0];
    tree.replaceChildren(...list.map(item));
    tree.scrollTop = top;
    tree.setAttribute('aria-activedescendant', `${id}-${now.i}`);
    facts.replaceChildren(make('h4', {}, now.name), ...now.facts.flatMap(([word, value]) => [make('dt', {}, word), make('dd', {}, value)]));
    found.textContent = wish ? `${rows.slice(1).filter(fits).length} of ${rows.length - 1}` : '';
  }
  function go(row) {
    if (!row) return;
    now = row;
    paint();
    const node = tree.querySelector(`[data-pid="${row.pid}"]`);
    const [top, below] = [node.offsetTop - tree.offsetTop, node.offsetTop - tree.offsetTop + 22 - tree.clientHeight];
    tree.scrollTop = Math.max(Math.min(tree.scrollTop, top), below);
  }
  function fold(row, open) {
    if (!row.inner) return;
    row.open = open;
    paint();
  }
  // The keys that a tree has in ARIA.
  function key(event) {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const list = shown();
    const at = list.indexOf(now);
    const act = {
      ArrowDown: () => go(list[at + 1]), ArrowUp: () => go(list[at - 1]), Home: () => go(list[0]), End: () => go(list[list.length - 1]),
      ArrowRight: () => (now.inner && !now.open ? fold(now, true) : now.inner && go(list[at + 1])),
      ArrowLeft: () => (now.inner && now.open && !wish ? fold(now, false) : go(now.parent)),
      Enter: () => fold(now, !now.open), ' ': () => fold(now, !now.open), '/': () => filter.focus(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  const kinds = Object.keys(d.kinds).filter((kind) => d.rows.some((row) => row[1] === kind));
  const legend = make('div', { class: 'lk-legend', style: 'height:62px;padding-top:4px;overflow:auto' }, ...kinds.map((kind) => make('span', {},
    make('span', { class: 'lk-glyph', 'data-kind': kind }, d.kinds[kind][0]), ` ${d.kinds[kind][1]}`)), make('span', {}, 'keys: ↑ ↓ move, → ← open and close, / filter'));
  panel(el, d, 'task_forest', [found, filter, button('close', 'close all', 'close every branch', false), button('open', 'open all', 'open every branch', true)],
    make('div', { class: 'lk-forest' }, tree, facts), legend);
  paint();
}
