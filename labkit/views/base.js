// What every view's JavaScript shares. It stands before the view's own file in one module: no import, no build, no request.
const [NEW, RUNNABLE, RUNNING, BLOCKED, EXITED] = [0, 1, 2, 3, 4];
const IN_WORDS = ['not spawned yet', 'runnable', 'running', 'blocked', 'ended'];

// Make an element: make('button', { onclick }, 'text').
function make(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (key.startsWith('on')) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

// Index of the last entry that is <= value, -1 if there is none; `sorted` is ascending.
function lastUpTo(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

// Every nth number of a flat list, from the given offset: one column of a table.
const column = (flat, width, offset) => Int32Array.from({ length: flat.length / width }, (_, i) => flat[i * width + offset]);

// A duration in the unit that reads best.
function duration(ns) {
  if (!ns) return '0';
  const [size, unit] = ns >= 1e9 ? [1e9, 's'] : ns >= 1e6 ? [1e6, 'ms'] : ns >= 1e3 ? [1e3, 'µs'] : [1, 'ns'];
  return `${+(ns / size).toPrecision(4)} ${unit}`;
}

// The story that Python packed, with questions one can ask about any step.
function readStory(model) {
  const d = JSON.parse(model.get('data'));
  const n = d.gaps_ns.length;
  const time = new Float64Array(n);
  d.gaps_ns.forEach((gap, i) => { time[i] = gap + (i ? time[i - 1] : 0); });
  const rows = d.rows.map((flat) => ({
    start: column(flat, 4, 0), state: column(flat, 4, 1), waits: column(flat, 4, 2), cpu: column(flat, 4, 3),
  }));
  const events = Int32Array.from(d.events);
  const word = (i) => d.words[i];
  const cause = (step) => d.says[events[step * 5]][1];
  const switches = Int32Array.from(Array.from({ length: n }, (_, i) => i).filter(cause));
  return {
    ...d, n, time, rows, word, cause, switches,
    // The words of an event, and its threads by row where a switch has them.
    say: (step) => d.says[events[step * 5]][0].replace(/\{(\d)\}/g, (_, i) => word(events[step * 5 + 1 + +i])),
    thread: (step, i) => events[step * 5 + 1 + i],
    // What thread `row` does after the event `step`.
    at(row, step) {
      const i = lastUpTo(rows[row].start, step);
      if (i < 0) return { state: NEW, since: -1, waits: '', cpu: 0 };
      return { state: rows[row].state[i], since: rows[row].start[i], waits: word(rows[row].waits[i]), cpu: rows[row].cpu[i] };
    },
  };
}

// A frame with title and buttons above, and below the slider and the line that says what happened.
// go(step) moves; paint(step) is called after every move. JupyterLab's own shortcuts stay out of it.
function frame(model, el, story, name, tools, picture, paint) {
  const last = Math.max(0, story.n - 1);
  let step = Math.min(model.get('cursor') || 0, last);
  let waiting = 0;
  const id = (part) => ({ 'data-testid': `${name}-${part}` });
  const range = make('input', {
    type: 'range', min: 0, max: last, value: step, ...id('scrub'), 'aria-label': 'step of the run', oninput: () => go(+range.value),
  });
  const says = make('div', { class: 'lk-says', 'aria-live': 'polite', ...id('says') });
  const button = (part, text, title, to) => make('button', { ...id(part), title, 'aria-label': title, onclick: () => go(to()) }, text);

  function show() {
    const words = story.n ? story.say(step) : 'nothing happened: the trace is empty';
    says.replaceChildren(make('b', {}, `step ${step} of ${last}`), make('i', {}, duration(story.time[step] || 0)), words);
    range.value = step;
    range.setAttribute('aria-valuetext', `step ${step}: ${words}`);
    root.dataset.step = step;
    paint(step);
  }
  function go(to) {
    const target = Math.max(0, Math.min(last, Math.round(to)));
    if (target === step) return;
    step = target;
    show();
    if (!waiting) waiting = requestAnimationFrame(tell);
  }
  function tell() {
    waiting = 0;
    model.set('cursor', step);
    model.save_changes();
  }
  // The nearest switch before or after the cursor.
  function nextSwitch(way) {
    const i = lastUpTo(story.switches, way > 0 ? step : step - 1) + (way > 0 ? 1 : 0);
    return story.switches[i] ?? (way > 0 ? last : 0);
  }
  const moves = {
    ArrowLeft: (e) => step - (e.shiftKey ? 10 : 1), ArrowRight: (e) => step + (e.shiftKey ? 10 : 1),
    ArrowUp: () => nextSwitch(-1), ArrowDown: () => nextSwitch(1), Home: () => 0, End: () => last,
  };
  const root = make('div', {
    class: 'lk', style: `min-height:${story.height}px`, role: 'group', 'aria-label': `${story.heading}: ${story.describe}`, ...id('view'),
    'data-lm-suppress-shortcuts': 'true',
    onkeydown: (event) => {
      event.stopPropagation();
      if (event.target.tagName === 'BUTTON' || event.ctrlKey || event.metaKey || event.altKey || !moves[event.key]) return;
      event.preventDefault();
      go(moves[event.key](event));
    },
  },
  make('div', { class: 'lk-bar' }, make('div', { class: 'lk-title' }, story.heading, make('small', {}, story.describe)), ...tools),
  picture,
  make('div', { class: 'lk-bar' },
    button('first', '|◀', 'first step (Home)', () => 0), button('back', '◀', 'one step back (←)', () => step - 1), range,
    button('step', '▶', 'one step on (→)', () => step + 1), button('last', '▶|', 'last step (End)', () => last)),
  says);
  el.append(root);
  model.on('change:cursor', () => go(model.get('cursor')));
  return { root, go, show, step: () => step };
}
