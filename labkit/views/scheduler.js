// You are the scheduler: a button for each thread. A click is a question to Python, its answer the new state.
export default { render };

function render({ model, el }) {
  let d = JSON.parse(model.get('data'));
  let asked = 0;
  let waits = false;
  const live = typeof model.send === 'function';
  const id = (part) => ({ 'data-testid': `scheduler-${part}` });
  const source = make('div', { class: 'lk-source', tabindex: 0, role: 'region', 'aria-label': 'the program; marks show the next line of each thread', ...id('source') });
  const threads = make('div', { class: 'lk-threads', role: 'group', 'aria-label': 'choose who takes the next step', ...id('threads') });
  const values = make('div', { class: 'lk-values', role: 'region', 'aria-label': 'values', ...id('values') });
  const says = make('div', { class: 'lk-says lk-verdict', 'aria-live': 'polite', ...id('says') });
  const strip = make('div', { class: 'lk-strip', tabindex: 0, role: 'region', 'aria-label': 'the steps so far', style: `height:${d.strip}px`, ...id('strip') });
  const notes = make('div', { class: 'lk-notes', tabindex: 0, role: 'region', 'aria-label': 'what to know', 'aria-live': 'polite', style: `height:${d.room - 6}px`, ...id('notes') });
  const foot = make('div', { class: 'lk-legend lk-foot' });
  const at = (line) => (line ? `, line ${line}` : '');

  function act(verb) {
    if (waits || !live) return;
    waits = true;
    asked += 1;
    root.dataset.waits = 'true';
    paintSays();
    model.set('ask', `${asked} ${verb}`);
    model.save_changes();
  }
  const tool = (part, words, title) => make('button', { ...id(part), title, onclick: () => act(part) }, words);
  const undo = tool('undo', 'undo', 'take the last step back (z)');
  const restart = tool('restart', 'restart', 'from the beginning (r)');
  const finish = tool('finish', 'let it run', 'one step for each thread in turn, until the end (e)');
  const side = make('div', { class: 'lk-side' }, threads, values);
  const pane = make('div', { class: 'lk-pane', style: `height:${d.pane}px` }, source, side);
  if (!d.source.length) pane.classList.add('lk-bare');

  function paintThreads() {
    const kinds = { RUNNABLE: 'can', BLOCKED: 'wait', EXITED: 'away' };
    const last = d.steps.length ? d.steps[d.steps.length - 1][0] : '';
    const focus = threads.contains(document.activeElement) ? document.activeElement.dataset.thread : null;
    threads.replaceChildren(make('h4', {}, d.over ? 'threads' : 'who goes next?'), ...d.threads.map(([name, status, step, line], i) => {
      const words = status === 'EXITED' ? step || 'has returned' : `${status === 'BLOCKED' ? 'waits for ' : ''}${step}`;
      const can = status === 'RUNNABLE' && !d.over;
      const node = make('button', {
        class: `lk-thread lk-${kinds[status]}`, ...id(`thread-${i}`), 'data-thread': name, title: can ? `let ${name} take one step (key ${i + 1})` : `${name} is ${d.says[status]}`,
        'aria-label': `${name}, ${d.says[status]}: ${words}${status === 'EXITED' ? '' : at(line)}`, onclick: () => act(`step ${name}`),
      }, make('b', {}, name), make('span', { class: 'lk-next-step' }, words, status === 'EXITED' ? '' : make('i', {}, at(line))), make('small', {}, `${d.says[status]}${name === last ? ', took the last step' : ''}`));
      node.disabled = !can || !live;
      return node;
    }));
    const again = focus && [...threads.querySelectorAll('button')].find((b) => b.dataset.thread === focus && !b.disabled);
    if (focus) (again || threads.querySelector('button:enabled') || restart).focus();
  }
  // The gutter is as wide as its fullest line was so far: the text of all lines stays in one column.
  let gutter = 0;
  function paintSource() {
    const full = d.source.map((_, i) => d.threads.filter(([, status, , line]) => status !== 'EXITED' && line === d.first + i).reduce((sum, [name]) => sum + 8 * name.length + 18, 6));
    gutter = Math.max(gutter, ...full);
    source.style.setProperty('--lk-gutter', `${Math.min(gutter, 160)}px`);
    source.replaceChildren(...d.source.map((text, i) => {
      const here = d.threads.filter(([, status, , line]) => status !== 'EXITED' && line === d.first + i);
      const marks = here.map(([name, status]) => make('b', { class: `lk-at lk-${status === 'BLOCKED' ? 'wait' : 'can'}`, title: `next step of ${name}` }, `${name}▸`));
      return make('div', { class: here.length ? 'lk-line lk-next-line' : 'lk-line' }, make('span', { class: 'lk-gutter' }, ...marks), make('i', {}, `${d.first + i}`), make('code', {}, text || ' '));
    }));
  }
  // A long program is scrolled to the lines that come next; the notebook around it stays where it is.
  function reveal() {
    const lines = [...source.querySelectorAll('.lk-next-line')].map((line) => line.offsetTop - source.offsetTop);
    const seen = lines.some((top) => top >= source.scrollTop && top < source.scrollTop + source.clientHeight - 19);
    if (lines.length && !seen) source.scrollTop = lines[0] - source.clientHeight / 2;
  }
  function paintValues() {
    values.replaceChildren(make('h4', {}, 'values'), make('table', {}, make('tbody', {}, ...d.values.map(([name, value, fresh]) => make('tr', { class: fresh ? 'lk-fresh' : '' },
      make('th', { scope: 'row' }, name), make('td', {}, value, fresh ? make('small', { title: 'changed by the last step' }, ' ◂ new') : ''))))));
  }
  // A row for each thread, a column for each step; below it a letter where another thread took over.
  function paintStrip() {
    const names = [...new Set([...d.threads.map((t) => t[0]), ...d.steps.map((s) => s[0])])];
    const cell = (name) => ([who, what, line], i) => make('td', who === name ? { class: 'lk-on', title: `step ${i + 1}: ${who} ${what}${at(line)}` } : {}, who === name ? `${i + 1}` : '');
    const letter = { preempt: 'p', switch: 's', '': '' };
    const rows = names.map((name) => make('tr', {}, make('th', { scope: 'row' }, name), ...d.steps.map(cell(name))));
    const came = make('tr', { class: 'lk-came' }, make('th', { scope: 'row' }, 'change'), ...d.steps.map((s) => make('td', { title: s[3] }, letter[s[3]])));
    strip.replaceChildren(make('table', {}, make('tbody', {}, ...rows, came)));
    strip.scrollLeft = strip.scrollWidth;
  }
  function paintSays() {
    const sign = { pass: '✓ ', fail: '✗ ', stuck: '✗ ' }[d.kind] || '';
    const still = live ? '' : make('i', {}, 'A saved picture of the last state: to go on, run this cell with a running Jupyter kernel.');
    says.dataset.kind = d.kind;
    says.replaceChildren(make('b', {}, sign + d.words), still, waits ? make('i', {}, 'asking the Jupyter kernel; it answers when it is idle …') : '');
  }
  function paintNotes() {
    notes.replaceChildren(...d.notes.map((note) => make('div', { class: note.startsWith(' ') ? 'lk-deep' : '' }, note.trim())));
    notes.scrollTop = 0;
  }
  function paint() {
    paintThreads();
    paintSource();
    paintValues();
    paintStrip();
    paintSays();
    paintNotes();
    reveal();
    undo.disabled = restart.disabled = !live || !d.steps.length;
    finish.disabled = !live || d.over;
    root.querySelector('small').textContent = d.describe;
    root.dataset.steps = d.steps.length;
    root.dataset.waits = waits;
    const kinds = [['p preemption', 'the thread before could have gone on'], ['s other switch', 'the thread before could not go on']];
    foot.replaceChildren(make('span', {}, 'schedule: ', make('code', { ...id('schedule'), title: d.schedule }, d.schedule || 'empty')), ...kinds.map(([words, means]) => make('span', { title: means }, words, make('span', { class: 'lk-means' }, `: ${means}`))),
      make('span', {}, 'keys: 1 2 … step, z undo, r restart, e let it run'));
  }

  const root = panel(el, d, 'scheduler', [undo, restart, finish], says, pane, strip, ...(d.room ? [notes] : []), foot);
  root.onkeydown = (event) => {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const thread = d.threads[+event.key - 1];
    const verb = { z: 'undo', r: 'restart', e: 'finish' }[event.key];
    if (thread && thread[1] === 'RUNNABLE' && !d.over) act(`step ${thread[0]}`);
    else if (verb && !{ undo, restart, finish }[verb].disabled) act(verb);
    else return;
    event.preventDefault();
  };
  model.on('change:data', () => { d = JSON.parse(model.get('data')); paint(); });
  model.on('change:answer', () => { waits = false; paint(); });
  paint();
}
