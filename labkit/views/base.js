// What every view's JavaScript shares. It stands before the view's own file in one module: no import, no build, no request.

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

// The same for a piece of an SVG picture.
function shape(tag, props = {}, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [key, value] of Object.entries(props)) node.setAttribute(key, value);
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

// A duration in the unit that reads best.
function duration(ns) {
  if (!ns) return '0';
  const [size, unit] = ns >= 1e9 ? [1e9, 's'] : ns >= 1e6 ? [1e6, 'ms'] : ns >= 1e3 ? [1e3, 'µs'] : [1, 'ns'];
  return `${+(ns / size).toPrecision(4)} ${unit}`;
}

// Whatever stands around a picture: title and buttons above it, `below` under it. JupyterLab's own shortcuts stay out of it.
function panel(el, d, name, tools, picture, ...below) {
  const root = make('div', {
    class: 'lk', style: `min-height:${d.height}px`, role: 'group', 'aria-label': `${d.heading}: ${d.describe}`,
    'data-testid': `${name}-view`, 'data-lm-suppress-shortcuts': 'true', onkeydown: (event) => event.stopPropagation(),
  },
  make('div', { class: 'lk-bar' }, make('div', { class: 'lk-title' }, d.heading, make('small', {}, d.describe)), ...tools), picture, ...below);
  el.append(root);
  return root;
}

// A panel that goes through `story.n` steps with a slider. go(step) moves; paint(step) is called after every move.
// story.say(step) says what happened; label(step), when(step), the steps `marks` that ↑ and ↓ go to, the step it starts with and the
// `unit` of a step are the view's choice.
function frame(model, el, story, name, tools, picture, paint) {
  const last = Math.max(0, story.n - 1);
  const { label = (at) => `step ${at} of ${last}`, when = () => '', marks = [] } = story;
  let step = Math.min(model.get('cursor') || story.start || 0, last);
  let waiting = 0;
  const id = (part) => ({ 'data-testid': `${name}-${part}` });
  const range = make('input', {
    type: 'range', min: 0, max: last, value: step, ...id('scrub'), 'aria-label': story.unit || 'step of the run', oninput: () => go(+range.value),
  });
  const says = make('div', { class: 'lk-says', 'aria-live': 'polite', ...id('says') });
  const button = (part, text, title, to) => make('button', { ...id(part), title, 'aria-label': title, onclick: () => go(to()) }, text);

  function show() {
    const words = story.n ? story.say(step) : 'nothing happened: the trace is empty';
    says.replaceChildren(make('b', {}, label(step)), make('i', {}, when(step)), words);
    range.value = step;
    range.setAttribute('aria-valuetext', `${label(step)}: ${words}`);
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
  // The nearest mark before or after the cursor.
  function nextMark(way) {
    const i = lastUpTo(marks, way > 0 ? step : step - 1) + (way > 0 ? 1 : 0);
    return marks[i] ?? (way > 0 ? last : 0);
  }
  const moves = {
    ArrowLeft: (e) => step - (e.shiftKey ? 10 : 1), ArrowRight: (e) => step + (e.shiftKey ? 10 : 1),
    ArrowUp: () => nextMark(-1), ArrowDown: () => nextMark(1), Home: () => 0, End: () => last,
  };
  const root = panel(el, story, name, tools, picture,
    make('div', { class: 'lk-bar' },
      button('first', '|◀', 'first step (Home)', () => 0), button('back', '◀', 'one step back (←)', () => step - 1), range,
      button('step', '▶', 'one step on (→)', () => step + 1), button('last', '▶|', 'last step (End)', () => last)),
    says);
  root.onkeydown = (event) => {
    event.stopPropagation();
    const own = event.target !== range && /^(BUTTON|INPUT|SELECT)$/.test(event.target.tagName);
    if (own || event.ctrlKey || event.metaKey || event.altKey || !moves[event.key]) return;
    event.preventDefault();
    go(moves[event.key](event));
  };
  model.on('change:cursor', () => go(model.get('cursor')));
  return { root, go, show, step: () => step };
}
